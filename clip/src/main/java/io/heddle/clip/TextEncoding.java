package io.heddle.clip;

import io.heddle.tensor.Tensor;

/**
 * What the text encoder says of prompts.
 *
 * @param tokens last hidden state after the final normalisation {@code [prompts, tokens, width]}: what the UNet attends to
 * @param pooled its row at the end of the text {@code [prompts, width]}
 */
public record TextEncoding(Tensor tokens, Tensor pooled) {}
