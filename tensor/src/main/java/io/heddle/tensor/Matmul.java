package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.LinearKernels.MatmulShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code c = op(a)·op(b)};  for plain operands {@code da = dc·bᵀ, db = aᵀ·dc}. */
record Matmul(Tensor a, Tensor b, MatmulShape sizes, Shape shape) implements Op {
    static Matmul of(Tensor a, Tensor b, boolean transposeA, boolean transposeB) {
        int rank = a.shape().rank();
        if (rank < 2 || b.shape().rank() != rank) {
            throw mismatch(a, b);
        }
        int m = a.dim(transposeA ? -1 : -2);
        int k = a.dim(transposeA ? -2 : -1);
        int n = b.dim(transposeB ? -2 : -1);
        Shape shape = a.shape().with(-2, m).with(-1, n);
        if (b.dim(transposeB ? -1 : -2) != k || !shape.equals(b.shape().with(-2, m).with(-1, n))) {
            throw mismatch(a, b);
        }
        int batch = Math.toIntExact(a.shape().before(-2));
        return new Matmul(a, b, new MatmulShape(batch, m, n, k, transposeA, transposeB), shape);
    }

    private static ShapeException mismatch(Tensor a, Tensor b) {
        return new ShapeException("matmul of " + a.shape() + " and " + b.shape() + ": expected equal leading dimensions and one common inner length");
    }

    @Override
    public String name() {
        return "matmul";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        backend.linear().matmul(a.buffer(), b.buffer(), sizes, out);
    }

    @Override
    public @Nullable Tensor[] backward(Tensor y, Tensor dy) {
        Tensor left = a.detach();
        Tensor right = b.detach();
        boolean ta = sizes.transposeA();
        boolean tb = sizes.transposeB();
        return new @Nullable Tensor[] {
            !needs(a) ? null : Op.apply(ta ? of(right, dy, tb, true) : of(dy, right, false, !tb)),
            !needs(b) ? null : Op.apply(tb ? of(dy, left, true, ta) : of(left, dy, !ta, false))
        };
    }
}
