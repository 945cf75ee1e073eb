/**
 * Prompt-to-Prompt: pictures are edited by changing words of their prompt while the attention of the source's generation is injected into the target's.
 * Hertz et al. 2022.
 */
@NullMarked
package io.heddle.editing.p2p;

import org.jspecify.annotations.NullMarked;
