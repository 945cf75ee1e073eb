/**
 * DragonDiffusion: editing by dragging. Mou et al. 2024, "DragonDiffusion: Enabling Drag-style Manipulation on Diffusion Models" (ICLR), and what "DiffEditor"
 * (CVPR 2024) adds to it.
 *
 * <p>A picture is led to noise, and a {@link io.heddle.editing.dragon.MemoryBank} keeps its latents, keys and values on the way. On the way back energies
 * compare the decoder's features with the picture's, cell by cell as the edit pairs them, and their gradient corrects the noise that the network
 * predicts, while the decoder's self-attention looks at the bank's keys and values.
 *
 * <pre>{@code
 * Move move = new Move(object, new Point(40, 0), 1);
 * DragonSettings settings = DragonSettings.of(move);
 * try (SourceText text = SourceText.of(model, "a red ball on the grass");
 *         MemoryBank bank = MemoryBank.invert(network, clean, text, settings)) {
 *     Tensor edited = DragonDiffusion.of(network, picture, bank, move, settings).run(SamplingListener.NONE);
 * }
 * }</pre>
 */
@NullMarked
package io.heddle.editing.dragon;

import org.jspecify.annotations.NullMarked;
