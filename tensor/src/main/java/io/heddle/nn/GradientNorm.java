package io.heddle.nn;

import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;

/** The common length of all gradients of a step, and the factor that bounds it. Pascanu et al. 2013, algorithm 1. */
public final class GradientNorm {
    private static final double EPSILON = 1e-6;

    private GradientNorm() {}

    /** The sum of a gradient's squares; the sums of all gradients add up to the square of their norm. */
    public static double squared(Tensor gradient) {
        Device device = gradient.device();
        try (Scope _ = device.scope()) {
            return gradient.square().sum().item();
        }
    }

    /** The factor for all gradients that brings their norm down to {@code limit}; 1 if it is not longer. */
    public static float clipping(double norm, double limit) {
        return (float) Math.min(1, limit / (norm + EPSILON));
    }
}
