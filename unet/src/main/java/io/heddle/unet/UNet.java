package io.heddle.unet;

import io.heddle.attention.Attention;
import io.heddle.attention.AttentionPlan;
import io.heddle.attention.AttentionSite;
import io.heddle.attention.Pass;
import io.heddle.attention.RepeatablePass;
import io.heddle.nn.Conv2d;
import io.heddle.nn.GroupNorm;
import io.heddle.nn.Parameter;
import io.heddle.nn.ParameterScope;
import io.heddle.spi.Extent;
import io.heddle.tensor.CapturedFunctions;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Shape;
import io.heddle.tensor.ShapeException;
import io.heddle.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The denoising network of Stable Diffusion: predicts the noise in a latent from the latent, the step and the text. Rombach et al. 2022, figure 3. */
public final class UNet implements AutoCloseable {
    private final UNetConfig config;
    private final Map<String, Parameter> parameters;
    private final Conv2d convIn;
    private final TimeEmbedding time;
    private final List<DownBlock> downBlocks;
    private final @Nullable MidBlock midBlock;
    private final List<UpBlock> upBlocks;
    private final GroupNorm normOut;
    private final Conv2d convOut;
    private final @Nullable CapturedFunctions captured;

    private UNet(ParameterScope at, UNetConfig config) {
        int levels = config.levels().size();
        this.config = config;
        parameters = at.parameters();
        convIn = Conv2d.load3x3(at.at("conv_in"), config.inChannels(), config.baseChannels());
        time = new TimeEmbedding(at.at("time_embedding"), config);
        downBlocks = IntStream.range(0, levels).mapToObj(i -> new DownBlock(at.at("down_blocks").at(i), config, i)).toList();
        midBlock = config.midBlock() ? new MidBlock(at.at("mid_block"), config) : null;
        upBlocks = IntStream.range(0, levels).mapToObj(i -> new UpBlock(at.at("up_blocks").at(i), config, i)).toList();
        normOut = GroupNorm.load(at.at("conv_norm_out"), config.baseChannels(), config.groups(), config.epsilon());
        convOut = Conv2d.load3x3(at.at("conv_out"), config.baseChannels(), config.outChannels());
        captured = CapturedFunctions.on(at.device()).orElse(null);
    }

    /** Builds the network, taking each parameter by its checkpoint path. */
    public static UNet load(ParameterScope at, UNetConfig config) {
        return new UNet(at, config);
    }

    /** The sizes. */
    public UNetConfig config() {
        return config;
    }

    /** The parameters by checkpoint path. */
    public Map<String, Parameter> parameters() {
        return parameters;
    }

    /**
     * The prediction for a batch. A device that gains by it records the evaluation and repeats it as a whole for others that differ in tensors alone: latents,
     * timesteps, texts, coefficients of injections. Evaluations with other taps than injections, for gradients or with a shared prefix go call by call.
     *
     * @param latents {@code [latents, height, width, 4]}
     * @param pass the step, the rows, the text, the taps
     * @return {@code [rows, height, width, 4]}: noise or velocity, as the checkpoint was trained
     * @throws ShapeException if the latents do not fit the pass or the network
     */
    public Tensor predict(Tensor latents, Pass pass) {
        return predict(latents, pass, pass.step().timestep());
    }

    /** The prediction with a timestep for each latent instead of the step's, as training has it. */
    public Tensor predict(Tensor latents, Pass pass, double... timesteps) {
        requireFit(latents, pass);
        return latents.device().tidy(() -> {
            Tensor waves = time.waves(latents.device(), timesteps);
            return repeatable(latents, pass)
                    .map(evaluation -> repeat(latents, waves, evaluation))
                    .orElseGet(() -> run(latents, waves, pass, Set.of(), new LinkedHashMap<>()));
        });
    }

    /** The evaluation taken apart, where the device repeats what it has recorded and no gradient is asked for. */
    private Optional<RepeatablePass> repeatable(Tensor latents, Pass pass) {
        if (captured == null || latents.isRecorded() || parameters.values().stream().anyMatch(Parameter::isWatched)) {
            return Optional.empty();
        }
        Extent size = new Extent(latents.dim(1), latents.dim(2));
        return RepeatablePass.of(pass, attentions().toList(), site -> grid(site, size));
    }

    /** Other weights are another plan, as a backend may have recorded layouts that it derived from them. */
    private Tensor repeat(Tensor latents, Tensor waves, RepeatablePass evaluation) {
        long weights = parameters.values().stream().mapToLong(parameter -> parameter.tensor().version()).max().orElse(0);
        List<Tensor> arguments = new ArrayList<>(List.of(latents, waves));
        arguments.addAll(evaluation.tensors());
        return captured.apply(
                List.of(weights, evaluation.plan()),
                arguments,
                Shape.of(evaluation.rows(), latents.dim(1), latents.dim(2), config.outChannels()),
                in -> run(in.get(0), in.get(1), evaluation.with(in.subList(2, in.size())), Set.of(), new LinkedHashMap<>()));
    }

