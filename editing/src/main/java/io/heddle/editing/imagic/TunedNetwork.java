package io.heddle.editing.imagic;

import io.heddle.nn.Parameter;
import io.heddle.weights.WeightSource;
import java.util.List;
import java.util.function.Function;

/** A network whose weights are tuned in place, and what they were before. Closing it gives the network the weights back that it had. */
final class TunedNetwork implements AutoCloseable {
    private final List<Parameter> weights;
    private final WeightSource base;
    private boolean tuned;
    private boolean settled;

    /**
     * A network about to be tuned.
     *
     * @param weights those that are tuned
     * @param base has them as they are now
     */
    TunedNetwork(List<Parameter> weights, WeightSource base) {
        this.weights = weights;
        this.base = base;
    }

    /** The weights that are tuned. */
    List<Parameter> weights() {
        return weights;
    }

    /** Says that the weights are no longer the base's. */
    void changed() {
        tuned = true;
        settled = false;
    }

    /** What tuning has added to a weight, in the checkpoint's order. */
    float[] difference(Parameter weight) {
        float[] difference = weight.toCheckpoint();
        float[] before = weight.in(base);
        for (int i = 0; i < difference.length; i++) {
            difference[i] -= before[i];
        }
        return difference;
    }

    /** Makes all weights the base's and a difference. */
    void add(Function<Parameter, float[]> differences) {
        changed();
        for (Parameter weight : weights) {
            float[] sum = weight.in(base);
            float[] difference = differences.apply(weight);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += difference[i];
            }
            weight.assign(sum);
        }
        settled = true;
    }

    /**
     * Rounds the weights to sums of the base and a difference in float32, a unit in the last place at most: the bits that a file of differences gives back.
     */
    void settle() {
        if (tuned && !settled) {
            add(this::difference);
        }
    }

    @Override
    public void close() {
        if (tuned) {
            weights.forEach(weight -> weight.assign(weight.in(base)));
            tuned = false;
        }
    }
}
