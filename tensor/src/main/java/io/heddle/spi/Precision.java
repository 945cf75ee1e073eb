package io.heddle.spi;

/** How a backend holds the elements of its buffers. Whoever reads or writes a buffer sees float32 values. */
public enum Precision {
    /** As float32, in which it also computes: the reference. */
    FLOAT32,
    /**
     * Rounded to half precision, magnitudes up to 65504, with products of halves summed in float32: for inference where speed matters more. Statistics of
     * normalisations and softmax are float32 inside their kernels; what the host computes, as the timestep's sinusoids, is rounded when it arrives.
     */
    FLOAT16
}
