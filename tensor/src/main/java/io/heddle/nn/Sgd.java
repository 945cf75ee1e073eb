package io.heddle.nn;

import io.heddle.tensor.Scope;
import io.heddle.tensor.Shape;
import io.heddle.tensor.ShapeException;
import io.heddle.tensor.Tensor;
import java.util.Map;

/**
 * The state of stochastic gradient descent with momentum for one tensor: {@code m ← μ·m + g + λ·w, w ← w − η·m}, as PyTorch has it. Polyak 1964;
 * Sutskever et al. 2013, section 2.
 */
public final class Sgd implements Optimiser {
    private final Tensor velocity;
    private final float momentum;
    private final float weightDecay;

    private Sgd(Tensor like, double momentum, double weightDecay) {
        this.velocity = like.device().zeros(like.shape()).unscoped();
        this.momentum = (float) momentum;
        this.weightDecay = (float) weightDecay;
    }

    /**
     * Descent for tensors like one.
     *
     * @param momentum share of the last step's direction that is kept; 0 for none
     * @param weightDecay λ, added to the gradient; 0 for none
     */
    public static Sgd of(Tensor like, double momentum, double weightDecay) {
        return new Sgd(like, momentum, weightDecay);
    }

    @Override
    public void step(Tensor value, Tensor gradient, double learningRate) {
        Shape shape = velocity.shape();
        if (!value.shape().equals(shape) || !gradient.shape().equals(shape)) {
            throw new ShapeException("SGD of " + shape + " got a value of " + value.shape() + " and a gradient of " + gradient.shape());
        }
        try (Scope _ = value.device().scope()) {
            Tensor pull = weightDecay == 0 ? gradient : gradient.plus(value.times(weightDecay));
            velocity.assign(velocity.times(momentum).plus(pull));
            value.assign(value.minus(velocity.times((float) learningRate)));
        }
    }

    @Override
    public Map<String, Tensor> state() {
        return Map.of("velocity", velocity);
    }

    @Override
    public void close() {
        velocity.close();
    }
}
