package io.heddle.weights;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The text encoder as the OpenCLIP code names it, without its prefix, in terms of the folder layout. Stable Diffusion 2 reads the state before the last of
 * 24 layers, so the folder layout leaves that layer out, and so do files that were made from it.
 */
final class OpenClipText {
    private static final int UNUSED_LAYER = 23;
    private static final Pattern LAYER = Pattern.compile("transformer\\.resblocks\\.(\\d{1,3})\\.(.+)\\.(\\w+)");
    private static final Pattern INPUT_PROJECTION = Pattern.compile("transformer\\.resblocks\\.(\\d{1,3})\\.attn\\.in_proj_(weight|bias)");
    private static final List<String> PROJECTIONS = List.of("q_proj", "k_proj", "v_proj");
    private static final Map<String, String> PARTS = Map.of(
            "ln_1", "layer_norm1",
            "ln_2", "layer_norm2",
            "mlp.c_fc", "mlp.fc1",
            "mlp.c_proj", "mlp.fc2",
            "attn.out_proj", "self_attn.out_proj");
    private static final Map<String, String> OUTER = Map.of(
            "token_embedding.weight", "text_model.embeddings.token_embedding.weight",
            "positional_embedding", "text_model.embeddings.position_embedding.weight",
            "ln_final.weight", "text_model.final_layer_norm.weight",
            "ln_final.bias", "text_model.final_layer_norm.bias");

    private OpenClipText() {}

    /** The tensors of the folder layout that {@code tensor} becomes: three for a joint projection, none for the unused layer. */
    static Stream<StoredTensor> convert(StoredTensor tensor) {
        String name = tensor.name();
        if (OUTER.containsKey(name)) {
            return Stream.of(tensor.named(OUTER.get(name)));
        }
        Matcher projection = INPUT_PROJECTION.matcher(name);
        if (projection.matches()) {
            String attention = layer(projection.group(1)) + ".self_attn.";
            return isUnused(projection.group(1))
                    ? Stream.empty()
                    : IntStream.range(0, PROJECTIONS.size()).mapToObj(i -> tensor.part(i, PROJECTIONS.size())
                            .named(attention + PROJECTIONS.get(i) + "." + projection.group(2)));
        }
        Matcher part = LAYER.matcher(name);
        if (part.matches() && isUnused(part.group(1))) {
            return Stream.empty();
        }
        if (part.matches() && PARTS.containsKey(part.group(2))) {
            return Stream.of(tensor.named(layer(part.group(1)) + "." + PARTS.get(part.group(2)) + "." + part.group(3)));
        }
        return Stream.of(tensor.named(name));
    }

    private static boolean isUnused(String layer) {
        return Integer.parseInt(layer) == UNUSED_LAYER;
    }

    private static String layer(String number) {
        return "text_model.encoder.layers." + Integer.parseInt(number);
    }
}
