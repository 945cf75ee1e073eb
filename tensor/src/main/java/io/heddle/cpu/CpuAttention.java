package io.heddle.cpu;

import io.heddle.spi.AttentionKernels;
import io.heddle.spi.Buffer;
import org.jspecify.annotations.Nullable;

/** Attention by blocks of queries. The tasks are cut by the shape alone, and every product has the shape of one block of one head. */
final class CpuAttention implements AttentionKernels {
    /** Queries of a task where maps are held. */
    private static final int BLOCK = 128;

    private final Workers workers;
    private final Kernels kernels;
    private final Gemm gemm;
    private final AttentionForward forward;
    private final AttentionBackward backward;

    CpuAttention(Workers workers, Kernels kernels, Gemm gemm, PanelGemm panels) {
        this.workers = workers;
        this.kernels = kernels;
        this.gemm = gemm;
        this.forward = new AttentionForward(workers, kernels, panels);
        this.backward = new AttentionBackward(workers, kernels, panels, new TallProduct(gemm));
    }

    @Override
    public void fused(Buffer q, Buffer k, Buffer v, Terms terms, AttentionShape shape, Buffer out, @Nullable Buffer logSumExp) {
        forward(q, k, v, terms, shape, out, logSumExp, null);
    }

    @Override
    public void fusedWithHeadSums(Buffer q, Buffer k, Buffer v, Terms terms, AttentionShape shape, Buffer out, Buffer headSums) {
        forward(q, k, v, terms, shape, out, null, headSums);
    }

    private void forward(
            Buffer q,
            Buffer k,
            Buffer v,
            Terms terms,
            AttentionShape shape,
            Buffer out,
            @Nullable Buffer logSumExp,
            @Nullable Buffer headSums) {
        forward.run(
                TokenMajor.ofQueries(q, shape),
                TokenMajor.ofKeys(k, shape),
                TokenMajor.ofKeys(v, shape),
                terms,
                shape,
                TokenMajor.ofQueries(out, shape),
                logSumExp == null ? null : HeapBuffer.of(logSumExp),
                headSums == null ? null : Matrix.of(headSums, (long) terms.size() * shape.queries(), shape.keys()));
    }

    @Override
    public void fusedGradient(
            Buffer q,
            Buffer k,
            Buffer v,
            Terms terms,
            AttentionShape shape,
            Buffer logSumExp,
            Buffer dOut,
            @Nullable Buffer dq,
            @Nullable Buffer dk,
            @Nullable Buffer dv) {
        backward.run(
                new AttentionBackward.Inputs(
                        TokenMajor.ofQueries(q, shape),
                        TokenMajor.ofKeys(k, shape),
                        TokenMajor.ofKeys(v, shape),
                        terms,
                        shape,
                        HeapBuffer.of(logSumExp),
                        TokenMajor.ofQueries(dOut, shape)),
                dq == null ? null : TokenMajor.ofQueries(dq, shape),
                dk == null ? null : TokenMajor.ofKeys(dk, shape),
                dv == null ? null : TokenMajor.ofKeys(dv, shape));
    }

    @Override
    public void map(Buffer q, Buffer k, int[] query, int[] key, AttentionShape shape, QueryWindow window, Buffer map) {
        TokenMajor queries = TokenMajor.ofQueries(q, shape);
        TokenMajor keys = TokenMajor.ofKeys(k, shape);
        HeapBuffer to = HeapBuffer.of(map);
        Chunks blocks = new Chunks(window.count(), BLOCK);
        workers.run(query.length * shape.heads() * blocks.count(), task -> {
            int first = blocks.from(task % blocks.count());
            int count = blocks.length(task % blocks.count());
            int plane = task / blocks.count();
            int head = plane % shape.heads();
            int n = plane / shape.heads();
            Matrix scores = Matrix.of(to.array(), to.offset() + (plane * window.count() + first) * shape.keys(), count, shape.keys());
            Matrix q0 = queries.head(query[n], head, window.first() + first, count);
            gemm.multiply(shape.scale(), q0, keys.head(key[n], head, 0, shape.keys()).transpose(), 0, scores);
            if (shape.causal()) {
                Visible.mask(scores, shape.keys(), window.first() + first);
            }
            Softmax.of(kernels, scores, scores);
        });
    }

    @Override
    public void applyMap(Buffer map, Buffer v, int[] value, AttentionShape shape, Buffer out) {
        HeapBuffer from = HeapBuffer.of(map);
        TokenMajor values = TokenMajor.ofKeys(v, shape);
        TokenMajor to = TokenMajor.ofQueries(out, shape);
        Chunks blocks = new Chunks(shape.queries(), BLOCK);
        workers.run(value.length * shape.heads() * blocks.count(), task -> {
            int first = blocks.from(task % blocks.count());
            int count = blocks.length(task % blocks.count());
            int plane = task / blocks.count();
            int head = plane % shape.heads();
            int n = plane / shape.heads();
            Matrix weights = Matrix.of(from.array(), from.offset() + (plane * shape.queries() + first) * shape.keys(), count, shape.keys());
            gemm.multiply(1, weights, values.head(value[n], head, 0, shape.keys()), 0, to.head(n, head, first, count));
        });
    }
}
