package io.heddle.vae;

import io.heddle.nn.GroupNorm;
import io.heddle.nn.Linear;
import io.heddle.nn.ParameterScope;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.tensor.Functional;
import io.heddle.tensor.Tensor;

/** Self-attention of one head over the cells of the bottleneck; all projections have biases. */
final class VaeAttention {
    private final GroupNorm norm;
    private final Linear toQ;
    private final Linear toK;
    private final Linear toV;
    private final Linear toOut;

    VaeAttention(ParameterScope at, int width, int groups, float epsilon) {
        norm = GroupNorm.load(at.at("group_norm"), width, groups, epsilon);
        toQ = Linear.load(at.at("to_q"), width, width);
        toK = Linear.load(at.at("to_k"), width, width);
        toV = Linear.load(at.at("to_v"), width, width);
        toOut = Linear.load(at.at("to_out.0"), width, width);
    }

    Tensor forward(Tensor x) {
        int rows = x.dim(0);
        Tensor residual = x.reshape(rows, -1, x.dim(3));
        Tensor tokens = norm.forward(residual);
        Tensor attended = Functional.attention(toQ.forward(tokens), toK.forward(tokens), toV.forward(tokens), Terms.identity(rows), 1, false);
        return toOut.forward(attended, residual).reshape(x.shape().dims());
    }
}
