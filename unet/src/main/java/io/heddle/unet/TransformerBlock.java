package io.heddle.unet;

import io.heddle.attention.Attention;
import io.heddle.attention.AttentionSite;
import io.heddle.attention.AttentionSite.Kind;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.attention.Pass;
import io.heddle.nn.LayerNorm;
import io.heddle.nn.ParameterScope;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;

/** Self-attention, cross-attention to the text, feed-forward, each on normalised tokens and added to what came in. */
final class TransformerBlock {
    private static final float EPSILON = 1e-5f;

    private final LayerNorm norm1;
    private final Attention attn1;
    private final LayerNorm norm2;
    private final Attention attn2;
    private final LayerNorm norm3;
    private final FeedForward ff;

    TransformerBlock(ParameterScope at, Stage stage, int width, int heads, int level, int crossAttentionDim) {
        norm1 = LayerNorm.load(at.at("norm1"), width, EPSILON);
        attn1 = Attention.load(at.at("attn1"), site(at.at("attn1"), stage, Kind.SELF, width, heads, level), width);
        norm2 = LayerNorm.load(at.at("norm2"), width, EPSILON);
        attn2 = Attention.load(at.at("attn2"), site(at.at("attn2"), stage, Kind.CROSS, width, heads, level), crossAttentionDim);
        norm3 = LayerNorm.load(at.at("norm3"), width, EPSILON);
        ff = new FeedForward(at.at("ff"), width);
    }

    private static AttentionSite site(ParameterScope at, Stage stage, Kind kind, int width, int heads, int level) {
        return new AttentionSite(at.path(), stage, kind, heads, width / heads, level);
    }

    Tensor forward(Tensor tokens, Extent grid, Pass pass) {
        Tensor h = pass.beforeText(attn1, () -> attn1.forward(norm1.forward(tokens), tokens, grid, pass));
        h = attn2.forward(norm2.forward(h), h, grid, pass);
        return ff.forward(norm3.forward(h), h);
    }

    Attention selfAttention() {
        return attn1;
    }

    Attention crossAttention() {
        return attn2;
    }
}
