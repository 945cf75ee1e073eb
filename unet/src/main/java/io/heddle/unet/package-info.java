/**
 * The denoising network of Stable Diffusion: {@code UNet2DConditionModel} of Rombach et al. 2022, figure 3. One class for each box of the figure; the
 * names of parameters are the checkpoint's.
 */
@NullMarked
package io.heddle.unet;

import org.jspecify.annotations.NullMarked;
