package io.heddle.weights;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Brings the spellings that different versions of the reference libraries write to one: the names that the networks ask for. */
final class ComponentNames {
    private static final String TEXT_PREFIX = "text_model.";
    private static final Pattern UNPREFIXED_TEXT = Pattern.compile("(embeddings|encoder|final_layer_norm)\\..*");
    private static final Pattern IGNORABLE_TEXT = Pattern
            .compile("text_model\\.embeddings\\.position_ids|text_projection\\.weight|logit_scale|vision_model\\..*|visual_projection\\.weight");
    private static final Pattern VAE_ATTENTION = Pattern.compile("((?:en|de)coder\\.mid_block\\.attentions\\.0)\\.(\\w+(?:\\.0)?)\\.(weight|bias)");
    private static final Map<String, String> OLD_VAE_ATTENTION = Map.of("query", "to_q", "key", "to_k", "value", "to_v", "proj_attn", "to_out.0");

    private ComponentNames() {}

    /** The view of {@code checkpoint} under the names of {@code component}. */
    static Checkpoint canonical(Component component, Checkpoint checkpoint) {
        return switch (component) {
            case UNET -> checkpoint;
            case VAE -> checkpoint.converted(ComponentNames::vae);
            case TEXT_ENCODER -> checkpoint.renamed(ComponentNames::text).ignoring(IGNORABLE_TEXT.asMatchPredicate());
        };
    }

    /** Libraries since transformers 5.6 may leave the prefix out. */
    private static String text(String name) {
        return UNPREFIXED_TEXT.matcher(name).matches() ? TEXT_PREFIX + name : name;
    }

    /** Files of the first versions call the attention's matrices otherwise and store them as 1x1 convolutions. */
    private static Stream<StoredTensor> vae(StoredTensor tensor) {
        Matcher matcher = VAE_ATTENTION.matcher(tensor.name());
        if (!matcher.matches()) {
            return Stream.of(tensor);
        }
        String layer = OLD_VAE_ATTENTION.getOrDefault(matcher.group(2), matcher.group(2));
        return Stream.of(squeezed(tensor).named(matcher.group(1) + "." + layer + "." + matcher.group(3)));
    }

    /** A matrix for the kernel of a 1x1 convolution, anything else unchanged. */
    static StoredTensor squeezed(StoredTensor tensor) {
        List<Long> shape = tensor.shape();
        boolean convolution = shape.size() > 2 && shape.stream().skip(2).allMatch(extent -> extent == 1);
        return convolution ? tensor.reshaped(shape.subList(0, 2)) : tensor;
    }
}
