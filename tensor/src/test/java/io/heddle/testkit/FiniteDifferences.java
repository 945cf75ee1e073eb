package io.heddle.testkit;

import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.reference.ReferenceBackend;
import java.util.List;
import org.opentest4j.AssertionFailedError;

/** Checks gradients against central differences in double arithmetic, on the reference backend. */
public final class FiniteDifferences {
    /** Balances the truncation, of the step's square, and the rounding of the function's values. */
    private static final double STEP = Math.cbrt(Math.ulp(1.0));

    private final Differentiable function;
    private final ReferenceBackend backend;
    private final List<Tensor> arguments;

    private FiniteDifferences(Differentiable function, ReferenceBackend backend, List<Tensor> arguments) {
        this.function = function;
        this.backend = backend;
        this.arguments = arguments;
    }

    /** The tape's gradients with respect to every element of every input are the differences', and nothing stays allocated. */
    public static void check(Differentiable function) {
        ReferenceBackend backend = new ReferenceBackend();
        try (Device device = Device.of(backend)) {
            double[][] gradients = function.gradients(device);
            try (Scope _ = device.scope()) {
                List<Tensor> arguments = function.inputs().stream().map(input -> input.on(device)).toList();
                FiniteDifferences differences = new FiniteDifferences(function, backend, arguments);
                for (int i = 0; i < gradients.length; i++) {
                    String what = function + ", gradient of input " + i;
                    TensorAssert.assertClose(what, gradients[i], differences.of(arguments.get(i)), Tolerances.FINITE_DIFFERENCE);
                }
            }
            for (Throwable origin : backend.unreleased()) {
                throw new AssertionFailedError(function + " leaves memory allocated", origin);
            }
        }
    }

    /** The differences for every element of an argument. */
    private double[] of(Tensor argument) {
        double[] point = backend.read(argument.buffer());
        double[] differences = new double[point.length];
        for (int i = 0; i < point.length; i++) {
            double step = STEP * Math.max(1, Math.abs(point[i]));
            double[] above = point.clone();
            double[] below = point.clone();
            above[i] += step;
            below[i] -= step;
            differences[i] = (valueAt(argument, above) - valueAt(argument, below)) / (above[i] - below[i]);
        }
        set(argument, point);
        return differences;
    }

    private double valueAt(Tensor argument, double[] point) {
        set(argument, point);
        try (Scope _ = argument.device().scope()) {
            return function.value(arguments);
        }
    }

    private void set(Tensor argument, double[] point) {
        backend.write(argument.buffer(), point);
        argument.changedInPlace();
    }
}
