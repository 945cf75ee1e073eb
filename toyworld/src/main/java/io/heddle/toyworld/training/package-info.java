/**
 * The training of the embedded model: an autoencoder first, then text encoder and denoiser together, on pictures of the toy world. Every random choice is a
 * function of the seed, the step and the place in the batch, and the batch is cut into a fixed number of shards: the weights are the same bits for any
 * number of threads and any number of interruptions.
 */
@NullMarked
package io.heddle.toyworld.training;

import org.jspecify.annotations.NullMarked;
