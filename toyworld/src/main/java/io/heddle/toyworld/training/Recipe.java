package io.heddle.toyworld.training;

import io.heddle.nn.Adam;
import io.heddle.nn.LearningRate;
import io.heddle.nn.Muon;
import io.heddle.nn.Optimiser;
import io.heddle.tensor.Tensor;
import java.util.regex.Pattern;

/**
 * How the weights of one network learn: Muon for matrices and kernels, AdamW for what is not a map between hidden features: biases, norms, embeddings, first
 * and last convolutions.
 *
 * @param batch samples of a step, a multiple of the number of shards
 * @param steps of the whole training
 * @param peakRate the largest learning rate of both optimisers
 * @param warmUp steps of the rise to it
 * @param weightDecay decoupled
 * @param averaging limit of the decay of the weights' moving average; 0 for the weights themselves
 */
public record Recipe(int batch, int steps, double peakRate, int warmUp, double weightDecay, double averaging) {
    private static final Pattern EDGE = Pattern.compile("(.*\\.)?(conv_in|conv_out|token_embedding|position_embedding)\\.weight");
    private static final int CROPS = 20;
    private static final int SAMPLES = 48;
    private static final int PICTURES = 6;
    private static final double PEAK_RATE = 2e-3;
    /** Of later courses, which begin with weights that are good already. */
    private static final double LATER_PEAK_RATE = 1e-3;
    private static final double AVERAGING = 0.998;
    private static final int WARM_UP = 60;
    private static final double MOMENTUM = 0.95;
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.99;
    private static final double EPSILON = 1e-8;

    /** The recipe of the embedded model's autoencoder for a number of crops. */
    static Recipe autoencoder(long crops) {
        return new Recipe(CROPS, steps(crops, CROPS), PEAK_RATE, WARM_UP, 1e-3, 0);
    }

    /** The recipe of the embedded model's text encoder and denoiser for a number of samples. */
    static Recipe denoiser(long samples) {
        return new Recipe(SAMPLES, steps(samples, SAMPLES), PEAK_RATE, WARM_UP, 0.01, AVERAGING);
    }

    /** The recipe of the embedded model's text encoder and denoiser in their second course. */
    static Recipe pairs(long samples) {
        return new Recipe(SAMPLES, steps(samples, SAMPLES), LATER_PEAK_RATE, WARM_UP, 0.01, AVERAGING);
    }

    /** The recipe of the embedded model's text encoder and denoiser in their third course; an average would remember how its beginning forgets little noise. */
    static Recipe order(long samples) {
        return new Recipe(SAMPLES, steps(samples, SAMPLES), LATER_PEAK_RATE, WARM_UP, 0.01, 0);
    }

    /** The recipe of the embedded model's decoder in its second course, for a number of whole pictures. */
    static Recipe decoder(long pictures) {
        return new Recipe(PICTURES, steps(pictures, PICTURES), LATER_PEAK_RATE, WARM_UP, 1e-3, AVERAGING);
    }

    private static int steps(long samples, int batch) {
        if (samples < batch || samples / batch > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a training of " + samples + " samples is not possible: a step takes " + batch);
        }
        return (int) (samples / batch);
    }

    /** Samples of the whole training. */
    long samples() {
        return (long) steps * batch;
    }

    /** The learning rate over the steps. */
    LearningRate learningRate() {
        return new LearningRate(peakRate, warmUp, steps);
    }

    /** The optimiser of a parameter. */
    Optimiser optimiser(String name, Tensor value) {
        return value.shape().rank() < 2 || EDGE.matcher(name).matches()
                ? Adam.of(value, BETA_1, BETA_2, EPSILON, weightDecay)
                : Muon.of(value, MOMENTUM, weightDecay);
    }
}