    /**
     * The outputs of blocks, stopping after the last one asked for.
     *
     * @param names of {@code down_blocks.i}, {@code mid_block} where there is one, and {@code up_blocks.i}, {@code i} from 0
     * @return name to {@code [rows, height, width, channels]}, in the order of execution
     */
    public Map<String, Tensor> features(Tensor latents, Pass pass, Set<String> names) {
        requireFit(latents, pass);
        Map<String, Tensor> features = new LinkedHashMap<>();
        try (Scope scope = latents.device().scope()) {
            run(latents, time.waves(latents.device(), pass.step().timestep()), pass, names, features);
            features.values().forEach(scope::keep);
        }
        if (features.size() != names.size()) {
            throw new IllegalArgumentException("unknown features among " + names + "; blocks are named " + blockNames().toList());
        }
        return features;
    }

    private @Nullable Tensor run(Tensor latents, Tensor waves, Pass pass, Set<String> wanted, Map<String, Tensor> features) {
        Tensor t = pass.beforeText(time, () -> time.forward(waves).silu()); // [1, 1280]
        Deque<Tensor> skips = new ArrayDeque<>();
        Tensor h = pass.beforeText(convIn, () -> convIn.forward(latents)); // [latents, 64, 64, 320]
        skips.push(h);
        for (int i = 0; i < downBlocks.size(); i++) {
            h = downBlocks.get(i).forward(h, t, pass, skips); // … [rows, 8, 8, 1280]
            if (isLast("down_blocks." + i, h, pass, wanted, features)) {
                return null;
            }
        }
        if (midBlock != null) {
            h = midBlock.forward(h, t, pass);
            if (isLast("mid_block", h, pass, wanted, features)) {
                return null;
            }
        }
        for (int i = 0; i < upBlocks.size(); i++) {
            UpBlock block = upBlocks.get(i);
            Tensor below = h;
            h = below.device().tidy(() -> block.forward(below, t, pass, skips)); // … [rows, 64, 64, 320]
            if (isLast("up_blocks." + i, h, pass, wanted, features)) {
                return null;
            }
        }
        return convOut.forward(normOut.forwardSilu(h)); // [rows, 64, 64, 4]
    }

    private static boolean isLast(String name, Tensor h, Pass pass, Set<String> wanted, Map<String, Tensor> features) {
        if (wanted.contains(name)) {
            features.put(name, pass.spread(h));
        }
        return !wanted.isEmpty() && features.size() == wanted.size();
    }

    private void requireFit(Tensor latents, Pass pass) {
        if (latents.shape().rank() != 4 || latents.dim(3) != config.inChannels() || latents.dim(0) != pass.latents()) {
            throw new ShapeException(
                    "the UNet needs latents [" + pass.latents() + ", height, width, " + config.inChannels() + "], found " + latents.shape());
        }
    }

    private Stream<String> blockNames() {
        return Stream.of(
                IntStream.range(0, downBlocks.size()).mapToObj(i -> "down_blocks." + i),
                Stream.ofNullable(midBlock).map(_ -> "mid_block"),
                IntStream.range(0, upBlocks.size()).mapToObj(i -> "up_blocks." + i))
                .flatMap(names -> names);
    }

    /** The attention layers in the order of execution. */
    public List<AttentionSite> sites() {
        return attentions().map(Attention::site).toList();
    }

    private Stream<Attention> attentions() {
        Stream<Attention> down = downBlocks.stream().flatMap(DownBlock::attentions);
        Stream<Attention> up = upBlocks.stream().flatMap(UpBlock::attentions);
        Stream<Attention> mid = Stream.ofNullable(midBlock).flatMap(MidBlock::attentions);
        return Stream.of(down, mid, up).flatMap(layers -> layers);
    }

    /** The grid of an attention layer for a latent of a given size. */
    public static Extent grid(AttentionSite site, Extent latent) {
        Extent grid = latent;
        for (int i = 0; i < site.level(); i++) {
            grid = new Extent((grid.height() + 1) / 2, (grid.width() + 1) / 2);
        }
        return grid;
    }

    /** What each attention layer would do in an evaluation, without running it. */
    public AttentionPlan plan(Extent latent, Pass pass) {
        return new AttentionPlan(attentions()
                .map(layer -> AttentionPlan.line(layer.call(grid(layer.site(), latent), pass), pass.taps()))
                .toList());
    }

    /** Ends the lives of the parameters. */
    @Override
    public void close() {
        if (captured != null) {
            captured.close();
        }
        ParameterScope.close(parameters);
    }
}
