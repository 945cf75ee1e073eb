package io.heddle.kernels;

import io.heddle.spi.BinaryOp;
import io.heddle.spi.Buffer;
import io.heddle.spi.Pointwise;
import io.heddle.spi.UnaryOp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Element-by-element arithmetic, a thread for each element. */
final class CudaPointwise implements Pointwise {
    private final KernelLibrary kernels;

    CudaPointwise(KernelLibrary kernels) {
        this.kernels = kernels;
    }

    @Override
    public void unary(UnaryOp op, Buffer x, Buffer out) {
        long n = out.length();
        kernels.launch("unary").integer(op.ordinal()).buffer(x).buffer(out).count(n).run(Grid.pointwise(n));
    }

    @Override
    public void unaryGradient(UnaryOp op, Buffer x, Buffer dy, Buffer dx) {
        long n = dx.length();
        kernels.launch("unary_gradient").integer(op.ordinal()).buffer(x).buffer(dy).buffer(dx).count(n).run(Grid.pointwise(n));
    }

    @Override
    public void binary(BinaryOp op, Buffer a, int[] aDims, Buffer b, int[] bDims, Buffer out, int[] outDims) {
        long n = out.length();
        if (Arrays.equals(aDims, bDims) && Arrays.equals(aDims, outDims)) {
            kernels.launch("binary").integer(op.ordinal()).buffer(a).buffer(b).buffer(out).count(n).run(Grid.pointwise(n));
        } else {
            kernels.launch("binary_broadcast")
                    .integer(op.ordinal())
                    .buffer(a)
                    .buffer(b)
                    .buffer(out)
                    .structure(broadcast(aDims, bDims, outDims).words())
                    .integer(Math.toIntExact(n))
                    .run(Grid.pointwise(n));
        }
    }

    private static Axes broadcast(int[] aDims, int[] bDims, int[] outDims) {
        int rank = outDims.length;
        int[] a = new int[rank];
        int[] b = new int[rank];
        int[] aSteps = Axes.steps(aDims);
        int[] bSteps = Axes.steps(bDims);
        for (int axis = 0; axis < rank; axis++) {
            int inA = axis - rank + aDims.length;
            int inB = axis - rank + bDims.length;
            int aDim = inA < 0 ? 1 : aDims[inA];
            int bDim = inB < 0 ? 1 : bDims[inB];
            boolean fits = Math.max(aDim, bDim) == outDims[axis] || outDims[axis] == 0;
            if (aDims.length > rank || bDims.length > rank || !fits || aDim != bDim && aDim != 1 && bDim != 1) {
                throw new IllegalArgumentException(
                        Arrays.toString(aDims) + " and " + Arrays.toString(bDims) + " do not broadcast to " + Arrays.toString(outDims));
            }
            a[axis] = aDim == 1 ? 0 : aSteps[inA];
            b[axis] = bDim == 1 ? 0 : bSteps[inB];
        }
        return new Axes(outDims, a, b).merged();
    }

    @Override
    public void affine(Buffer x, float scale, float shift, Buffer out) {
        long n = out.length();
        kernels.launch("affine").buffer(x).real(scale).real(shift).buffer(out).count(n).run(Grid.pointwise(n));
    }

    @Override
    public void clamp(Buffer x, float low, float high, Buffer out) {
        long n = out.length();
        kernels.launch("clamp").buffer(x).real(low).real(high).buffer(out).count(n).run(Grid.pointwise(n));
    }

    @Override
    public void clampGradient(Buffer x, float low, float high, Buffer dy, Buffer dx) {
        long n = dx.length();
        kernels.launch("clamp_gradient").buffer(x).real(low).real(high).buffer(dy).buffer(dx).count(n).run(Grid.pointwise(n));
    }

    /**
     * {@code y[i, c] += bias[c] [+ residual[i, c]]}.
     *
     * @param bias {@code [channels]} or null
     * @param residual of the shape of {@code y}, or null
     */
    void addBiasAndResidual(@Nullable Buffer bias, @Nullable Buffer residual, int channels, Buffer y) {
        if (bias != null || residual != null) {
            long n = y.length();
            kernels.launch("add_bias_and_residual").buffer(bias).buffer(residual).integer(channels).buffer(y).count(n).run(Grid.pointwise(n));
        }
    }

    @Override
    public void geglu(Buffer x, int width, Buffer out) {
        long n = out.length();
        kernels.launch("geglu").buffer(x).integer(width).buffer(out).count(n).run(Grid.pointwise(n));
    }

    @Override
    public void gegluGradient(Buffer x, int width, Buffer dy, Buffer dx) {
        long n = dy.length();
        kernels.launch("geglu_gradient").buffer(x).integer(width).buffer(dy).buffer(dx).count(n).run(Grid.pointwise(n));
    }
}
