package io.heddle.weights;

import io.heddle.files.AtomicFile.Existing;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Writes models the way the original code names them: from the folder layout's names to the original ones, the opposite direction of the product. */
final class CompVisLayout {
    static final String UNET = "model.diffusion_model.";
    static final String VAE = "first_stage_model.";
    static final String CLIP = "cond_stage_model.transformer.";
    static final String OPEN_CLIP = "cond_stage_model.model.";
    static final String UNUSED_LAYER = "resblocks.23.";

    private CompVisLayout() {}

    /** All tensors of a Stable Diffusion 1 file. */
    static SequencedMap<String, StoredTensor> stableDiffusion1(
            Collection<StoredTensor> unet, int layersPerBlock, Collection<StoredTensor> vae, Collection<StoredTensor> text) {
        SequencedMap<String, StoredTensor> file = imageNetworks(unet, layersPerBlock, vae);
        text.forEach(tensor -> put(file, tensor.named(CLIP + tensor.name())));
        put(file, filler(CLIP + "text_model.embeddings.position_ids", StoredType.I64, 1L, 77L));
        return file;
    }

    /** All tensors of a Stable Diffusion 2 file, whose text encoder has a layer 23, which is not used. */
    static SequencedMap<String, StoredTensor> stableDiffusion2(
            Collection<StoredTensor> unet, int layersPerBlock, Collection<StoredTensor> vae, Collection<StoredTensor> text) {
        SequencedMap<String, StoredTensor> file = imageNetworks(unet, layersPerBlock, vae);
        SequencedMap<String, StoredTensor> byName = new LinkedHashMap<>();
        text.forEach(tensor -> byName.put(tensor.name(), tensor));
        for (StoredTensor tensor : text) {
            if (tensor.name().contains(".q_proj.")) {
                put(file, joined(tensor, byName));
            } else if (!tensor.name().contains(".k_proj.") && !tensor.name().contains(".v_proj.")) {
                put(file, tensor.named(openClip(tensor.name())));
            }
        }
        List<StoredTensor> first = file.values().stream().filter(tensor -> tensor.name().contains("resblocks.0.")).toList();
        first.forEach(tensor -> put(file, tensor.named(tensor.name().replace("resblocks.0.", UNUSED_LAYER))));
        put(file, filler(OPEN_CLIP + "text_projection", StoredType.F32, 4L, 4L));
        put(file, filler(OPEN_CLIP + "logit_scale", StoredType.F32));
        return file;
    }

    /** Writes tensors under their names to a new file. */
    static Path write(Path target, Collection<StoredTensor> tensors) {
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        tensors.forEach(writer::addStored);
        writer.write(target, Existing.REFUSE);
        return target;
    }

    private static SequencedMap<String, StoredTensor> imageNetworks(Collection<StoredTensor> unet, int layersPerBlock, Collection<StoredTensor> vae) {
        SequencedMap<String, StoredTensor> file = new LinkedHashMap<>();
        boolean[] attention = new boolean[10];
        unet.forEach(tensor -> match("up_blocks\\.(\\d)\\.attentions.*", tensor.name()).forEach(m -> attention[number(m, 1)] = true));
        unet.forEach(tensor -> put(file, tensor.named(UNET + unetName(tensor.name(), layersPerBlock + 1, attention))));
        int levels = (int) vae.stream().filter(t -> t.name().matches("decoder\\.up_blocks\\.\\d\\.resnets\\.0\\.norm1\\.weight")).count();
        vae.forEach(tensor -> put(file, convolution(tensor).named(VAE + vaeName(tensor.name(), levels))));
        put(file, filler("alphas_cumprod", StoredType.F32, 10L));
        put(file, filler("model_ema.decay", StoredType.F32));
        return file;
    }

    private static String unetName(String name, int per, boolean[] attention) {
        String plain = name.replace("time_embedding.linear_1.", "time_embed.0.")
                .replace("time_embedding.linear_2.", "time_embed.2.")
                .replace("conv_norm_out.", "out.0.")
                .replaceFirst("^conv_out\\.", "out.2.")
                .replaceFirst("^conv_in\\.", "input_blocks.0.0.")
                .replaceFirst("^mid_block\\.resnets\\.0\\.", "middle_block.0.")
                .replaceFirst("^mid_block\\.attentions\\.0\\.", "middle_block.1.")
                .replaceFirst("^mid_block\\.resnets\\.1\\.", "middle_block.2.");
        plain = replaced(plain, "down_blocks\\.(\\d)\\.resnets\\.(\\d)\\.", m -> "input_blocks." + (1 + number(m, 1) * per + number(m, 2)) + ".0.");
        plain = replaced(plain, "down_blocks\\.(\\d)\\.attentions\\.(\\d)\\.",
                m -> "input_blocks." + (1 + number(m, 1) * per + number(m, 2)) + ".1.");
        plain = replaced(plain, "down_blocks\\.(\\d)\\.downsamplers\\.0\\.conv\\.", m -> "input_blocks." + (number(m, 1) + 1) * per + ".0.op.");
        plain = replaced(plain, "up_blocks\\.(\\d)\\.resnets\\.(\\d)\\.", m -> "output_blocks." + (number(m, 1) * per + number(m, 2)) + ".0.");
        plain = replaced(plain, "up_blocks\\.(\\d)\\.attentions\\.(\\d)\\.", m -> "output_blocks." + (number(m, 1) * per + number(m, 2)) + ".1.");
        plain = replaced(
                plain,
                "up_blocks\\.(\\d)\\.upsamplers\\.0\\.conv\\.",
                m -> "output_blocks." + (number(m, 1) * per + per - 1) + (attention[number(m, 1)] ? ".2.conv." : ".1.conv."));
        boolean resnet = plain.matches("(input|output)_blocks\\.\\d+\\.0\\..*|middle_block\\.[02]\\..*") && !plain.startsWith("input_blocks.0.");
        return !resnet
                ? plain
                : plain.replace(".norm1.", ".in_layers.0.")
                        .replace(".conv1.", ".in_layers.2.")
                        .replace(".time_emb_proj.", ".emb_layers.1.")
                        .replace(".norm2.", ".out_layers.0.")
                        .replace(".conv2.", ".out_layers.3.")
                        .replace(".conv_shortcut.", ".skip_connection.");
    }

