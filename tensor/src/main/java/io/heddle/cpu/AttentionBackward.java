package io.heddle.cpu;

import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.spi.BinaryOp;
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
    private final PanelGemm panels;
    private final TallProduct tall;
    private final Scratch scratch = new Scratch();
    private final Scratch packedKeys = new Scratch();
    private final Scratch packedValues = new Scratch();
    private final Scratch packedForQueries = new Scratch();

    AttentionBackward(Workers workers, Kernels kernels, PanelGemm panels, TallProduct tall) {
        this.workers = workers;
        this.kernels = kernels;
        this.panels = panels;
        this.tall = tall;
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
                new HeadOfTerm(inputs, term, head).run(segments.from(segment), end, dq, dks[segment], dvs[segment]);
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
            add(parts[i].buffer(), parts[0].buffer());
        }
    }

    private void add(HeapBuffer part, HeapBuffer sum) {
        Chunks.ofElements(sum.size()).run(workers, (at, n) -> {
            int target = sum.offset() + at;
            kernels.binary(BinaryOp.ADD, sum.array(), target, part.array(), part.offset() + at, sum.array(), target, n);
        });
    }

    /**
     * One head of one term. Keys and values are laid out once as panels, transposed for the products that give maps; the gradients of keys and values are
     * summed transposed, {@code dVᵀ = dOᵀ·P}: then every operand is read as it lies.
     */
    private final class HeadOfTerm {
        private final Inputs inputs;
        private final int term;
        private final int head;
        private final int keys;
        private final int dim;
        private final Panels transposedKeys;
        private final Panels transposedValues;
        private final Panels keyPanels;
        private final Matrix maps;
        private final Matrix dMaps;
        private final Matrix dQueries;
        private final Matrix dKeys;
        private final Matrix dValues;

        HeadOfTerm(Inputs inputs, int term, int head) {
            this.inputs = inputs;
            this.term = term;
            this.head = head;
            this.keys = inputs.shape().keys();
            this.dim = inputs.shape().dim();
            Matrix k = inputs.k().head(inputs.terms().key(term), head, 0, keys);
            Matrix v = inputs.v().head(inputs.terms().value(term), head, 0, keys);
            this.transposedKeys = pack(k.transpose(), packedKeys);
            float[] scaled = transposedKeys.array();
            kernels.affine(scaled, 0, inputs.shape().scale(), 0, scaled, 0, Panels.elements(dim, keys, transposedKeys.width()));
            this.transposedValues = pack(v.transpose(), packedValues);
            this.keyPanels = pack(k, packedForQueries);
            int columns = Math.ceilDiv(keys, transposedKeys.width()) * transposedKeys.width();
            int queries = Math.min(QUERIES, inputs.shape().queries());
            float[] space = scratch.array(columns * (2 * queries + 2 * dim) + queries * keyPanels.width() * Math.ceilDiv(dim, keyPanels.width()));
            this.maps = Matrix.of(space, 0, queries, columns);
            this.dMaps = after(maps, queries, columns);
            this.dKeys = after(dMaps, dim, columns);
            this.dValues = after(dKeys, dim, columns);
            this.dQueries = after(dValues, queries, Math.ceilDiv(dim, keyPanels.width()) * keyPanels.width());
            Arrays.fill(space, dKeys.offset(), dQueries.offset(), 0);
        }

        private Panels pack(Matrix b, Scratch layout) {
            int width = panels.width(b.columns());
            Panels packed = new Panels(layout.array(Panels.elements(b.rows(), b.columns(), width)), b.rows(), width);
            for (int n = 0; n * width < b.columns(); n++) {
                packed.pack(b, n);
            }
            return packed;
        }

        private static Matrix after(Matrix previous, int rows, int columns) {
            return Matrix.of(previous.array(), previous.offset() + previous.rows() * previous.columns(), rows, columns);
        }

        void run(int from, int end, @Nullable TokenMajor dq, @Nullable TokenMajor dk, @Nullable TokenMajor dv) {
            Terms terms = inputs.terms();
            for (int first = from; first < end; first += QUERIES) {
                tile(first, Math.min(QUERIES, end - first), dq, dk != null, dv != null);
            }
            if (dk != null) {
                addTransposed(inputs.shape().scale(), dKeys, dk.head(terms.key(term), head, 0, keys));
            }
            if (dv != null) {
                addTransposed(1, dValues, dv.head(terms.value(term), head, 0, keys));
            }
        }

        private void tile(int first, int count, @Nullable TokenMajor dq, boolean needsKeys, boolean needsValues) {
            Terms terms = inputs.terms();
            Matrix q = inputs.q().head(terms.query(term), head, first, count);
            Matrix dOut = inputs.dOut().head(terms.out(term), head, first, count);
            Matrix map = maps.rows(0, count);
            Matrix dMap = dMaps.rows(0, count);
            multiply(q, transposedKeys, map);
            softmax(map, first);
            if (needsValues) {
                tall.accumulate(dOut, map, dValues);
            }
            if (dq == null && !needsKeys) {
                return;
            }
            multiply(dOut, transposedValues, dMap);
            softmaxGradient(map, dMap);
            if (needsKeys) {
                tall.accumulate(q, dMap, dKeys);
            }
            if (dq != null) {
                Matrix product = dQueries.rows(0, count);
                multiply(dMap.columns(0, keys), keyPanels, product);
                addScaled(inputs.shape().scale(), product, dq.head(terms.query(term), head, first, count));
            }
        }

        private void multiply(Matrix a, Panels b, Matrix c) {
            for (int n = 0; n * b.width() < c.columns(); n++) {
                panels.multiply(a, b.panel(n), c.columns(n * b.width(), b.width()));
            }
        }

        /** Scores to probabilities. Columns that fill the last panel up are computed too, and hold nothing that is read. */
        private void softmax(Matrix map, int first) {
            AttentionShape shape = inputs.shape();
            if (shape.causal()) {
                Visible.mask(map, keys, first);
            }
            HeapBuffer sums = inputs.logSumExp();
            int at = sums.offset() + (term * shape.heads() + head) * shape.queries() + first;
            kernels.exponentials(map, Arrays.copyOfRange(sums.array(), at, at + map.rows()), map, new double[map.rows()]);
        }

        private void softmaxGradient(Matrix map, Matrix dMap) {
            for (int i = 0; i < map.rows(); i++) {
                int p = map.offset() + i * map.stride();
                int dp = dMap.offset() + i * dMap.stride();
                float d = (float) kernels.dot(map.array(), p, dMap.array(), dp, keys);
                kernels.softmaxGradient(map.array(), p, dMap.array(), dp, d, dMap.array(), dp, keys);
            }
        }
    }

    /** {@code y += factor·x} for the columns that {@code y} has. */
    private static void addScaled(float factor, Matrix x, Matrix y) {
        for (int i = 0; i < y.rows(); i++) {
            int from = x.offset() + i * x.stride();
            int to = y.offset() + i * y.stride();
            for (int j = 0; j < y.columns(); j++) {
                y.array()[to + j] += factor * x.array()[from + j];
            }
        }
    }

    /** {@code y += factor·xᵀ} for the columns of {@code x} that {@code y} has as rows. */
    private static void addTransposed(float factor, Matrix x, Matrix y) {
        for (int i = 0; i < y.rows(); i++) {
            int to = y.offset() + i * y.stride();
            for (int j = 0; j < y.columns(); j++) {
                y.array()[to + j] += factor * x.array()[x.offset() + j * x.stride() + i];
            }
        }
    }
}
