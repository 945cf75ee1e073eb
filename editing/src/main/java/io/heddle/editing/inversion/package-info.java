/**
 * Real pictures made editable: from a picture to the noise, and to the text for each step, from which sampling leads back to it.
 *
 * <pre>{@code
 * SourceText text = SourceText.of(model, "a cat next to a mirror");
 * Inverter inverter = Inverter.of(model, 50, 7.5, false);
 * try (Inversion inversion = inverter.invert(model.encode(picture), text, new NullTextInversion(Tuning.NULL_TEXT))) {
 *     EditRecipe recipe = inversion.pin(edit.recipe(inversion.conditioning(targets), Guidance.classifierFree(7.5)));
 *     Tensor edited = sampler.run(inversion.start(), recipe, SamplingListener.NONE);
 * }
 * }</pre>
 */
@NullMarked
package io.heddle.editing.inversion;

import org.jspecify.annotations.NullMarked;
