package io.heddle.weights;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of the original code's UNet, without their prefix, in terms of the folder layout. The original numbers all blocks in one sequence, where the
 * folder layout has levels.
 *
 * @param perLevel blocks of one level in that sequence: the residual layers and the resampling, so one more than {@code layers_per_block}
 */
record CompVisUNet(int perLevel) {
    private static final Pattern BLOCK = Pattern.compile("(input|output)_blocks\\.(\\d{1,3})\\.(\\d)\\.(.+)");
    private static final Pattern MIDDLE = Pattern.compile("middle_block\\.(\\d)\\.(.+)");
    private static final Pattern DOWNSAMPLER = Pattern.compile("input_blocks\\.(\\d{1,3})\\.0\\.op\\.weight");
    private static final Pattern OUTPUT = Pattern.compile("output_blocks\\.(\\d{1,3})\\.0\\.in_layers\\.0\\.weight");
    private static final Map<String, String> OUTER = Map.of(
            "time_embed.0", "time_embedding.linear_1", "time_embed.2", "time_embedding.linear_2", "out.0", "conv_norm_out", "out.2", "conv_out");
    private static final Map<String, String> RESNET = Map.of(
            "in_layers.0", "norm1",
            "in_layers.2", "conv1",
            "emb_layers.1", "time_emb_proj",
            "out_layers.0", "norm2",
            "out_layers.3", "conv2",
            "skip_connection", "conv_shortcut");

    /** The rules for a network with these names: its first downsampler, or else its number of output blocks, tells the size of a level. */
    static CompVisUNet of(Iterable<String> names) {
        int firstDownsampler = Integer.MAX_VALUE;
        int outputs = 1;
        for (String name : names) {
            Matcher downsampler = DOWNSAMPLER.matcher(name);
            Matcher output = OUTPUT.matcher(name);
            if (downsampler.matches()) {
                firstDownsampler = Math.min(firstDownsampler, Math.max(1, Integer.parseInt(downsampler.group(1))));
            } else if (output.matches()) {
                outputs = Math.max(outputs, Integer.parseInt(output.group(1)) + 1);
            }
        }
        return new CompVisUNet(firstDownsampler < Integer.MAX_VALUE ? firstDownsampler : outputs);
    }

    /** The name in the folder layout; empty for a name that is not of this network. */
    Optional<String> rename(String name) {
        int leaf = name.lastIndexOf('.');
        String layer = leaf < 0 ? name : name.substring(0, leaf);
        if (OUTER.containsKey(layer)) {
            return Optional.of(OUTER.get(layer) + name.substring(leaf));
        }
        Matcher middle = MIDDLE.matcher(name);
        if (middle.matches()) {
            return middle(Integer.parseInt(middle.group(1)), middle.group(2));
        }
        Matcher block = BLOCK.matcher(name);
        if (!block.matches()) {
            return Optional.empty();
        }
        int number = Integer.parseInt(block.group(2));
        int part = Integer.parseInt(block.group(3));
        return block.group(1).equals("input") ? input(number, part, block.group(4)) : output(number, part, block.group(4));
    }

    private Optional<String> input(int block, int part, String rest) {
        if (block == 0) {
            return part == 0 ? Optional.of("conv_in." + rest) : Optional.empty();
        }
        String level = "down_blocks." + (block - 1) / perLevel;
        int layer = (block - 1) % perLevel;
        return switch (part) {
            case 0 -> Optional.of(rest.startsWith("op.")
                    ? level + ".downsamplers.0.conv" + rest.substring(2)
                    : level + ".resnets." + layer + "." + resnet(rest));
            case 1 -> Optional.of(level + ".attentions." + layer + "." + rest);
            default -> Optional.empty();
        };
    }

    private Optional<String> output(int block, int part, String rest) {
        String level = "up_blocks." + block / perLevel;
        int layer = block % perLevel;
        if (part > 0 && rest.startsWith("conv.")) {
            return Optional.of(level + ".upsamplers.0." + rest);
        }
        return switch (part) {
            case 0 -> Optional.of(level + ".resnets." + layer + "." + resnet(rest));
            case 1 -> Optional.of(level + ".attentions." + layer + "." + rest);
            default -> Optional.empty();
        };
    }

    private static Optional<String> middle(int part, String rest) {
        return switch (part) {
            case 0, 2 -> Optional.of("mid_block.resnets." + part / 2 + "." + resnet(rest));
            case 1 -> Optional.of("mid_block.attentions.0." + rest);
            default -> Optional.empty();
        };
    }

    private static String resnet(String rest) {
        int leaf = rest.lastIndexOf('.');
        return leaf < 0 ? rest : RESNET.getOrDefault(rest.substring(0, leaf), rest.substring(0, leaf)) + rest.substring(leaf);
    }
}
