package io.heddle.toyworld.training;

import io.heddle.random.TorchGenerator;
import io.heddle.toyworld.Split;
import java.util.Random;

/**
 * The source of all that is random in a training: a generator for each use, step and place, so that nothing depends on what was drawn before.
 *
 * @param seed of the training
 */
record Draws(long seed) {
    private static final int PLACE_BITS = 20;
    /** {@link Split} numbers scenes with 46 bits. */
    private static final int UNUSED_BITS = 18;

    /** What random numbers are for; no two uses share any. */
    enum Use {
        AUTOENCODER_WEIGHTS, AUTOENCODER_BATCH, STATISTICS, POOL, DENOISER_WEIGHTS, DENOISER_BATCH, VALIDATION, PAIR_POOL, PAIR_BATCH, DECODER_BATCH,
        ORDER_BATCH
    }

    /** The generator of one place of the batch of one step. */
    Random at(Use use, long step, int index) {
        Split split = use == Use.VALIDATION ? Split.VALIDATION : Split.TRAINING;
        return split.random(mix(seedOf(use) + (step << PLACE_BITS) + index) >>> UNUSED_BITS);
    }

    /** The seed of a use that has no steps. */
    long seedOf(Use use) {
        return mix(mix(seed) + use.ordinal());
    }

    /** Standard normal numbers. */
    static float[] normals(Random random, int count) {
        return new TorchGenerator(random.nextInt()).randn(count);
    }

    /** A bijection that leaves no trace of an order in its results. Steele et al. 2014, "Fast splittable pseudorandom number generators", figure 17. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
