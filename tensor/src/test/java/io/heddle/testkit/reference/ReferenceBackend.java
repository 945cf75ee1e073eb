package io.heddle.testkit.reference;

import io.heddle.spi.AttentionKernels;
import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.Convolution;
import io.heddle.spi.LinearKernels;
import io.heddle.spi.Memory;
import io.heddle.spi.Movement;
import io.heddle.spi.Normalization;
import io.heddle.spi.Optimisation;
import io.heddle.spi.Pointwise;
import io.heddle.spi.Reduction;
import java.util.List;

/** Every primitive in double arithmetic. Transfers convert from and to float32; {@link #read} and {@link #write} do not round. */
public final class ReferenceBackend implements Backend {
    private final ReferenceMemory memory = new ReferenceMemory();
    private final Pointwise pointwise = new ReferencePointwise();
    private final Reduction reduction = new ReferenceReduction();
    private final Movement movement = new ReferenceMovement();
    private final LinearKernels linear = new ReferenceLinear();
    private final Convolution convolution = new ReferenceConvolution();
    private final Normalization normalization = new ReferenceNormalization();
    private final AttentionKernels attention = new ReferenceAttention();
    private final Optimisation optimisation = new ReferenceOptimisation();

    /** The elements of a buffer of this backend. */
    public double[] read(Buffer buffer) {
        Doubles doubles = Doubles.in(buffer, buffer.length());
        double[] values = new double[Math.toIntExact(doubles.length())];
        for (int i = 0; i < values.length; i++) {
            values[i] = doubles.get(i);
        }
        return values;
    }

    /** Sets the elements of a buffer of this backend. */
    public void write(Buffer buffer, double[] values) {
        Doubles doubles = Doubles.out(buffer, values.length);
        for (int i = 0; i < values.length; i++) {
            doubles.set(i, values[i]);
        }
    }

    /** For each buffer that was not released, where it was allocated. */
    public List<Throwable> unreleased() {
        return memory.unreleased();
    }

    @Override
    public String description() {
        return "reference backend: double arithmetic, naive loops, 1 thread";
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public Pointwise pointwise() {
        return pointwise;
    }

    @Override
    public Reduction reduction() {
        return reduction;
    }

    @Override
    public Movement movement() {
        return movement;
    }

    @Override
    public LinearKernels linear() {
        return linear;
    }

    @Override
    public Convolution convolution() {
        return convolution;
    }

    @Override
    public Normalization normalization() {
        return normalization;
    }

    @Override
    public AttentionKernels attention() {
        return attention;
    }

    @Override
    public Optimisation optimisation() {
        return optimisation;
    }

    @Override
    public void close() {
        memory.freeAll();
    }
}
