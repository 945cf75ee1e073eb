package io.heddle.editing.p2p;

import io.heddle.attention.Step;
import io.heddle.editing.LatentBlend;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Keeps the source's latents where the user's mask forbids change.
 *
 * @param mask {@code [1, height, width, 1]} of any size; 1 where the picture may change, 0 where it may not
 */
record MaskBlend(Tensor mask, Source source) implements LatentBlend {
    @Override
    public Tensor blend(Step step, Tensor latents) {
        Tensor fitting = mask.resizeNearest(new Extent(latents.dim(1), latents.dim(2)));
        return mix(source.latents(step, latents), latents, source.firstSampled(), _ -> fitting);
    }

    /**
     * {@code x₀·(1 − m) + x·m} for each target: exactly {@code x} or {@code x₀} where the mask is 1 or 0. The source itself stays as it is.
     *
     * @param kept the source's latents {@code x₀}
     * @param firstPrompt the prompt of the first row
     * @param masks the mask of a prompt {@code [1, height, width, 1]}
     */
    static Tensor mix(Tensor kept, Tensor latents, int firstPrompt, IntFunction<Tensor> masks) {
        List<Tensor> rows = new ArrayList<>();
        for (int row = 0; row < latents.dim(0); row++) {
            int prompt = firstPrompt + row;
            if (prompt == Source.ROW.prompt()) {
                rows.add(latents.row(row));
            } else {
                Tensor mask = masks.apply(prompt);
                rows.add(kept.times(mask.negate().plus(1)).plus(latents.row(row).times(mask)));
            }
        }
        return Tensor.concat(0, rows);
    }
}
