package io.heddle.weights;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of the original code's autoencoder, without their prefix, in terms of the folder layout. The original counts the decoder's levels from the
 * picture, the folder layout from the latent.
 *
 * @param levels the number of levels of the decoder
 */
record CompVisVae(int levels) {
    private static final Pattern LEVEL = Pattern.compile("(en|de)coder\\.(down|up)\\.(\\d{1,3})\\.(.+)");
    private static final Pattern DECODER_LEVEL = Pattern.compile("decoder\\.up\\.(\\d{1,3})\\..+");
    private static final Pattern BLOCK = Pattern.compile("block\\.(\\d{1,3})\\.(.+)");
    private static final Pattern MIDDLE = Pattern.compile("((?:en|de)coder)\\.mid\\.(\\w+)\\.(.+)");
    private static final Map<String, String> ATTENTION = Map.of("norm", "group_norm", "q", "to_q", "k", "to_k", "v", "to_v", "proj_out", "to_out.0");

    /** The rules for a network with these names. */
    static CompVisVae of(Iterable<String> names) {
        int levels = 1;
        for (String name : names) {
            Matcher level = DECODER_LEVEL.matcher(name);
            if (level.matches()) {
                levels = Math.max(levels, Integer.parseInt(level.group(1)) + 1);
            }
        }
        return new CompVisVae(levels);
    }

    /** The name in the folder layout; names that both layouts share stay as they are. */
    String rename(String name) {
        Matcher level = LEVEL.matcher(name);
        if (level.matches()) {
            int index = Integer.parseInt(level.group(3));
            boolean down = level.group(2).equals("down");
            return level.group(1) + "coder." + level.group(2) + "_blocks." + (down ? index : levels - 1 - index) + "." + inLevel(level.group(4));
        }
        Matcher middle = MIDDLE.matcher(name);
        if (middle.matches()) {
            return middle.group(1) + ".mid_block." + inMiddle(middle.group(2), middle.group(3));
        }
        return name.replace("coder.norm_out.", "coder.conv_norm_out.");
    }

    private static String inLevel(String rest) {
        Matcher block = BLOCK.matcher(rest);
        if (block.matches()) {
            return "resnets." + block.group(1) + "." + resnet(block.group(2));
        }
        return rest.replace("downsample.conv.", "downsamplers.0.conv.").replace("upsample.conv.", "upsamplers.0.conv.");
    }

    private static String inMiddle(String part, String rest) {
        return switch (part) {
            case "block_1" -> "resnets.0." + resnet(rest);
            case "block_2" -> "resnets.1." + resnet(rest);
            case "attn_1" -> "attentions.0." + attention(rest);
            default -> part + "." + rest;
        };
    }

    private static String attention(String rest) {
        int leaf = rest.lastIndexOf('.');
        return leaf < 0 ? rest : ATTENTION.getOrDefault(rest.substring(0, leaf), rest.substring(0, leaf)) + rest.substring(leaf);
    }

    private static String resnet(String rest) {
        return rest.replace("nin_shortcut.", "conv_shortcut.");
    }
}