    private static String vaeName(String name, int levels) {
        String plain = name.replace(".conv_norm_out.", ".norm_out.")
                .replace(".mid_block.resnets.0.", ".mid.block_1.")
                .replace(".mid_block.resnets.1.", ".mid.block_2.")
                .replace(".mid_block.attentions.0.", ".mid.attn_1.")
                .replace(".group_norm.", ".norm.")
                .replace(".to_q.", ".q.")
                .replace(".to_k.", ".k.")
                .replace(".to_v.", ".v.")
                .replace(".to_out.0.", ".proj_out.")
                .replace(".conv_shortcut.", ".nin_shortcut.");
        plain = replaced(plain, "\\.down_blocks\\.(\\d)\\.", m -> ".down." + m.group(1) + ".");
        plain = replaced(plain, "\\.up_blocks\\.(\\d)\\.", m -> ".up." + (levels - 1 - number(m, 1)) + ".");
        return plain.replace(".resnets.", ".block.").replace(".downsamplers.0.", ".downsample.").replace(".upsamplers.0.", ".upsample.");
    }

    private static StoredTensor convolution(StoredTensor tensor) {
        boolean matrix = tensor.name().matches(".*attentions\\.0\\.to_.*weight");
        return matrix ? tensor.reshaped(Stream.concat(tensor.shape().stream(), Stream.of(1L, 1L)).toList()) : tensor;
    }

    private static String openClip(String name) {
        return OPEN_CLIP
                + name.replace("text_model.embeddings.token_embedding.", "token_embedding.")
                        .replace("text_model.embeddings.position_embedding.weight", "positional_embedding")
                        .replace("text_model.final_layer_norm.", "ln_final.")
                        .replace("text_model.encoder.layers.", "transformer.resblocks.")
                        .replace(".layer_norm1.", ".ln_1.")
                        .replace(".layer_norm2.", ".ln_2.")
                        .replace(".mlp.fc1.", ".mlp.c_fc.")
                        .replace(".mlp.fc2.", ".mlp.c_proj.")
                        .replace(".self_attn.out_proj.", ".attn.out_proj.")
                        .replace(".self_attn.q_proj.", ".attn.in_proj_");
    }

    private static StoredTensor joined(StoredTensor query, SequencedMap<String, StoredTensor> byName) {
        List<StoredTensor> parts = Stream.of("q_proj", "k_proj", "v_proj").map(p -> byName.get(query.name().replace("q_proj", p))).toList();
        byte[] bytes = new byte[(int) parts.stream().mapToLong(part -> part.bytes().byteSize()).sum()];
        int end = 0;
        for (StoredTensor part : parts) {
            byte[] piece = part.bytes().toArray(ValueLayout.JAVA_BYTE);
            System.arraycopy(piece, 0, bytes, end, piece.length);
            end += piece.length;
        }
        List<Long> shape = new ArrayList<>(query.shape());
        shape.set(0, 3 * shape.getFirst());
        return new StoredTensor(openClip(query.name()), query.type(), shape, query.file(), MemorySegment.ofArray(bytes));
    }

    /** A tensor of zeros. */
    static StoredTensor filler(String name, StoredType type, Long... shape) {
        long elements = Stream.of(shape).reduce(1L, (a, b) -> a * b);
        return new StoredTensor(
                name, type, List.of(shape), Path.of("filler"), MemorySegment.ofArray(new byte[(int) elements * type.bits() / Byte.SIZE]));
    }

    private static void put(SequencedMap<String, StoredTensor> file, StoredTensor tensor) {
        if (file.put(tensor.name(), tensor) != null) {
            throw new AssertionError(tensor.name() + " twice");
        }
    }

    private static String replaced(String name, String pattern, Function<MatchResult, String> replacement) {
        return Pattern.compile(pattern).matcher(name).replaceFirst(replacement);
    }

    private static Stream<MatchResult> match(String pattern, String name) {
        return Pattern.compile(pattern).matcher(name).results();
    }

    private static int number(MatchResult match, int group) {
        return Integer.parseInt(match.group(group));
    }
}
