package io.heddle.editing;

import io.heddle.attention.AttentionTaps;

/**
 * An editing method as the sampling loop sees it: four seams, each with an identity. Plain text-to-image is the recipe without taps and blend.
 *
 * @param conditioning what text conditions each prompt at each step
 * @param taps what is read and changed in attention layers
 * @param guidance how conditional and unconditional predictions become one
 * @param blend what happens to the latents after each step
 */
public record EditRecipe(Conditioning conditioning, AttentionTaps taps, Guidance guidance, LatentBlend blend) {
    /** Text-to-image. */
    public static EditRecipe plain(Conditioning conditioning, Guidance guidance) {
        return new EditRecipe(conditioning, AttentionTaps.none(), guidance, LatentBlend.NONE);
    }

    /** This recipe with more taps. */
    public EditRecipe withTaps(AttentionTaps more) {
        return new EditRecipe(conditioning, taps.and(more), guidance, blend);
    }
}
