/**
 * Checkpoints on disk: the safetensors container, shards, the folder layout of the diffusers library, single files in the layout of the original
 * code, the local Hugging Face cache, and the configuration files beside the weights.
 *
 * <p>{@link io.heddle.weights.ModelLocation#resolve} finds a model, {@link io.heddle.weights.ModelLocation#open} maps one of its networks under the
 * names of the folder layout, and {@link io.heddle.weights.Checkpoint#load} hands a {@link io.heddle.weights.WeightSource} to the code that builds the
 * network. Nothing here knows tensors or networks: values leave as {@code float[]}. Whatever is wrong with a file ends in one
 * {@link io.heddle.weights.WeightException} whose message is one sentence. Files are never trusted and pickles never read.
 */
@NullMarked
package io.heddle.weights;

import org.jspecify.annotations.NullMarked;
