package io.heddle.editing.dragon;

/**
 * What "DiffEditor" adds. Mou et al. 2024, CVPR.
 *
 * @param etaInside how much new noise the edited region gets in the second fifth of the run, 0 (none) to 1 (as in training): regional SDE
 * @param etaOutside the same for the rest
 * @param passes how often a guided step is made in the late part of guidance, with a deterministic step back to noise between: time travel. From 2 on,
 *     guidance pauses at every second step after the first fifth
 * @param seed of the new noise
 */
public record DiffEditor(double etaInside, double etaOutside, int passes, long seed) {
    /** As published: noise inside only, three passes. */
    public static final DiffEditor PUBLISHED = new DiffEditor(0.4, 0, 3, 42);

    /** Refuses shares of noise beyond training's, and no pass at all. */
    public DiffEditor {
        if (!(0 <= etaInside && etaInside <= 1 && 0 <= etaOutside && etaOutside <= 1) || passes < 1) {
            throw new IllegalArgumentException("shares of new noise lie between 0 and 1 and passes are at least 1, but got " + etaInside + ", "
                    + etaOutside + " and " + passes);
        }
    }

    /** Whether guided steps are repeated. */
    boolean travels() {
        return passes > 1;
    }

    /** Whether steps get new noise anywhere. */
    boolean isStochastic() {
        return etaInside > 0 || etaOutside > 0;
    }
}
