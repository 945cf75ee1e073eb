package io.heddle.clip;

import io.heddle.attention.AttentionSite;
import io.heddle.attention.Pass;
import io.heddle.nn.Embedding;
import io.heddle.nn.LayerNorm;
import io.heddle.nn.Linear;
import io.heddle.nn.Parameter;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * CLIP's text encoder: token ids to embeddings. Radford et al. 2021, section 2.4. Padding is not masked: what a prompt is padded with changes its encoding,
 * as the checkpoints expect.
 */
public final class ClipTextEncoder implements AutoCloseable {
    /** The end-of-text id of configurations that mean the largest id of the prompt. */
    private static final int LARGEST_ID = 2;

    private final ClipTextConfig config;
    private final Device device;
    private final Map<String, Parameter> parameters;
    private final Embedding tokenEmbedding;
    private final Embedding positionEmbedding;
    private final List<EncoderLayer> layers;
    private final LayerNorm finalNorm;
    private final @Nullable Linear projection;

    private ClipTextEncoder(ParameterScope root, ClipTextConfig config, boolean projects) {
        ParameterScope at = root.at("text_model");
        this.config = config;
        device = root.device();
        parameters = root.parameters();
        tokenEmbedding = Embedding.load(at.at("embeddings.token_embedding"), config.vocabularySize(), config.width());
        positionEmbedding = Embedding.load(at.at("embeddings.position_embedding"), config.contextLength(), config.width());
        layers = IntStream.range(0, config.layers()).mapToObj(k -> new EncoderLayer(at.at("encoder.layers").at(k), config)).toList();
        finalNorm = LayerNorm.load(at.at("final_layer_norm"), config.width(), config.epsilon());
        projection = projects ? Linear.loadNoBias(root.at("text_projection"), config.width(), config.projectionWidth()) : null;
    }

    /** Builds the network, taking each parameter by its checkpoint path, with the prefix {@code text_model.}. */
    public static ClipTextEncoder load(ParameterScope root, ClipTextConfig config) {
        return new ClipTextEncoder(root, config, false);
    }

    /** Builds the network with {@code text_projection}, which leads to the space that texts and pictures share. */
    public static ClipTextEncoder loadWithProjection(ParameterScope root, ClipTextConfig config) {
        return new ClipTextEncoder(root, config, true);
    }

    /** The sizes. */
    public ClipTextConfig config() {
        return config;
    }

    /** The parameters by checkpoint path. */
    public Map<String, Parameter> parameters() {
        return parameters;
    }

    /** The attention layers in the order of execution. */
    public List<AttentionSite> sites() {
        return layers.stream().map(EncoderLayer::site).toList();
    }

    /**
     * The encoding of prompts.
     *
     * @param ids one array of ids for each prompt, all of one length up to the context's
     * @throws IllegalArgumentException if an id or a length does not fit
     */
    public TextEncoding encode(int[]... ids) {
        return encode(Pass.ofText(ids.length), ids);
    }

    /** The encoding of prompts with taps on the encoder's attention. */
    public TextEncoding encode(Pass pass, int[]... ids) {
        try (Scope scope = device.scope()) {
            Tensor last = finalNorm.forward(hiddenState(pass, layers.size(), ids));
            int length = ids[0].length;
            int[] ends = IntStream.range(0, ids.length).map(n -> n * length + endOfText(ids[n])).toArray();
            Tensor pooled = last.reshape(-1, config.width()).gatherRows(ends);
            return new TextEncoding(scope.keep(last), scope.keep(pooled));
        }
    }

    /**
     * The texts in the space they share with pictures, {@code [prompts, projectionWidth]}.
     *
     * @param pooled {@code [prompts, width]}
     * @throws IllegalStateException if the encoder was loaded without its projection
     */
    public Tensor project(Tensor pooled) {
        if (projection == null) {
            throw new IllegalStateException("the text encoder was loaded without text_projection; use loadWithProjection");
        }
        return projection.forward(pooled);
    }

    /**
     * The encoding with the last {@code skipped} layers left out, after the final normalisation: the option known as clip skip.
     *
     * @throws IllegalArgumentException if there are not so many layers, or an id or a length does not fit
     */
    public Tensor encodeSkipping(int skipped, int[]... ids) {
        if (skipped < 0 || skipped > layers.size()) {
            throw new IllegalArgumentException("of " + layers.size() + " layers of the text encoder " + skipped + " cannot be skipped");
        }
        return device.tidy(() -> finalNorm.forward(hiddenState(Pass.ofText(ids.length), layers.size() - skipped, ids)));
    }

    /** The tokens after {@code depth} layers, without the final normalisation, {@code [prompts, tokens, width]}; 0 gives the embeddings. */
    public Tensor hiddenState(Pass pass, int depth, int[]... ids) {
        requireFit(pass, ids);
        return device.tidy(() -> {
            int length = ids[0].length;
            Tensor embedded = tokenEmbedding.forward(Arrays.stream(ids).flatMapToInt(Arrays::stream).toArray());
            Tensor h = embedded.reshape(ids.length, length, config.width()).plus(positionEmbedding.first(length));
            for (EncoderLayer layer : layers.subList(0, depth)) {
                h = pass.block(List.of(h), in -> layer.forward(in.getFirst(), pass));
            }
            return h;
        });
    }

    private int endOfText(int... ids) {
        int end = config.endOfText() == LARGEST_ID ? Arrays.stream(ids).max().orElseThrow() : config.endOfText();
        return IntStream.range(0, ids.length)
                .filter(i -> ids[i] == end)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a prompt holds no end token " + end));
    }

    private void requireFit(Pass pass, int[]... ids) {
        if (ids.length == 0 || ids.length != pass.rows().size()) {
            throw new IllegalArgumentException(ids.length + " prompts do not fit an evaluation of " + pass.rows().size() + " rows");
        }
        for (int[] prompt : ids) {
            if (prompt.length == 0 || prompt.length != ids[0].length || prompt.length > config.contextLength()) {
                throw new IllegalArgumentException(
                        "prompts must be of one length, 1 to " + config.contextLength() + " ids, but one has " + prompt.length
                                + " and the first " + ids[0].length);
            }
            for (int id : prompt) {
                if (id < 0 || id >= config.vocabularySize()) {
                    throw new IllegalArgumentException("token id " + id + " is not in the encoder's vocabulary of " + config.vocabularySize()
                            + ": tokenizer and text encoder are of different models");
                }
            }
        }
    }

    /** Ends the lives of the parameters. */
    @Override
    public void close() {
        ParameterScope.close(parameters);
    }
}
