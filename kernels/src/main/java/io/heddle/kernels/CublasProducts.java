package io.heddle.kernels;

import static jcuda.cudaDataType.CUDA_R_16F;
import static jcuda.cudaDataType.CUDA_R_32F;
import static jcuda.jcublas.JCublas2.cublasCreate;
import static jcuda.jcublas.JCublas2.cublasDestroy;
import static jcuda.jcublas.JCublas2.cublasGemmEx_new;
import static jcuda.jcublas.JCublas2.cublasGetVersion;
import static jcuda.jcublas.JCublas2.cublasSetMathMode;
import static jcuda.jcublas.JCublas2.cublasSetStream;
import static jcuda.jcublas.JCublas2.cublasSetWorkspace;
import static jcuda.jcublas.cublasComputeType.CUBLAS_COMPUTE_32F;
import static jcuda.jcublas.cublasComputeType.CUBLAS_COMPUTE_32F_PEDANTIC;
import static jcuda.jcublas.cublasGemmAlgo.CUBLAS_GEMM_DEFAULT;
import static jcuda.jcublas.cublasMath.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION;
import static jcuda.jcublas.cublasMath.CUBLAS_PEDANTIC_MATH;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;

import io.heddle.kernels.BlockPool.Block;
import io.heddle.spi.Buffer;
import io.heddle.spi.LinearKernels.MatmulShape;
import io.heddle.tensor.DeviceException;
import java.lang.ref.Reference;
import jcuda.driver.CUstream;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.runtime.cudaStream_t;
import org.jspecify.annotations.Nullable;

/**
 * Products by cuBLAS: in float32 without TF32, or of halves on tensor cores with sums in float32. It chooses its algorithm by the sizes and the alignment of
 * what it is given: so every product of float32 in a batch is a call of its own, and operands that are not aligned, or hold something else, are copied first.
 */
final class CublasProducts implements Products {
    /** What NVIDIA recommends for the H100; without it, cuBLAS would allocate on its own. */
    private static final long WORKSPACE_BYTES = 32L << 20;

    private final CudaContext context;
    private final DeviceMemory memory;
    private final CudaPointwise pointwise;
    private final Element element;
    private final cublasHandle handle = new cublasHandle();
    private final Block workspace;
    private @Nullable CUstream stream;

    CublasProducts(CublasLibrary library, CudaContext context, BlockPool pool, DeviceMemory memory, CudaPointwise pointwise) {
        this.context = context;
        this.memory = memory;
        this.pointwise = pointwise;
        this.element = memory.element();
        load(library);
        context.enter();
        Results.cublas(cublasCreate(handle), "cublasCreate");
        int mode = element == Element.HALF ? CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION : CUBLAS_PEDANTIC_MATH;
        Results.cublas(cublasSetMathMode(handle, mode), "cublasSetMathMode");
        this.workspace = pool.take(WORKSPACE_BYTES);
        follow(context.stream());
    }

    /** Goes to another stream, at which cuBLAS forgets the workspace. */
    private void follow(CUstream next) {
        if (next != stream) {
            Results.cublas(cublasSetStream(handle, new cudaStream_t(next)), "cublasSetStream");
            Results.cublas(cublasSetWorkspace(handle, new Address(workspace.address()), workspace.bytes()), "cublasSetWorkspace");
            stream = next;
        }
    }

    private static void load(CublasLibrary library) {
        try {
            library.load(JCublas2::initialize);
        } catch (LinkageError | UnsupportedOperationException e) {
            DeviceException failure = new DeviceException(
                    library + " cannot be used: " + e.getMessage() + "; -D" + ProductChoice.PROPERTY + "=kernels does without it");
            failure.initCause(e);
            throw failure;
        }
    }

    @Override
    public String name() {
        int[] version = new int[1];
        Results.cublas(cublasGetVersion(handle, version), "cublasGetVersion");
        return "cuBLAS " + version[0] / 10_000 + "." + version[0] / 100 % 100;
    }

    @Override
    public void multiply(
            Buffer a, Buffer b, boolean shared, @Nullable Buffer bias, @Nullable Buffer residual, MatmulShape shape, Buffer c) {
        boolean together = element == Element.HALF && shared && !shape.transposeA();
        if (together) {
            int m = Math.multiplyExact(shape.batch(), shape.m());
            multiply(a, b, new MatmulShape(1, m, shape.n(), shape.k(), false, shape.transposeB()), c);
        } else {
            multiplyEach(a, b, shared, shape, c);
        }
        pointwise.addBiasAndResidual(bias, residual, shape.n(), c);
    }

    private void multiplyEach(Buffer a, Buffer b, boolean shared, MatmulShape shape, Buffer c) {
        long aSize = (long) shape.m() * shape.k();
        long bSize = (long) shape.k() * shape.n();
        long cSize = (long) shape.m() * shape.n();
        for (int i = 0; i < shape.batch(); i++) {
            multiply(a.slice(i * aSize, aSize), shared ? b : b.slice(i * bSize, bSize), shape, c.slice(i * cSize, cSize));
        }
    }

    private void multiply(Buffer a, Buffer b, MatmulShape shape, Buffer c) {
        try (AlignedOperands operands = new AlignedOperands(memory)) {
            multiply(operands.read(a), operands.read(b), shape, operands.written(c));
        }
    }

    /** cuBLAS has columns where we have rows: it is asked for {@code cᵀ = bᵀ·aᵀ}. */
    private synchronized void multiply(DeviceBuffer a, DeviceBuffer b, MatmulShape shape, DeviceBuffer c) {
        context.enter();
        follow(context.stream());
        int type = element == Element.HALF ? CUDA_R_16F : CUDA_R_32F;
        int status = cublasGemmEx_new(
                handle,
                shape.transposeB() ? CUBLAS_OP_T : CUBLAS_OP_N,
                shape.transposeA() ? CUBLAS_OP_T : CUBLAS_OP_N,
                shape.n(),
                shape.m(),
                shape.k(),
                Address.ONE,
                new Address(b.address()),
                type,
                shape.transposeB() ? shape.k() : shape.n(),
                new Address(a.address()),
                type,
                shape.transposeA() ? shape.m() : shape.k(),
                Address.ZERO,
                new Address(c.address()),
                type,
                shape.n(),
                element == Element.HALF ? CUBLAS_COMPUTE_32F : CUBLAS_COMPUTE_32F_PEDANTIC,
                CUBLAS_GEMM_DEFAULT);
        Results.cublas(status, "cublasGemmEx of " + shape);
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
        Reference.reachabilityFence(c);
    }

    @Override
    public void close() {
        context.enter();
        Results.cublas(cublasDestroy(handle), "cublasDestroy");
    }
}
