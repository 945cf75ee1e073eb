package io.heddle.nn;

import io.heddle.tensor.Tensor;

/** A table of vectors: ids to {@code [ids, width]}. */
public final class Embedding {
    private final Parameter weight;

    private Embedding(Parameter weight) {
        this.weight = weight;
    }

    /** Takes {@code weight [count, width]}. */
    public static Embedding load(ParameterScope at, int count, int width) {
        return new Embedding(at.take("weight", count, width));
    }

    /** The vectors of the ids {@code [ids.length, width]}. */
    public Tensor forward(int... ids) {
        return weight.tensor().gatherRows(ids);
    }

    /** The first {@code count} vectors {@code [count, width]}. */
    public Tensor first(int count) {
        return weight.tensor().rows(0, count);
    }
}
