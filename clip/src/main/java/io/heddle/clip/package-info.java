/**
 * CLIP's text side: the byte-level tokenizer, the words of a prompt and the tokens they became, and the text encoder. Radford et al. 2021, "Learning
 * Transferable Visual Models From Natural Language Supervision".
 */
@NullMarked
package io.heddle.clip;

import org.jspecify.annotations.NullMarked;
