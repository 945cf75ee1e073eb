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
import io.heddle.spi.BinaryOp;
import io.heddle.spi.Buffer;
import io.heddle.spi.LinearKernels.MatmulShape;
import io.heddle.spi.Pointwise;
import io.heddle.tensor.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.runtime.cudaStream_t;
import org.jspecify.annotations.Nullable;

/**
 * Products by cuBLAS in float32, without TF32. It chooses its algorithm by the sizes and the alignment of what it is given: so every product of a batch is
 * a call of its own, and operands that are not aligned are copied first.
 */
final class CublasProducts implements Products {
    private static final long ALIGNMENT = 16;
    /** What NVIDIA recommends for the H100; without it, cuBLAS would allocate on its own. */
    private static final long WORKSPACE_BYTES = 32L << 20;

    private static final Address ONE = constant(1);
    private static final Address ZERO = constant(0);

    private final CudaContext context;
    private final DeviceMemory memory;
    private final Pointwise pointwise;
    private final cublasHandle handle = new cublasHandle();
    private final Block workspace;

    CublasProducts(CublasLibrary library, CudaContext context, BlockPool pool, DeviceMemory memory, Pointwise pointwise) {
        this.context = context;
        this.memory = memory;
        this.pointwise = pointwise;
        load(library);
        context.enter();
        Results.cublas(cublasCreate(handle), "cublasCreate");
        Results.cublas(cublasSetStream(handle, new cudaStream_t(context.stream())), "cublasSetStream");
        Results.cublas(cublasSetMathMode(handle, CUBLAS_PEDANTIC_MATH), "cublasSetMathMode");
        this.workspace = pool.take(WORKSPACE_BYTES);
        Results.cublas(cublasSetWorkspace(handle, new Address(workspace.address()), workspace.bytes()), "cublasSetWorkspace");
    }

    private static void load(CublasLibrary library) {
        try {
            library.load(JCublas2::initialize);
        } catch (LinkageError e) {
            DeviceException failure = new DeviceException(
                    library + " cannot be loaded: " + e.getMessage() + "; -D" + ProductChoice.PROPERTY + "=kernels does without it");
            failure.initCause(e);
            throw failure;
        }
    }

    private static Address constant(float value) {
        return new Address(Arena.global().allocateFrom(ValueLayout.JAVA_FLOAT, value).address());
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
        if (bias != null) {
            int[] dims = {Math.toIntExact(shape.batch() * (long) shape.m()), shape.n()};
            pointwise.binary(BinaryOp.ADD, c, dims, bias, new int[] {shape.n()}, c, dims);
        }
        if (residual != null) {
            pointwise.addInPlace(residual, c);
        }
    }

    private void multiply(Buffer a, Buffer b, MatmulShape shape, Buffer c) {
        List<DeviceBuffer> copies = new ArrayList<>();
        DeviceBuffer left = aligned(a, copies);
        DeviceBuffer right = aligned(b, copies);
        DeviceBuffer result = DeviceBuffer.of(c);
        if (!isAligned(result)) {
            result = memory.allocate(c.length());
            copies.add(result);
        }
        multiply(left, right, shape, result);
        if (result != c) {
            memory.copy(result, c);
        }
        copies.forEach(memory::release);
    }

    /** cuBLAS has columns where we have rows: it is asked for {@code cᵀ = bᵀ·aᵀ}. */
    private synchronized void multiply(DeviceBuffer a, DeviceBuffer b, MatmulShape shape, DeviceBuffer c) {
        context.enter();
        int status = cublasSgemm(
                handle,
                shape.transposeB() ? CUBLAS_OP_T : CUBLAS_OP_N,
                shape.transposeA() ? CUBLAS_OP_T : CUBLAS_OP_N,
                shape.n(),
                shape.m(),
                shape.k(),
                ONE,
                new Address(b.address()),
                shape.transposeB() ? shape.k() : shape.n(),
                new Address(a.address()),
                shape.transposeA() ? shape.m() : shape.k(),
                ZERO,
                new Address(c.address()),
                shape.n());
        Results.cublas(status, "cublasSgemm of " + shape);
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
        Reference.reachabilityFence(c);
    }

    private static boolean isAligned(DeviceBuffer buffer) {
        return buffer.address() % ALIGNMENT == 0;
    }

    private DeviceBuffer aligned(Buffer buffer, List<DeviceBuffer> copies) {
        DeviceBuffer given = DeviceBuffer.of(buffer);
        if (isAligned(given)) {
            return given;
        }
        DeviceBuffer copy = memory.allocate(given.length());
        memory.copy(given, copy);
        copies.add(copy);
        return copy;
    }

    @Override
    public void close() {
        context.enter();
        Results.cublas(cublasDestroy(handle), "cublasDestroy");
    }
}
