package io.heddle.cpu;

import io.heddle.spi.Buffer;
import io.heddle.spi.LinearKernels;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Matrix products, cut into tiles whose shapes derive from one row of the batch. */
final class CpuLinear implements LinearKernels {
    /** Tokens of a row for which laying out the weight pays. */
    private static final int FEWEST_TOKENS = 128;

    private final Workers workers;
    private final Gemm gemm;
    private final TallProduct tall;
    private final @Nullable PanelLinear panelled;

    /** Products by {@code gemm}, or beside it, on {@code workers}. */
    CpuLinear(Workers workers, Gemm gemm) {
        PanelGemm panels = PanelGemm.beside(gemm);
        this.workers = workers;
        this.gemm = gemm;
        this.tall = new TallProduct(gemm);
        this.panelled = panels.isDirect() ? new PanelLinear(workers, panels) : null;
    }

    @Override
    public void linear(Buffer x, Buffer weight, @Nullable Buffer bias, @Nullable Buffer residual, LinearShape shape, Buffer y) {
        Matrix xs = tokens(x, shape, shape.in());
        Matrix ys = tokens(y, shape, shape.out());
        Matrix w = Matrix.of(weight, shape.out(), shape.in()).transpose();
        multiply(shape, xs, w, Addends.of(bias, residual, HeapBuffer.of(y), shape.out()), ys);
    }

    @Override
    public void linearInputGradient(Buffer dy, Buffer weight, LinearShape shape, Buffer dx) {
        Matrix dys = tokens(dy, shape, shape.out());
        Matrix dxs = tokens(dx, shape, shape.in());
        Matrix w = Matrix.of(weight, shape.out(), shape.in());
        multiply(shape, dys, w, Addends.NONE, dxs);
    }

    @Override
    public void linearWeightGradient(Buffer x, Buffer dy, LinearShape shape, Buffer dWeight, @Nullable Buffer dBias) {
        Matrix xs = tokens(x, shape, shape.in());
        Matrix dys = tokens(dy, shape, shape.out());
        Matrix dw = Matrix.of(dWeight, shape.out(), shape.in());
        Arrays.fill(dw.array(), dw.offset(), dw.offset() + shape.out() * shape.in(), 0);
        Chunks outputs = TallProduct.rows(tall.parts(workers), shape.out());
        outputs.run(workers, (first, count) -> tall.accumulate(dys.columns(first, count), xs, dw.rows(first, count)));
        if (dBias != null) {
            ColumnSums.write(dys, HeapBuffer.of(dBias, shape.out()), workers);
        }
    }

    @Override
    public void matmul(Buffer a, Buffer b, MatmulShape shape, Buffer c) {
        int m = shape.m();
        int n = shape.n();
        int k = shape.k();
        Matrix as = shape.transposeA() ? Matrix.of(a, (long) shape.batch() * k, m) : Matrix.of(a, (long) shape.batch() * m, k);
        Matrix bs = shape.transposeB() ? Matrix.of(b, (long) shape.batch() * n, k) : Matrix.of(b, (long) shape.batch() * k, n);
        Matrix cs = Matrix.of(c, (long) shape.batch() * m, n);
        if (k == 0) {
            writeEmptySums(Addends.NONE, cs);
            return;
        }
        multiply(
                shape.batch(),
                i -> shape.transposeA() ? as.rows(i * k, k).transpose() : as.rows(i * m, m),
                i -> shape.transposeB() ? bs.rows(i * n, n).transpose() : bs.rows(i * k, k),
                i -> cs.rows(i * m, m),
                Addends.NONE);
    }

    private void multiply(LinearShape shape, Matrix a, Matrix b, Addends addends, Matrix c) {
        if (a.columns() == 0) {
            writeEmptySums(addends, c);
        } else if (panelled != null && shape.tokens() >= FEWEST_TOKENS) {
            panelled.multiply(a, b, addends, c);
        } else {
            multiply(shape.rows(), row(a, shape), _ -> b, row(c, shape), addends);
        }
    }

    private void multiply(int batch, IntFunction<Matrix> a, IntFunction<Matrix> b, IntFunction<Matrix> c, Addends addends) {
        if (batch == 0) {
            return;
        }
        Tiles tiles = Tiles.of(c.apply(0).rows(), c.apply(0).columns(), a.apply(0).columns());
        workers.run(batch * tiles.count(), task -> {
            int i = task / tiles.count();
            int tile = task % tiles.count();
            Matrix result = tiles.columnsOf(tiles.rowsOf(c.apply(i), tile), tile);
            gemm.multiply(1, tiles.rowsOf(a.apply(i), tile), tiles.columnsOf(b.apply(i), tile), addends.begin(result), result);
        });
    }

    /** The addends, or zeros: libraries leave a product over nothing as it was. */
    private static void writeEmptySums(Addends addends, Matrix c) {
        if (addends.begin(c) == 0) {
            Arrays.fill(c.array(), c.offset(), c.offset() + c.rows() * c.columns(), 0);
        }
    }

    private static Matrix tokens(Buffer buffer, LinearShape shape, int features) {
        return Matrix.of(buffer, (long) shape.rows() * shape.tokens(), features);
    }

    private static IntFunction<Matrix> row(Matrix tokens, LinearShape shape) {
        return row -> tokens.rows(row * shape.tokens(), shape.tokens());
    }
}
