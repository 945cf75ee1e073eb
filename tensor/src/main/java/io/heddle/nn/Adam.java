package io.heddle.nn;

import io.heddle.spi.Optimisation.AdamStep;
import io.heddle.tensor.Shape;
import io.heddle.tensor.ShapeException;
import io.heddle.tensor.Tensor;
import java.util.Map;

/**
 * The state of Adam for one tensor, which each step changes in place. Kingma and Ba 2015, algorithm 1; with {@code weightDecay} the decoupled form of
 * Loshchilov and Hutter 2019 (AdamW).
 */
public final class Adam implements Optimiser {
    private final Tensor firstMoment;
    private final Tensor secondMoment;
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double weightDecay;
    private int steps;

    private Adam(Tensor like, double beta1, double beta2, double epsilon, double weightDecay) {
        Shape shape = like.shape();
        this.firstMoment = like.device().zeros(shape).unscoped();
        this.secondMoment = like.device().zeros(shape).unscoped();
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
    }

    /** Adam with the paper's constants: decays 0.9 and 0.999, ε 1e-8, no weight decay. */
    public static Adam of(Tensor like) {
        return new Adam(like, 0.9, 0.999, 1e-8, 0);
    }

    /** Adam with other constants. */
    public static Adam of(Tensor like, double beta1, double beta2, double epsilon, double weightDecay) {
        return new Adam(like, beta1, beta2, epsilon, weightDecay);
    }

    @Override
    public void step(Tensor value, Tensor gradient, double learningRate) {
        if (!value.shape().equals(firstMoment.shape()) || !gradient.shape().equals(firstMoment.shape())) {
            throw new ShapeException(
                    "Adam of " + firstMoment.shape() + " got a value of " + value.shape() + " and a gradient of " + gradient.shape());
        }
        steps++;
        value.device().backend().optimisation().adamInPlace(value.buffer(), gradient.buffer(), firstMoment.buffer(), secondMoment.buffer(),
                new AdamStep(steps, learningRate, beta1, beta2, epsilon, weightDecay));
        value.changedInPlace();
    }

    @Override
    public Map<String, Tensor> state() {
        return Map.of("first_moment", firstMoment, "second_moment", secondMoment);
    }

    @Override
    public void resume(int stepsDone) {
        steps = stepsDone;
    }

    @Override
    public void close() {
        firstMoment.close();
        secondMoment.close();
    }
}
