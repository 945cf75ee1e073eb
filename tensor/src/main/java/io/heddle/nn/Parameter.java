package io.heddle.nn;

import io.heddle.tensor.Recording;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.weights.WeightSource;
import org.jspecify.annotations.Nullable;

/**
 * A named weight of a network: its name is the checkpoint's path, its shape the checkpoint's. Convolution weights are held channels-last and are
 * re-ordered when they are read from and written to checkpoints.
 */
public final class Parameter {
    private final String name;
    private final Shape checkpointShape;
    private final Tensor value;
    private final boolean channelsLast;
    private @Nullable Tensor watched;

    Parameter(String name, Shape checkpointShape, Tensor value, boolean channelsLast) {
        this.name = name;
        this.checkpointShape = checkpointShape;
        this.value = value;
        this.channelsLast = channelsLast;
    }

    /** The path in the checkpoint, such as {@code mid_block.resnets.0.conv1.weight}. */
    public String name() {
        return name;
    }

    /** The shape in the checkpoint; a convolution's is {@code [out, in, height, width]}. */
    public Shape checkpointShape() {
        return checkpointShape;
    }

    /** The value as layers use it: a handle of the recording that watches it, if there is one. */
    public Tensor tensor() {
        Tensor handle = watched;
        return handle == null ? value : handle;
    }

    /** Whether a recording watches this parameter. */
    public boolean isWatched() {
        return watched != null;
    }

    /**
     * Makes a recording compute this parameter's gradient until it closes. Returns the watched handle.
     *
     * @throws IllegalStateException if a recording watches it already
     */
    public Tensor watch(Recording recording) {
        if (watched != null) {
            throw new IllegalStateException("the parameter " + name + " is watched by a recording: close it before another one watches");
        }
        Tensor handle = recording.watch(value).unscoped();
        watched = handle;
        recording.onClose(() -> {
            watched = null;
            handle.close();
        });
        return handle;
    }

    /** The elements in the checkpoint's order. */
    public float[] toCheckpoint() {
        return toCheckpoint(value);
    }

    /** A tensor of this parameter's layout, such as a gradient, in the checkpoint's order. */
    public float[] toCheckpoint(Tensor sameLayout) {
        if (!channelsLast) {
            return sameLayout.toArray();
        }
        try (Tensor permuted = sameLayout.permute(0, 3, 1, 2)) {
            return permuted.toArray();
        }
    }

    /**
     * The elements that a checkpoint has for this parameter, in its order.
     *
     * @throws io.heddle.weights.WeightException if it is missing there or has another shape
     */
    public float[] in(WeightSource source) {
        int[] shape = checkpointShape.dims();
        if (shape.length == 2) {
            return source.take(name, shape, new int[] {shape[0], shape[1], 1, 1});
        }
        boolean pointwise = shape.length == 4 && shape[2] == 1 && shape[3] == 1;
        return pointwise ? source.take(name, shape, new int[] {shape[0], shape[1]}) : source.take(name, shape);
    }

    /** Overwrites the value in place with elements in the checkpoint's order. */
    public void assign(float... checkpoint) {
        if (!channelsLast) {
            value.assign(checkpoint);
            return;
        }
        try (Tensor stored = value.device().tensor(checkpointShape, checkpoint); Tensor permuted = stored.permute(0, 2, 3, 1)) {
            value.assign(permuted);
        }
    }

    /** Ends the value's life. */
    void close() {
        value.close();
    }

    @Override
    public String toString() {
        return name + " " + checkpointShape;
    }
}
