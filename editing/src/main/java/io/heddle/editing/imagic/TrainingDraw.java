package io.heddle.editing.imagic;

import io.heddle.tensor.Tensor;
import java.util.List;

/**
 * The random part of one training step.
 *
 * @param timesteps the noise level of each row, from 0
 * @param noise of unit variance, {@code [rows, height, width, 4]}
 */
public record TrainingDraw(List<Integer> timesteps, Tensor noise) {}
