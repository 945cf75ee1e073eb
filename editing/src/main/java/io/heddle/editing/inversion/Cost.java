package io.heddle.editing.inversion;

/**
 * What an inversion spent.
 *
 * @param forward rows that the network evaluated
 * @param backward rows that gradients were computed of
 */
public record Cost(long forward, long backward) {
    /** Nothing yet. */
    static final Cost NONE = new Cost(0, 0);

    Cost plus(long moreForward, long moreBackward) {
        return new Cost(forward + moreForward, backward + moreBackward);
    }
}
