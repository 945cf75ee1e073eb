package io.heddle.kernels;

import static jcuda.jcublas.JCublas2.cublasCreate;
import static jcuda.jcublas.JCublas2.cublasDestroy;
import static jcuda.jcublas.JCublas2.cublasGetVersion;
import static jcuda.jcublas.JCublas2.cublasSetMathMode;
import static jcuda.jcublas.JCublas2.cublasSetStream;
import static jcuda.jcublas.JCublas2.cublasSetWorkspace;
import static jcuda.jcublas.JCublas2.cublasSgemm;
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
 * Products by cuBLAS in float32, without TF32. It chooses its algorithm by the sizes and the alignment of what it is given: so every product of a batch is
 * a call of its own, and operands that are not aligned are copied first.
 */
final class CublasProducts implements Products {
    /** What NVIDIA recommends for the H100; without it, cuBLAS would allocate on its own. */
    private static final long WORKSPACE_BYTES = 32L << 20;

    private final CudaContext context;
    private final DeviceMemory memory;
    private final CudaPointwise pointwise;
    private final cublasHandle handle = new cublasHandle();
    private final Block workspace;
    private @Nullable CUstream stream;

    CublasProducts(CublasLibrary library, CudaContext context, BlockPool pool, DeviceMemory memory, CudaPointwise pointwise) {
        this.context = context;
        this.memory = memory;
        this.pointwise = pointwise;
        load(library);
        context.enter();
        Results.cublas(cublasCreate(handle), "cublasCreate");
        Results.cublas(cublasSetMathMode(handle, CUBLAS_PEDANTIC_MATH), "cublasSetMathMode");
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
        long aSize = (long) shape.m() * shape.k();
        long bSize = (long) shape.k() * shape.n();
        long cSize = (long) shape.m() * shape.n();
        for (int i = 0; i < shape.batch(); i++) {
            multiply(a.slice(i * aSize, aSize), shared ? b : b.slice(i * bSize, bSize), shape, c.slice(i * cSize, cSize));
        }
        pointwise.addBiasAndResidual(bias, residual, shape.n(), c);
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
        int status = cublasSgemm(
                handle,
                shape.transposeB() ? CUBLAS_OP_T : CUBLAS_OP_N,
                shape.transposeA() ? CUBLAS_OP_T : CUBLAS_OP_N,
                shape.n(),
                shape.m(),
                shape.k(),
                Address.ONE,
                new Address(b.address()),
                shape.transposeB() ? shape.k() : shape.n(),
                new Address(a.address()),
                shape.transposeA() ? shape.m() : shape.k(),
                Address.ZERO,
                new Address(c.address()),
                shape.n());
        Results.cublas(status, "cublasSgemm of " + shape);
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
