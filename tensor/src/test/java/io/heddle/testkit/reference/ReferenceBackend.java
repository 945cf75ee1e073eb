package io.heddle.testkit.reference;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.Primitives;
import java.util.List;

/** Every primitive in double arithmetic. Transfers convert from and to float32; {@link #read} and {@link #write} do not round. */
public final class ReferenceBackend implements Backend {
    private final ReferenceMemory memory = new ReferenceMemory();
    private final Primitives primitives = new Primitives(
            memory,
            new ReferencePointwise(),
            new ReferenceReduction(),
            new ReferenceMovement(),
            new ReferenceLinear(),
            new ReferenceConvolution(),
            new ReferenceNormalization(),
            new ReferenceAttention(),
            new ReferenceOptimisation());

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
    public Primitives primitives() {
        return primitives;
    }

    @Override
    public void close() {
        memory.freeAll();
    }
}
