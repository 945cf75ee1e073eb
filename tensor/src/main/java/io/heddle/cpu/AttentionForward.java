package io.heddle.cpu;

import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.spi.BinaryOp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Attention whose scores exist a tile at a time: a block of queries meets the keys block by block, with the softmax's maximum and sum carried along and
 * what has been accumulated rescaled whenever the maximum grows. Milakov and Gimelshein 2018; Dao et al. 2022, algorithm 1.
 */
final class AttentionForward {
    /** A tile of scores, its keys, values and output stay in the second-level cache. */
    private static final int QUERIES = 256;

    private static final int KEYS = 512;
    /** Rows of scores are filled up to whole vectors, so that none has a tail. */
    private static final int GRAIN = 16;

    private final Workers workers;
    private final Kernels kernels;
    private final Gemm gemm;
    private final Scratch scratch = new Scratch();

    AttentionForward(Workers workers, Kernels kernels, Gemm gemm) {
        this.workers = workers;
        this.kernels = kernels;
        this.gemm = gemm;
    }

    void run(TokenMajor q, TokenMajor k, TokenMajor v, Terms terms, AttentionShape shape, TokenMajor out, @Nullable HeapBuffer logSumExp) {
        int[] firstTerm = new int[terms.rows() + 1];
        for (int term = 0; term < terms.size(); term++) {
            firstTerm[terms.out(term) + 1] = term + 1;
        }
        Chunks blocks = new Chunks(shape.queries(), QUERIES);
        workers.run(terms.rows() * shape.heads() * blocks.count(), task -> {
            int block = task % blocks.count();
            int head = task / blocks.count() % shape.heads();
            int row = task / (blocks.count() * shape.heads());
            int first = blocks.from(block);
            int count = blocks.length(block);
            for (int term = firstTerm[row]; term < firstTerm[row + 1]; term++) {
                RunningSoftmax softmax = new RunningSoftmax(count);
                Matrix queries = q.head(terms.query(term), head, first, count);
                Matrix sum = attend(queries, first, k, terms.key(term), v, terms.value(term), head, shape, softmax);
                store(sum, softmax, term > firstTerm[row], out.head(row, head, first, count));
                if (logSumExp != null) {
                    softmax.storeLogSumExp(logSumExp, (term * shape.heads() + head) * shape.queries() + first);
                }
            }
        });
    }

    /** The softmax of some queries' rows of scores so far: the largest score and {@code Σ e^(score − max)}. */
    private static final class RunningSoftmax {
        private final float[] max;
        private final double[] sum;

        RunningSoftmax(int queries) {
            max = new float[queries];
            sum = new double[queries];
            Arrays.fill(max, Float.NEGATIVE_INFINITY);
        }

        void storeLogSumExp(HeapBuffer to, int at) {
            for (int i = 0; i < max.length; i++) {
                to.array()[to.offset() + at + i] = (float) (max[i] + Math.log(sum[i]));
            }
        }
    }

    /** {@code Σ e^(score − max)·v} over all keys, {@code [count, dim]} in this thread's scratch space. */
    private Matrix attend(
            Matrix queries, int firstQuery, TokenMajor k, int keyRow, TokenMajor v, int valueRow, int head, AttentionShape shape,
            RunningSoftmax softmax) {
        int count = queries.rows();
        int stride = Math.ceilDiv(Math.min(KEYS, shape.keys()), GRAIN) * GRAIN;
        float[] space = scratch.array(count * (stride + shape.dim()));
        Matrix sum = Matrix.of(space, count * stride, count, shape.dim());
        int keys = shape.causal() ? Math.min(shape.keys(), firstQuery + count) : shape.keys();
        for (int from = 0; from < keys; from += KEYS) {
            int n = Math.min(KEYS, keys - from);
            Matrix scores = Matrix.of(space, 0, count, n, stride);
            gemm.multiply(shape.scale(), queries, k.head(keyRow, head, from, n).transpose(), 0, scores);
            Matrix filled = Matrix.of(space, 0, count, Math.ceilDiv(n, GRAIN) * GRAIN, stride);
            Visible.mask(filled, n, shape.causal() ? firstQuery - from : n);
            exponentiate(filled, softmax, sum);
            gemm.multiply(1, scores, v.head(valueRow, head, from, n), from == 0 ? 0 : 1, sum);
        }
        return sum;
    }

    /** Scores become {@code e^(score − max)}, and {@code sum} is rescaled to the new maximum. */
    private void exponentiate(Matrix scores, RunningSoftmax softmax, Matrix sum) {
        float[] before = softmax.max.clone();
        kernels.maxima(scores, softmax.max);
        for (int i = 0; i < before.length; i++) {
            if (softmax.max[i] > before[i] && before[i] > Float.NEGATIVE_INFINITY) {
                float factor = ScalarMath.decay(before[i] - softmax.max[i]);
                int row = sum.offset() + i * sum.stride();
                kernels.affine(sum.array(), row, factor, 0, sum.array(), row, sum.columns());
                softmax.sum[i] *= factor;
            }
        }
        kernels.exponentials(scores, softmax.max, scores, softmax.sum);
    }

    private void store(Matrix sum, RunningSoftmax softmax, boolean add, Matrix out) {
        for (int i = 0; i < sum.rows(); i++) {
            int from = sum.offset() + i * sum.stride();
            int to = out.offset() + i * out.stride();
            float factor = (float) (1 / softmax.sum[i]);
            if (add) {
                kernels.affine(sum.array(), from, factor, 0, sum.array(), from, sum.columns());
                kernels.binary(BinaryOp.ADD, out.array(), to, sum.array(), from, out.array(), to, sum.columns());
            } else {
                kernels.affine(sum.array(), from, factor, 0, out.array(), to, sum.columns());
            }
        }
    }
}
