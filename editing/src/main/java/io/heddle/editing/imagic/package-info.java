/**
 * Imagic: an embedding and the network are tuned to one picture, then the embedding is led towards a target prompt. Kawar et al. 2023, "Imagic: Text-Based
 * Real Image Editing with Diffusion Models".
 *
 * <pre>{@code
 * Imagic imagic = Imagic.of(model, ImagicSettings.STABLE_DIFFUSION);
 * try (Checkpoint base = location.open(Component.UNET);
 *         ImagicRun run = imagic.prepare(model.encode(picture), "a bird spreading wings", model.encode("a bird spreading wings"), base::take);
 *         ImagicEdit edit = run.finish(_ -> {})) {
 *     EditRecipe recipe = edit.recipe(List.of(0.0, 0.6, 0.8), model.encode(""), 7.5);
 *     Tensor edited = sampler.run(model.noise(0, latent), recipe, SamplingListener.NONE);
 * }
 * }</pre>
 */
@NullMarked
package io.heddle.editing.imagic;

import org.jspecify.annotations.NullMarked;
