package io.heddle.toyworld.training;

/**
 * What is trained, and for how long. Two trainings with equal settings make the same bits.
 *
 * @param architecture sizes of the networks
 * @param seed of everything random
 * @param autoencoder recipe of the autoencoder
 * @param denoiser recipe of text encoder and denoiser
 * @param crop height and width in pixels of the autoencoder's crops
 * @param pool pictures that the denoiser learns from
 * @param validation pictures that each validation measures on
 * @param shards parts of a batch that are computed side by side; another number gives other bits
 */
public record TrainingSettings(Architecture architecture, long seed, Recipe autoencoder, Recipe denoiser, int crop, int pool, int validation,
        int shards) {
    private static final int CROP = 64;
    private static final int POOL = 24_576;
    private static final int VALIDATION = 192;
    private static final int SHARDS = 2;

    /**
     * The embedded model's.
     *
     * @param crops that the autoencoder learns from
     * @param pictures that text encoder and denoiser see
     */
    public static TrainingSettings embedded(long seed, long crops, long pictures) {
        return new TrainingSettings(
                Architecture.embedded(), seed, Recipe.autoencoder(crops), Recipe.denoiser(pictures), CROP, POOL, VALIDATION, SHARDS);
    }
}
