package io.heddle.tensor;

import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.AttentionKernels.QueryWindow;
import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code P = softmax(s·q·kᵀ)} as a tensor;  {@code dS = P ∘ (dP − Σ P·dP), dq = s·dS·k, dk = s·dSᵀ·q}. */
record AttentionMap(Tensor q, Tensor k, int[] query, int[] key, AttentionShape sizes, QueryWindow window, Shape shape) implements Op {
    static AttentionMap of(Tensor q, Tensor k, int[] query, int[] key, AttentionShape sizes, QueryWindow window) {
        if (query.length != key.length) {
            throw new ShapeException("attentionMap: " + query.length + " rows of queries were given " + key.length + " rows of keys");
        }
        GatherRows.requireRows("attentionMap's queries", q, query);
        GatherRows.requireRows("attentionMap's keys", k, key);
        long end = (long) window.first() + window.count();
        if (window.first() < 0 || window.count() < 0 || end > sizes.queries()) {
            throw new ShapeException("attentionMap of " + q.shape() + ": queries " + window.first() + " to " + end + " do not exist");
        }
        Shape shape = Shape.of(query.length, sizes.heads(), window.count(), sizes.keys());
        return new AttentionMap(q, k, query.clone(), key.clone(), sizes, window, shape);
    }

    @Override
    public String name() {
        return "attentionMap";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(q, k);
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        backend.attention().map(q.buffer(), k.buffer(), query, key, sizes, window, out);
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return List.of(q, k, y);
    }

    @Override
    public @Nullable Tensor[] backward(Tensor y, Tensor dy) {
        Device device = dy.device();
        Tensor dScores = device.empty(shape);
        device.backend().reduction().softmaxGradient(y.buffer(), sizes.keys(), dy.buffer(), dScores.buffer());
        Tensor scaled = dScores.times(sizes.scale());
        Tensor queries = Heads.split(windowed(q.detach().gatherRows(query)), sizes.heads());
        Tensor keys = Heads.split(k.detach().gatherRows(key), sizes.heads());
        return new @Nullable Tensor[] {
            needs(q) ? scatter(unwindowed(Heads.merge(scaled.matmul(keys))), query, q) : null,
            needs(k) ? scatter(Heads.merge(scaled.permute(0, 1, 3, 2).matmul(queries)), key, k) : null
        };
    }

    private Tensor windowed(Tensor tokens) {
        return tokens.slice(1, window.first(), window.count());
    }

    private Tensor unwindowed(Tensor gradient) {
        Device device = gradient.device();
        int after = sizes.queries() - window.first() - window.count();
        Tensor before = device.zeros(gradient.shape().with(1, window.first()));
        return Tensor.concat(1, before, gradient, device.zeros(gradient.shape().with(1, after)));
    }

    static Tensor scatter(Tensor gradient, int[] rows, Tensor target) {
        Tensor sum = target.device().zeros(target.shape());
        int width = Math.toIntExact(target.shape().after(0));
        target.device().backend().movement().scatterAddRowsInPlace(gradient.buffer(), width, rows, sum.buffer());
        return sum;
    }
}
