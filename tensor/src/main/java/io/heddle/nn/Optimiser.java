package io.heddle.nn;

import io.heddle.tensor.Tensor;
import java.util.Map;

/** The rule by which one tensor follows its gradients, with the state that the rule needs. */
public sealed interface Optimiser extends AutoCloseable permits Adam, Muon, Sgd {
    /**
     * Updates the value in place.
     *
     * @param value of the state's shape
     * @param gradient of the state's shape
     * @param learningRate of this step
     * @throws io.heddle.tensor.ShapeException if a shape differs
     */
    void step(Tensor value, Tensor gradient, double learningRate);

    /** The tensors of the state by name: to keep them, or to {@linkplain Tensor#assign(float...) restore} them before {@link #resume}. */
    Map<String, Tensor> state();

    /** Says that the state is the one after a number of steps. */
    default void resume(int stepsDone) {}

    /** Gives the state back. */
    @Override
    void close();
}
