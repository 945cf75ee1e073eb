package io.heddle.editing.imagic;

import io.heddle.image.Picture;

/**
 * A diffusion model that enlarges pictures: the auxiliary stage of Imagic. The paper has it for Imagen, whose pictures are 64 pixels wide: in parallel to
 * stage B the model is tuned to the input at full size with the same loss, but on the target's encoding instead of the optimised one, because what it will
 * enlarge is the edited picture; after stage C it enlarges with the same encoding. Kawar et al. 2023, section 3.2. For Stable Diffusion the paper has no such
 * stage, its pictures leave the autoencoder at full size.
 *
 * <p>No checkpoint that is passed on in the diffusers layout can be loaded yet. The ×4 upscaler of Stable Diffusion 2 needs of the network: seven input
 * channels for four output channels (the latent beside the noised small picture), a table that adds an embedding of the small picture's noise level to the
 * time's ({@code num_class_embeds}), levels whose first attention looks at the text, too ({@code only_cross_attention}), and a small picture's own noise
 * schedule; its three-level autoencoder can be loaded. The ×2 latent upscaler is another network: blocks of K-diffusion with normalisations that are
 * modulated by time ({@code KDownBlock2D}, {@code KCrossAttnUpBlock2D}), Fourier features of time, convolutions of 1×1 at both ends.
 */
public interface SuperResolution {
    /**
     * Tunes the model to the picture that is edited.
     *
     * @param original the input at full size
     * @param target what the edited picture should show
     * @param descent 1500 steps in the paper
     */
    void tune(Picture original, String target, Descent descent);

    /** The edited picture at full size. */
    Picture enlarge(Picture edited, String target);
}
