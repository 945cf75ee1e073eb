package io.heddle.attention;

/**
 * Where an attention layer sits in a network.
 *
 * @param path the checkpoint path, such as {@code up_blocks.1.attentions.0.transformer_blocks.0.attn2}
 * @param stage which part of the network
 * @param kind self- or cross-attention
 * @param heads number of heads
 * @param headDim features of a head
 * @param level how often the latent has been halved before this layer, 0 at the finest
 */
public record AttentionSite(String path, Stage stage, Kind kind, int heads, int headDim, int level) {
    /** The parts of the networks. */
    public enum Stage {
        /** The UNet's encoder. */
        DOWN,
        /** The UNet's bottleneck. */
        MID,
        /** The UNet's decoder. */
        UP,
        /** The text encoder. */
        TEXT
    }

    /** What the keys are made of. */
    public enum Kind {
        /** Keys from the same tokens as the queries. */
        SELF,
        /** Keys from the text. */
        CROSS
    }

    /** Whether the keys come from the text. */
    public boolean isCross() {
        return kind == Kind.CROSS;
    }
}
