package io.heddle.schedulers;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Which training steps a run of few steps visits. Lin et al. 2024, table 2. */
public enum TimestepSpacing {
    /** Multiples of the stride from 0, plus an offset: the last training step is never visited. */
    LEADING("leading"),
    /** Multiples of the stride from the last training step down: the first one is never visited. */
    TRAILING("trailing"),
    /** From the last training step to the first, evenly. */
    LINSPACE("linspace");

    private final String key;

    TimestepSpacing(String key) {
        this.key = key;
    }

    /** The spelling in configuration files. */
    public String key() {
        return key;
    }

    /**
     * How many steps a run takes, and of which.
     *
     * @param steps steps of the run
     * @param trainSteps training steps
     * @param offset added to {@link #LEADING} steps
     */
    record Run(int steps, int trainSteps, int offset) {
        Run {
            if (steps < 1 || steps > trainSteps) {
                throw new IllegalArgumentException("the number of steps must be from 1 to " + trainSteps + ", but is " + steps);
            }
        }

        /** The distance of two steps that samplers of training steps assume, whatever the spacing. */
        int stride() {
            return trainSteps / steps;
        }
    }

    /** The visited training steps in descending order. */
    int[] timesteps(Run run) {
        return switch (this) {
            case LEADING -> leading(run, run.stride(), 0);
            case TRAILING -> trailing(run);
            case LINSPACE -> evenly(run.trainSteps() - 1, run.steps()).mapToInt(t -> (int) Math.rint(t)).toArray();
        };
    }

    /** As {@link #timesteps}, but evenly spaced ones are not rounded to whole steps. */
    double[] fractionalTimesteps(Run run) {
        return this == LINSPACE
                ? evenly(run.trainSteps() - 1, run.steps()).map(t -> (float) t).toArray()
                : IntStream.of(timesteps(run)).asDoubleStream().toArray();
    }

    /** As {@link #timesteps}, but spaced as if one more step followed. */
    int[] timestepsBeforeLast(Run run) {
        return switch (this) {
            case LEADING -> leading(run, run.trainSteps() / (run.steps() + 1), 1);
            case TRAILING -> trailing(run);
            case LINSPACE -> evenly(run.trainSteps() - 1, run.steps() + 1).limit(run.steps()).mapToInt(t -> (int) Math.rint(t)).toArray();
        };
    }

    private static int[] leading(Run run, int stride, int first) {
        int last = (run.steps() - 1 + first) * stride + run.offset();
        if (stride == 0 || last >= run.trainSteps()) {
            throw new IllegalArgumentException(run.steps() + " steps with an offset of " + run.offset() + " do not fit into " + run.trainSteps()
                    + " training steps; take fewer");
        }
        return IntStream.range(0, run.steps()).map(k -> last - k * stride).toArray();
    }

    /** Element {@code k} is {@code T + k·((T − T/n) − T)}, as NumPy's {@code arange} computes it: this decides which way ties are rounded. */
    private static int[] trailing(Run run) {
        double last = run.trainSteps();
        double step = last - last / run.steps() - last;
        return IntStream.range(0, run.steps()).map(k -> (int) Math.rint(last + k * step) - 1).toArray();
    }

    /** {@code count} numbers from {@code last} down to 0; a single one is 0. */
    private static DoubleStream evenly(int last, int count) {
        double step = last / Math.max(1.0, count - 1);
        return IntStream.range(0, count).mapToDouble(k -> k == 0 && count > 1 ? last : (count - 1 - k) * step);
    }
}
