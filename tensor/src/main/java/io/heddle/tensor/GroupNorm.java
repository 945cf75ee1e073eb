package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.Normalization.GroupNormShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code y = γ·(x − μ)·r + β}, μ and r of each group of channels, then SiLU if asked;  {@code dx = r·(ĝ − mean ĝ − x̂·mean(ĝ·x̂))} with {@code ĝ = γ·dy}. */
record GroupNorm(Tensor x, Tensor gamma, Tensor beta, GroupNormShape sizes, float epsilon, boolean silu, Tensor statistics) implements Op {
    static GroupNorm of(Tensor x, Tensor gamma, Tensor beta, int groups, float epsilon, boolean silu) {
        int channels = x.dim(-1);
        Shape affine = Shape.of(channels);
        if (x.shape().rank() < 2 || !gamma.shape().equals(affine) || !beta.shape().equals(affine) || groups < 1 || channels % groups != 0) {
            throw new ShapeException("groupNorm with " + groups + " groups: x " + x.shape() + ", gamma " + gamma.shape() + ", beta " + beta.shape()
                    + "; expected channels last, divisible by the groups, and gamma and beta of " + affine);
        }
        int rows = x.dim(0);
        int cells = Math.toIntExact(x.shape().before(-1) / Math.max(rows, 1));
        Tensor statistics = x.device().empty(Shape.of(rows, groups, 2));
        return new GroupNorm(x, gamma, beta, new GroupNormShape(rows, cells, channels, groups), epsilon, silu, statistics);
    }

    @Override
    public String name() {
        return "groupNorm";
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
        Buffer saved = statistics.buffer();
        backend.normalization().groupNorm(x.buffer(), gamma.buffer(), beta.buffer(), sizes, epsilon, silu, out, saved);
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return List.of(x, gamma, beta, statistics);
    }

    @Override
    public @Nullable Tensor[] backward(Tensor y, Tensor dy) {
        Device device = dy.device();
        Tensor dx = needs(x) ? device.empty(x.shape()) : null;
        Tensor dGamma = needs(gamma) ? device.empty(gamma.shape()) : null;
        Tensor dBeta = needs(beta) ? device.empty(beta.shape()) : null;
        device.backend().normalization().groupNormGradient(x.buffer(), gamma.buffer(), beta.buffer(), sizes, silu, statistics.buffer(), dy.buffer(),
                Functional.buffer(dx), Functional.buffer(dGamma), Functional.buffer(dBeta));
        return new @Nullable Tensor[] {dx, dGamma, dBeta};
    }
}
