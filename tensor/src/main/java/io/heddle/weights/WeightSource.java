package io.heddle.weights;

/** Hands out the weights of a network by name while the network is built, and checks their shapes. */
@FunctionalInterface
public interface WeightSource {
    /**
     * The values of a tensor as float32, row-major in the order of the file.
     *
     * @param name its full name, such as {@code mid_block.resnets.0.conv1.weight}
     * @param shapes the shape that the network expects; where files disagree, as a 1x1 convolution may be stored {@code [out, in]} or
     *     {@code [out, in, 1, 1]}, all those that will do, which have the same number of elements
     * @throws WeightException if the tensor is missing, has another shape, or is of a type that is not supported
     */
    float[] take(String name, int[]... shapes);
}
