package io.heddle.schedulers;

import io.heddle.tensor.Tensor;

/** What a network was trained to say about a noisy latent. */
public enum Prediction {
    /** The noise. Ho et al. 2020. */
    EPSILON("epsilon"),
    /** The velocity {@code √ᾱ·ε − √(1 − ᾱ)·x_0}. Salimans and Ho 2022. */
    VELOCITY("v_prediction"),
    /** The clean latent. */
    SAMPLE("sample");

    private final String key;

    Prediction(String key) {
        this.key = key;
    }

    /** The spelling in configuration files. */
    public String key() {
        return key;
    }

    /** The clean latent that an output implies, in {@code x = signal·x_0 + noise·ε}. */
    Tensor clean(Tensor output, Tensor x, float signal, float noise) {
        return switch (this) {
            case EPSILON -> x.minus(output.times(noise)).dividedBy(signal);
            case VELOCITY -> x.times(signal).minus(output.times(noise));
            case SAMPLE -> output;
        };
    }

    /** The noise that an output implies, in {@code x = signal·x_0 + noise·ε}. */
    Tensor noise(Tensor output, Tensor x, float signal, float noise) {
        return switch (this) {
            case EPSILON -> output;
            case VELOCITY -> output.times(signal).plus(x.times(noise));
            case SAMPLE -> x.minus(output.times(signal)).dividedBy(noise);
        };
    }

    /** How much the implied clean latent changes with the output. */
    double cleanSlope(double signal, double noise) {
        return switch (this) {
            case EPSILON -> -noise / signal;
            case VELOCITY -> -noise;
            case SAMPLE -> 1;
        };
    }

    /** How much the implied noise changes with the output. */
    double noiseSlope(double signal, double noise) {
        return switch (this) {
            case EPSILON -> 1;
            case VELOCITY -> signal;
            case SAMPLE -> -signal / noise;
        };
    }
}
