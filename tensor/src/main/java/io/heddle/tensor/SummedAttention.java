package io.heddle.tensor;

import io.heddle.spi.AttentionKernels;
import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.AttentionKernels.Terms;

/**
 * What attention without a map makes of some rows, and what it summed on its way.
 *
 * @param out {@code [rows, queries, heads·dim]}
 * @param headSums the map of each term summed over the heads, {@code [terms, queries, keys]}
 */
public record SummedAttention(Tensor out, Tensor headSums) {
    static SummedAttention of(Tensor q, Tensor k, Tensor v, Terms terms, AttentionShape sizes) {
        FusedAttention.check(q, k, v, terms);
        if (sizes.keys() > AttentionKernels.MOST_SUMMED_KEYS) {
            throw new ShapeException("attention sums maps of up to " + AttentionKernels.MOST_SUMMED_KEYS + " keys over the heads, but there are "
                    + sizes.keys() + "; sum the map itself");
        }
        if (q.isRecorded() || k.isRecorded() || v.isRecorded()) {
            throw new NoBackwardException("sums of maps over the heads have no derivative where the map is not held; sum the map itself");
        }
        Device device = q.device();
        Tensor out = device.empty(Shape.of(terms.rows(), sizes.queries(), sizes.width()));
        Tensor sums = device.empty(Shape.of(terms.size(), sizes.queries(), sizes.keys()));
        device.backend().attention().fusedWithHeadSums(q.buffer(), k.buffer(), v.buffer(), terms, sizes, out.buffer(), sums.buffer());
        return new SummedAttention(out, sums);
    }
}
