package io.heddle.unet;

import io.heddle.nn.Linear;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Functional;
import io.heddle.tensor.Tensor;

/** The feed-forward layer of a transformer block: {@code W₂·(a ∘ gelu(g))} with {@code [a | g] = W₁·x}. Shazeer 2020. */
final class FeedForward {
    private final Linear project;
    private final Linear out;

    FeedForward(ParameterScope at, int width) {
        project = Linear.load(at.at("net.0.proj"), width, 8 * width);
        out = Linear.load(at.at("net.2"), 4 * width, width);
    }

    Tensor forward(Tensor x, Tensor residual) {
        return out.forward(Functional.geglu(project.forward(x)), residual);
    }
}
