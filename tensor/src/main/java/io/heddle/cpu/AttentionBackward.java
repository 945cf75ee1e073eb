package io.heddle.cpu;

import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.AttentionKernels.Terms;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of attention, with the maps recomputed from the saved sums: {@code P = e^(S − L)}, {@code dV = Pᵀ·dO}, {@code dP = dO·Vᵀ},
 * {@code dS = P ∘ (dP − Σ P·dP)}, {@code dQ = s·dS·K}, {@code dK = s·dSᵀ·Q}. Dao et al. 2022, algorithm 4.
 *
 * <p>A task has one head and a segment of the queries, for which it goes through all terms in order. The gradients of keys and values are summed over
 * the segments afterwards, in order.
 */
final class AttentionBackward {
    /** Queries of a task. */
    private static final int SEGMENT = 1024;
    /** Queries of a tile, which spans all keys. */
    private static final int QUERIES = 128;

    private final Workers workers;
    private final Kernels kernels;
    private final Gemm gemm;
    private final Scratch scratch = new Scratch();

    AttentionBackward(Workers workers, Kernels kernels, Gemm gemm) {
        this.workers = workers;
        this.kernels = kernels;
        this.gemm = gemm;
    }

    /** What the gradients are computed from. */
    record Inputs(
            TokenMajor q, TokenMajor k, TokenMajor v, Terms terms, AttentionShape shape, HeapBuffer logSumExp, TokenMajor dOut) {}

    void run(Inputs inputs, @Nullable TokenMajor dq, @Nullable TokenMajor dk, @Nullable TokenMajor dv) {
        AttentionShape shape = inputs.shape();
        Chunks segments = new Chunks(shape.queries(), SEGMENT);
        @Nullable TokenMajor[] dks = parts(dk, segments.count());
        @Nullable TokenMajor[] dvs = parts(dv, segments.count());
        zero(dq);
        workers.run(shape.heads() * segments.count(), task -> {
            int segment = task / shape.heads();
            int head = task % shape.heads();
            int end = segments.from(segment) + segments.length(segment);
            for (int term = 0; term < inputs.terms().size(); term++) {
                for (int first = segments.from(segment); first < end; first += QUERIES) {
                    new Tile(inputs, term, head, first, Math.min(QUERIES, end - first)).add(dq, dks[segment], dvs[segment]);
                }
            }
        });
        sum(dks);
        sum(dvs);
    }

    /** Zeros for each segment, the gradient itself being the first. */
    private static @Nullable TokenMajor[] parts(@Nullable TokenMajor gradient, int count) {
        @Nullable TokenMajor[] parts = new @Nullable TokenMajor[count];
        zero(gradient);
        if (gradient != null) {
            parts[0] = gradient;
            int size = gradient.buffer().size();
            for (int i = 1; i < count; i++) {
                parts[i] = new TokenMajor(new HeapBuffer(new float[size], 0, size), gradient.tokens(), gradient.heads(), gradient.dim());
            }
        }
        return parts;
    }

    private static void zero(@Nullable TokenMajor gradient) {
        if (gradient != null) {
            HeapBuffer buffer = gradient.buffer();
            Arrays.fill(buffer.array(), buffer.offset(), buffer.offset() + buffer.size(), 0);
        }
    }

    private void sum(@Nullable TokenMajor[] parts) {
        if (parts[0] == null) {
            return;
        }
        for (int i = 1; i < parts.length; i++) {
            new CpuPointwise(workers, kernels).addInPlace(parts[i].buffer(), parts[0].buffer());
        }
    }

    /** The scores of some queries with all keys, for one head of one term. */
    private final class Tile {
        private final Inputs inputs;
        private final int term;
        private final int head;
        private final int first;
        private final Matrix map;
        private final Matrix dMap;

        Tile(Inputs inputs, int term, int head, int first, int count) {
            this.inputs = inputs;
            this.term = term;
            this.head = head;
            this.first = first;
            int keys = inputs.shape().keys();
            float[] space = scratch.array(2 * count * keys);
            this.map = Matrix.of(space, 0, count, keys);
            this.dMap = Matrix.of(space, count * keys, count, keys);
        }

        void add(@Nullable TokenMajor dq, @Nullable TokenMajor dk, @Nullable TokenMajor dv) {
            AttentionShape shape = inputs.shape();
            Terms terms = inputs.terms();
            Matrix q = inputs.q().head(terms.query(term), head, first, map.rows());
            Matrix k = inputs.k().head(terms.key(term), head, 0, shape.keys());
            Matrix v = inputs.v().head(terms.value(term), head, 0, shape.keys());
            Matrix dOut = inputs.dOut().head(terms.out(term), head, first, map.rows());
            recomputeMap(q, k);
            if (dv != null) {
                gemm.multiply(1, map.transpose(), dOut, 1, dv.head(terms.value(term), head, 0, shape.keys()));
            }
            if (dq != null || dk != null) {
                gemm.multiply(1, dOut, v.transpose(), 0, dMap);
                softmaxGradient();
            }
            if (dq != null) {
                gemm.multiply(shape.scale(), dMap, k, 1, dq.head(terms.query(term), head, first, map.rows()));
            }
            if (dk != null) {
                gemm.multiply(shape.scale(), dMap.transpose(), q, 1, dk.head(terms.key(term), head, 0, shape.keys()));
            }
        }

        private void recomputeMap(Matrix q, Matrix k) {
            AttentionShape shape = inputs.shape();
            gemm.multiply(shape.scale(), q, k.transpose(), 0, map);
            if (shape.causal()) {
                Visible.mask(map, map.columns(), first);
            }
            HeapBuffer sums = inputs.logSumExp();
            int at = sums.offset() + (term * shape.heads() + head) * shape.queries() + first;
            kernels.exponentials(map, Arrays.copyOfRange(sums.array(), at, at + map.rows()), map, new double[map.rows()]);
        }

        private void softmaxGradient() {
            for (int i = 0; i < map.rows(); i++) {
                int p = map.offset() + i * map.stride();
                int dp = dMap.offset() + i * dMap.stride();
                float d = (float) kernels.dot(map.array(), p, dMap.array(), dp, map.columns());
                kernels.softmaxGradient(map.array(), p, dMap.array(), dp, d, dMap.array(), dp, map.columns());
            }
        }
    }
}
