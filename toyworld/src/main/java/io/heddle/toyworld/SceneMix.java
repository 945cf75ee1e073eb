package io.heddle.toyworld;

/**
 * The shares of the layouts among random scenes; all others have one thing.
 *
 * @param pairs share with two things in a relation, 0..1
 * @param crowds share with 2 to 6 things more anywhere, over one another too, 0..1: for autoencoders, no caption describes them
 */
public record SceneMix(double pairs, double crowds) {
    /** One thing in every scene. */
    public static final SceneMix SINGLES = new SceneMix(0, 0);

    /** Two things in every scene. */
    public static final SceneMix PAIRS = new SceneMix(1, 0);

    /** What a text-to-image model learns from. */
    public static final SceneMix CAPTIONED = new SceneMix(0.35, 0);

    /** What teaches a text-to-image model which word belongs to which thing. */
    public static final SceneMix COMPOSED = new SceneMix(0.7, 0);

    /** What an autoencoder learns from. */
    public static final SceneMix CROWDED = new SceneMix(0, 0.6);

    /** Refuses shares that are none. */
    public SceneMix {
        if (!(pairs >= 0 && crowds >= 0 && pairs + crowds <= 1)) {
            throw new IllegalArgumentException("shares of scenes must be 0 or more and at most 1 together, but are " + pairs + " and " + crowds);
        }
    }
}
