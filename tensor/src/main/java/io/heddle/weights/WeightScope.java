package io.heddle.weights;

import java.util.Arrays;
import java.util.Set;

/**
 * A place in a checkpoint from which a layer takes its weights by the names it knows them by: {@code scope.at("down_blocks").at(0).at("conv")} hands
 * out {@code down_blocks.0.conv.weight} as {@code weight}. Code that builds a network with scopes is the map of its names.
 */
public final class WeightScope {
    private final Checkpoint checkpoint;
    private final Discrepancies discrepancies;
    private final Set<String> taken;
    private final String path;

    WeightScope(Checkpoint checkpoint, Discrepancies discrepancies, Set<String> taken, String path) {
        this.checkpoint = checkpoint;
        this.discrepancies = discrepancies;
        this.taken = taken;
        this.path = path;
    }

    /** The place called {@code child} below this one; the name may have several parts with dots between them. */
    public WeightScope at(String child) {
        return new WeightScope(checkpoint, discrepancies, taken, pathOf(child));
    }

    /** The place with number {@code index} below this one. */
    public WeightScope at(int index) {
        return at(Integer.toString(index));
    }

    /** The path from the root of the checkpoint, with dots between its parts; empty at the root. */
    public String path() {
        return path;
    }

    /** The path of the tensor called {@code leaf} here. */
    public String pathOf(String leaf) {
        return path.isEmpty() ? leaf : path + "." + leaf;
    }

    /** Whether the checkpoint has a tensor called {@code leaf} here. */
    public boolean has(String leaf) {
        return checkpoint.contains(pathOf(leaf));
    }

    /**
     * The values of tensor {@code leaf} [shape] as float32, row-major in the order of the file.
     *
     * @throws WeightException.Mismatch if it is missing or has another shape; under {@link Checkpoint#load} this is reported at the end
     */
    public float[] take(String leaf, int... shape) {
        return takeEither(leaf, shape);
    }

    /**
     * As {@link #take}, where files disagree on the shape: any of {@code shapes}, which have the same number of elements, will do. A 1x1 convolution,
     * for example, may be stored as {@code [out, in]} or {@code [out, in, 1, 1]}.
     */
    public float[] takeEither(String leaf, int[]... shapes) {
        String tensorPath = pathOf(leaf);
        int elements = elements(tensorPath, shapes[0]);
        taken.add(tensorPath);
        if (!checkpoint.contains(tensorPath)) {
            return discrepancies.missing(tensorPath, shapes, elements);
        }
        StoredTensor tensor = checkpoint.tensor(tensorPath);
        if (Arrays.stream(shapes).noneMatch(shape -> hasShape(tensor, shape))) {
            return discrepancies.misshapen(tensorPath, shapes, elements, tensor.shape());
        }
        return tensor.toFloats();
    }

    private static boolean hasShape(StoredTensor tensor, int[] shape) {
        return tensor.shape().equals(Arrays.stream(shape).asLongStream().boxed().toList());
    }

    private int elements(String tensorPath, int[] shape) {
        try {
            return Arrays.stream(shape).reduce(1, Math::multiplyExact);
        } catch (ArithmeticException e) {
            throw new WeightException.InvalidConfig(checkpoint.origin() + ": the model's configuration asks for tensor " + Phrases.name(tensorPath)
                    + " of shape " + Arrays.toString(shape) + ", more than an array can hold");
        }
    }
}
