package io.heddle.tensor;

import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code out = P·v} for a map held as a tensor;  {@code dP = dO·vᵀ, dv = Pᵀ·dO}. */
record ApplyMap(Tensor map, Tensor v, int[] value, AttentionShape sizes, Shape shape) implements Op {
    static ApplyMap of(Tensor map, Tensor v, int[] value, AttentionShape sizes) {
        GatherRows.requireRows("applyMap's values", v, value);
        return new ApplyMap(map, v, value.clone(), sizes, Shape.of(value.length, sizes.queries(), sizes.width()));
    }

    @Override
    public String name() {
        return "applyMap";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(map, v);
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        backend.attention().applyMap(map.buffer(), v.buffer(), value, sizes, out);
    }

    @Override
    public @Nullable Tensor[] backward(Tensor y, Tensor dy) {
        Tensor dHeads = Heads.split(dy, sizes.heads());
        Tensor values = Heads.split(v.detach().gatherRows(value), sizes.heads());
        return new @Nullable Tensor[] {
            needs(map) ? dHeads.matmulTransposed(values) : null,
            needs(v) ? AttentionMap.scatter(Heads.merge(map.detach().permute(0, 1, 3, 2).matmul(dHeads)), value, v) : null
        };
    }
}
