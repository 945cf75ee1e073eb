package io.heddle.kernels;

import io.heddle.spi.Buffer;
import io.heddle.spi.LinearKernels.MatmulShape;
import org.jspecify.annotations.Nullable;

/** Products by kernels of our own, which sum float32 in one order whatever the sizes and addresses are. */
final class KernelProducts implements Products {
    /** A block computes a square tile of the product with so many rows and columns. */
    private static final int TILE = 64;
    private static final int THREADS = 256;

    private final KernelLibrary kernels;

    KernelProducts(KernelLibrary kernels) {
        this.kernels = kernels;
    }

    @Override
    public String name() {
        return "own kernels";
    }

    @Override
    public void multiply(
            Buffer a, Buffer b, boolean shared, @Nullable Buffer bias, @Nullable Buffer residual, MatmulShape shape, Buffer c) {
        if (shared && !shape.transposeA()) {
            int m = Math.multiplyExact(shape.batch(), shape.m());
            if (shape.transposeB() && HalfTiles.fit(shape.k(), shape.n(), a, b, bias, residual, c)) {
                launchHalf(a, b, bias, residual, m, shape, c);
                return;
            }
            launch(a, b, 0, bias, residual, new MatmulShape(1, m, shape.n(), shape.k(), false, shape.transposeB()), c);
            return;
        }
        long aSize = (long) shape.m() * shape.k();
        long bSize = shared ? 0 : (long) shape.k() * shape.n();
        long cSize = (long) shape.m() * shape.n();
        for (int first = 0; first < shape.batch(); first += Grid.MOST) {
            int count = Math.min(Grid.MOST, shape.batch() - first);
            launch(
                    a.slice(first * aSize, count * aSize),
                    shared ? b : b.slice(first * bSize, count * bSize),
                    bSize,
                    bias,
                    residual == null ? null : residual.slice(first * cSize, count * cSize),
                    new MatmulShape(count, shape.m(), shape.n(), shape.k(), shape.transposeA(), shape.transposeB()),
                    c.slice(first * cSize, count * cSize));
        }
    }

    /** On tensor cores. */
    private void launchHalf(Buffer x, Buffer w, @Nullable Buffer bias, @Nullable Buffer residual, int m, MatmulShape shape, Buffer y) {
        HalfTiles tiles = HalfTiles.of(m, shape.n());
        kernels.launch("gemm_half_" + tiles.edge())
                .buffer(x)
                .buffer(w)
                .buffer(bias)
                .buffer(residual)
                .buffer(y)
                .integer(m)
                .integer(shape.n())
                .integer(shape.k())
                .run(tiles.grid());
    }

    private void launch(Buffer a, Buffer b, long bStride, @Nullable Buffer bias, @Nullable Buffer residual, MatmulShape shape, Buffer c) {
        kernels.launch("gemm")
                .buffer(a)
                .buffer(b)
                .buffer(bias)
                .buffer(residual)
                .buffer(c)
                .integer(shape.m())
                .integer(shape.n())
                .integer(shape.k())
                .integer(shape.transposeA() ? 1 : 0)
                .integer(shape.transposeB() ? 1 : 0)
                .count((long) shape.m() * shape.k())
                .count(bStride)
                .count((long) shape.m() * shape.n())
                .run(new Grid(Grid.blocks(shape.n(), TILE), Grid.blocks(shape.m(), TILE), shape.batch(), THREADS, 1));
    }
}
