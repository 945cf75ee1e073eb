package io.heddle.nn;

import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;

/** An exponential moving average of a tensor that changes: {@code a ← d·a + (1 − d)·x}, whose decay d grows from 0.1 to a limit. */
public final class MovingAverage implements AutoCloseable {
    private final Tensor average;
    private final double limit;

    private MovingAverage(Tensor start, double limit) {
        this.average = start.times(1).unscoped();
        this.limit = limit;
    }

    /** An average that starts at a value. */
    public static MovingAverage of(Tensor start, double limit) {
        return new MovingAverage(start, limit);
    }

    /** The decay after a number of updates: {@code min(limit, (1 + n)/(10 + n))}. */
    double decay(int updates) {
        return Math.min(limit, (1.0 + updates) / (10.0 + updates));
    }

    /**
     * Takes the value in.
     *
     * @param updates how many were taken in before
     */
    public void update(Tensor value, int updates) {
        float decay = (float) decay(updates);
        try (Scope _ = value.device().scope()) {
            average.assign(average.times(decay).plus(value.times(1 - decay)));
        }
    }

    /** The average, which {@link #update} changes in place. */
    public Tensor tensor() {
        return average;
    }

    @Override
    public void close() {
        average.close();
    }
}
