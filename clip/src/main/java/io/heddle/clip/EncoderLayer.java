package io.heddle.clip;

import io.heddle.attention.Attention;
import io.heddle.attention.AttentionSite;
import io.heddle.attention.AttentionSite.Kind;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.attention.Pass;
import io.heddle.nn.LayerNorm;
import io.heddle.nn.Linear;
import io.heddle.nn.ParameterScope;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;

/** A layer of the text encoder: causal self-attention, then a feed-forward network, each on normalised tokens and added to what came in. */
final class EncoderLayer {
    private final LayerNorm norm1;
    private final Attention attention;
    private final LayerNorm norm2;
    private final Linear fc1;
    private final Linear fc2;
    private final ClipTextConfig.Activation activation;

    EncoderLayer(ParameterScope at, ClipTextConfig config) {
        int width = config.width();
        ParameterScope attn = at.at("self_attn");
        AttentionSite site = new AttentionSite(attn.path(), Stage.TEXT, Kind.SELF, config.heads(), width / config.heads(), 0);
        norm1 = LayerNorm.load(at.at("layer_norm1"), width, config.epsilon());
        attention = Attention.loadText(attn, site);
        norm2 = LayerNorm.load(at.at("layer_norm2"), width, config.epsilon());
        fc1 = Linear.load(at.at("mlp.fc1"), width, config.feedForwardWidth());
        fc2 = Linear.load(at.at("mlp.fc2"), config.feedForwardWidth(), width);
        activation = config.activation();
    }

    Tensor forward(Tensor tokens, Pass pass) {
        Tensor h = attention.forward(norm1.forward(tokens), tokens, new Extent(1, tokens.dim(1)), pass);
        Tensor inner = fc1.forward(norm2.forward(h));
        Tensor activated = switch (activation) {
            case QUICK_GELU -> inner.quickGelu();
            case GELU -> inner.gelu();
        };
        return fc2.forward(activated, h);
    }

    AttentionSite site() {
        return attention.site();
    }
}
