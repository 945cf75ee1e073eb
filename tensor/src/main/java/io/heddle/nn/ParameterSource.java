package io.heddle.nn;

/** Where the values of parameters come from: a checkpoint, or an initialisation. */
@FunctionalInterface
public interface ParameterSource {
    /**
     * The elements of a parameter, row-major.
     *
     * @param name the full checkpoint path
     * @param shapes the expected dimensions; if there are several, all of the same number of elements, any will do
     * @throws RuntimeException with a sentence that names path, expected and found shape, if there is no such parameter
     */
    float[] take(String name, int[]... shapes);
}
