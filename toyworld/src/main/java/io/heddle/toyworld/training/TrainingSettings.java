package io.heddle.toyworld.training;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/**
 * What is trained, and for how long. Two trainings with equal settings make the same bits.
 *
 * @param architecture sizes of the networks
 * @param seed of everything random
 * @param autoencoder recipe of the autoencoder
 * @param denoiser recipe of text encoder and denoiser
 * @param pairs recipe of their second course, on scenes of which most have two things
 * @param order recipe of their third course, most of it on scenes of two things in nearly nothing but noise
 * @param decoder recipe of the decoder's second course, in which the latents stay as they are
 * @param crop height and width in pixels of the autoencoder's crops
 * @param pool pictures that the denoiser's first course and the decoder's second learn from
 * @param pairPool pictures that the denoiser's second and third course learn from
 * @param validation pictures that each validation measures on
 * @param shards parts of a batch that are computed side by side; another number gives other bits
 */
public record TrainingSettings(Architecture architecture, long seed, Recipe autoencoder, Recipe denoiser, Recipe pairs, Recipe order, Recipe decoder,
        int crop, int pool, int pairPool, int validation, int shards) {
    private static final int CROP = 64;
    private static final int SMALLEST_POOL = 4;
    private static final int VALIDATION = 192;
    private static final int STATISTICS = 512;
    private static final int SHARDS = 2;
    private static final Gson JSON = new GsonBuilder().setPrettyPrinting().create();

    /**
     * The embedded model's.
     *
     * @param crops that the autoencoder learns from
     * @param samples that text encoder and denoiser see in their first course
     * @param pairSamples that they see in their second
     * @param orderSamples that they see in their third
     * @param decoded pictures that the decoder sees in its second course
     * @param pool different pictures in the first
     * @param pairPool different pictures in the second and the third
     * @throws IllegalArgumentException if a course has fewer samples than one step takes, or the pool fewer than 4 pictures
     */
    public static TrainingSettings embedded(long seed, long crops, long samples, long pairSamples, long orderSamples, long decoded, int pool,
            int pairPool) {
        if (Math.min(pool, pairPool) < SMALLEST_POOL) {
            throw new IllegalArgumentException(
                    "the denoiser cannot learn from " + Math.min(pool, pairPool) + " pictures: expected " + SMALLEST_POOL + " or more");
        }
        return new TrainingSettings(Architecture.embedded(), seed, Recipe.autoencoder(crops), Recipe.denoiser(samples),
                Recipe.pairs(pairSamples), Recipe.order(orderSamples), Recipe.decoder(decoded), CROP, pool, pairPool, Math.min(VALIDATION, pool),
                SHARDS);
    }

    /** These settings as a file has them. */
    public String toJson() {
        return JSON.toJson(this) + "\n";
    }

    /** The recipe of a course of text encoder and denoiser. */
    Recipe recipe(DenoiserCourse course) {
        return switch (course) {
            case FIRST -> denoiser;
            case PAIRS -> pairs;
            case ORDER -> order;
        };
    }

    /** How many pictures of a set are encoded. */
    int count(PictureSet pictures) {
        return switch (pictures) {
            case SINGLES -> pool;
            case PAIRS -> pairPool;
            case VALIDATION -> validation;
        };
    }

    /** Whole pictures that the autoencoder is measured on: each costs as much as several latents cost the denoiser. */
    int validationPictures() {
        return Math.max(1, validation / 4);
    }

    /** Pictures whose latents are measured before whitening. */
    int statistics() {
        return Math.min(STATISTICS, pool);
    }
}
