package io.heddle.tensor;

import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code out = Σ over a row's terms: softmax(s·q·kᵀ)·v}, the maps never held. With {@code P} recomputed: {@code dv = Pᵀ·dO}, {@code dP = dO·vᵀ},
 * {@code dS = P ∘ (dP − Σ P·dP)}, {@code dq = s·dS·k}, {@code dk = s·dSᵀ·q}. Dao et al. 2022, "FlashAttention".
 */
record FusedAttention(Tensor q, Tensor k, Tensor v, Terms terms, AttentionShape sizes, Shape shape, @Nullable Tensor logSumExp) implements Op {
    static FusedAttention of(Tensor q, Tensor k, Tensor v, Terms terms, AttentionShape sizes) {
        check(q, k, v, terms);
        boolean recorded = q.isRecorded() || k.isRecorded() || v.isRecorded();
        Tensor logSumExp = recorded ? q.device().empty(Shape.of(terms.size(), sizes.heads(), sizes.queries())) : null;
        return new FusedAttention(q, k, v, terms, sizes, Shape.of(terms.rows(), sizes.queries(), sizes.width()), logSumExp);
    }

    /** Refuses values and terms that do not fit. */
    static void check(Tensor q, Tensor k, Tensor v, Terms terms) {
        if (!v.shape().equals(k.shape().with(0, v.dim(0)))) {
            throw new ShapeException("attention: values " + v.shape() + " need the tokens and the width of keys " + k.shape());
        }
        for (int term = 0; term < terms.size(); term++) {
            GatherRows.requireRows("attention's queries", q, terms.query(term));
            GatherRows.requireRows("attention's keys", k, terms.key(term));
            GatherRows.requireRows("attention's values", v, terms.value(term));
        }
    }

    @Override
    public String name() {
        return "attention";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(q, k, v);
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        backend.attention().fused(q.buffer(), k.buffer(), v.buffer(), terms, sizes, out, Functional.buffer(logSumExp));
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return List.of(q, k, v, Objects.requireNonNull(logSumExp));
    }

    @Override
    public @Nullable Tensor[] backward(Tensor y, Tensor dy) {
        Device device = dy.device();
        Tensor dq = needs(q) ? device.empty(q.shape()) : null;
        Tensor dk = needs(k) ? device.empty(k.shape()) : null;
        Tensor dv = needs(v) ? device.empty(v.shape()) : null;
        Buffer saved = Objects.requireNonNull(logSumExp).buffer();
        device.backend().attention().fusedGradient(q.buffer(), k.buffer(), v.buffer(), terms, sizes, saved, dy.buffer(), Functional.buffer(dq),
                Functional.buffer(dk), Functional.buffer(dv));
        return new @Nullable Tensor[] {dq, dk, dv};
    }
}
