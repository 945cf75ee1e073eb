/** The autoencoder of Stable Diffusion: {@code AutoencoderKL} of Rombach et al. 2022, section 3.1, between pictures and latents. */
@NullMarked
package io.heddle.vae;

import org.jspecify.annotations.NullMarked;
