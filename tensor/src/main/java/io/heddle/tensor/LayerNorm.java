package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code y = γ·(x − μ)·r + β} over the last axis;  gradients as {@link GroupNorm}'s with the run as the group. */
record LayerNorm(Tensor x, Tensor gamma, Tensor beta, float epsilon, Tensor statistics) implements Op {
    static LayerNorm of(Tensor x, Tensor gamma, Tensor beta, float epsilon) {
        Shape affine = Shape.of(x.dim(-1));
        if (!gamma.shape().equals(affine) || !beta.shape().equals(affine)) {
            throw new ShapeException(
                    "layerNorm of " + x.shape() + ": expected gamma and beta of " + affine + ", found " + gamma.shape() + " and " + beta.shape());
        }
        return new LayerNorm(x, gamma, beta, epsilon, x.device().empty(Shape.of(Math.toIntExact(x.shape().before(-1)), 2)));
    }

    @Override
    public String name() {
        return "layerNorm";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x, gamma, beta);
    }

    @Override
    public Shape shape() {
        return x.shape();
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        backend.normalization().layerNorm(x.buffer(), gamma.buffer(), beta.buffer(), x.dim(-1), epsilon, out, statistics.buffer());
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return List.of(x, gamma, statistics);
    }

    @Override
    public @Nullable Tensor[] backward(Tensor y, Tensor dy) {
        Device device = dy.device();
        Tensor dx = needs(x) ? device.empty(x.shape()) : null;
        Tensor dGamma = needs(gamma) ? device.empty(gamma.shape()) : null;
        Tensor dBeta = needs(beta) ? device.empty(beta.shape()) : null;
        device.backend().normalization().layerNormGradient(x.buffer(), gamma.buffer(), x.dim(-1), statistics.buffer(), dy.buffer(),
                Functional.buffer(dx), Functional.buffer(dGamma), Functional.buffer(dBeta));
        return new @Nullable Tensor[] {dx, dGamma, dBeta};
    }
}
