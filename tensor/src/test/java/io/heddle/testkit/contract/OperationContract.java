package io.heddle.testkit.contract;

import io.heddle.tensor.Device;
import io.heddle.testkit.Differentiable;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations of tensors, forward and backward, which put several primitives together. */
interface OperationContract extends Contract {
    @ParameterizedTest
    @MethodSource("io.heddle.testkit.Operations#all")
    default void operation_hasTheReferencesGradients(Differentiable operation) {
        double[][] expected = operation.gradients(Device.of(backends().reference()));
        double[][] actual = operation.gradients(Device.of(backends().several()));

        for (int i = 0; i < expected.length; i++) {
            TensorAssert.assertClose(operation + ", gradient of input " + i, actual[i], expected[i], Tolerances.GRADIENT);
        }
    }
}
