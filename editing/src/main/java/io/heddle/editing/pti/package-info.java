/** Prompt Tuning Inversion's editing: the embeddings that reconstruct a picture are led towards a target prompt. Dong et al. 2023. */
@NullMarked
package io.heddle.editing.pti;

import org.jspecify.annotations.NullMarked;
