package io.heddle.cpu;

import static io.heddle.cpu.LaneMath.FLOATS;

import io.heddle.spi.UnaryOp;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;

/** Loops over whole vectors for the functions of {@link LaneMath}: one method for each, so that each is compiled with its function inlined. */
final class VectorLoops {
    private static final int LANES = FLOATS.length();

    private VectorLoops() {}

    /** {@code y = f(x)} for a number of elements that whole vectors hold. */
    @FunctionalInterface
    interface Loop {
        void run(float[] x, int xFrom, float[] y, int yFrom, int n);

        /** {@code y = f(x)} for any number of elements. */
        default void runWithTail(float[] x, int xFrom, float[] y, int yFrom, int n) {
            int whole = FLOATS.loopBound(n);
            run(x, xFrom, y, yFrom, whole);
            if (whole < n) {
                float[] tail = new float[LANES];
                System.arraycopy(x, xFrom + whole, tail, 0, n - whole);
                run(tail, 0, tail, 0, LANES);
                System.arraycopy(tail, 0, y, yFrom + whole, n - whole);
            }
        }
    }

    /** The loop of a function, if there is one. */
    static Optional<Loop> of(UnaryOp op) {
        return switch (op) {
            case EXP -> Optional.of(VectorLoops::exp);
            case SIGMOID -> Optional.of(VectorLoops::sigmoid);
            case TANH -> Optional.of(VectorLoops::tanh);
            case SILU -> Optional.of(VectorLoops::silu);
            case GELU -> Optional.of(VectorLoops::gelu);
            case QUICK_GELU -> Optional.of(VectorLoops::quickGelu);
            case NEGATE, ABS, LOG, SQRT, SQUARE, RECIPROCAL -> Optional.empty();
        };
    }

    /** The loop of a function's derivative, if there is one. */
    static Optional<Loop> ofDerivative(UnaryOp op) {
        return switch (op) {
            case EXP -> Optional.of(VectorLoops::exp);
            case SIGMOID -> Optional.of(VectorLoops::sigmoidDerivative);
            case TANH -> Optional.of(VectorLoops::tanhDerivative);
            case SILU -> Optional.of(VectorLoops::siluDerivative);
            case GELU -> Optional.of(VectorLoops::geluDerivative);
            case QUICK_GELU -> Optional.of(VectorLoops::quickGeluDerivative);
            case NEGATE, ABS, LOG, SQRT, SQUARE, RECIPROCAL -> Optional.empty();
        };
    }

    private static void exp(float[] x, int xFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            LaneMath.exp(FloatVector.fromArray(FLOATS, x, xFrom + i)).intoArray(y, yFrom + i);
        }
    }

    private static void sigmoid(float[] x, int xFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            LaneMath.sigmoid(FloatVector.fromArray(FLOATS, x, xFrom + i)).intoArray(y, yFrom + i);
        }
    }

    private static void tanh(float[] x, int xFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            LaneMath.tanh(FloatVector.fromArray(FLOATS, x, xFrom + i)).intoArray(y, yFrom + i);
        }
    }

    private static void silu(float[] x, int xFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            LaneMath.silu(FloatVector.fromArray(FLOATS, x, xFrom + i)).intoArray(y, yFrom + i);
        }
    }

    private static void gelu(float[] x, int xFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            LaneMath.gelu(FloatVector.fromArray(FLOATS, x, xFrom + i)).intoArray(y, yFrom + i);
        }
    }

    private static void quickGelu(float[] x, int xFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            LaneMath.quickGelu(FloatVector.fromArray(FLOATS, x, xFrom + i)).intoArray(y, yFrom + i);
        }
    }

    private static void sigmoidDerivative(float[] x, int xFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            LaneMath.sigmoidDerivative(FloatVector.fromArray(FLOATS, x, xFrom + i)).intoArray(y, yFrom + i);
        }
    }

    private static void tanhDerivative(float[] x, int xFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            LaneMath.tanhDerivative(FloatVector.fromArray(FLOATS, x, xFrom + i)).intoArray(y, yFrom + i);
        }
    }

    private static void siluDerivative(float[] x, int xFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            LaneMath.siluDerivative(FloatVector.fromArray(FLOATS, x, xFrom + i)).intoArray(y, yFrom + i);
        }
    }

    private static void geluDerivative(float[] x, int xFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            LaneMath.geluDerivative(FloatVector.fromArray(FLOATS, x, xFrom + i)).intoArray(y, yFrom + i);
        }
    }

    private static void quickGeluDerivative(float[] x, int xFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            LaneMath.quickGeluDerivative(FloatVector.fromArray(FLOATS, x, xFrom + i)).intoArray(y, yFrom + i);
        }
    }
}
