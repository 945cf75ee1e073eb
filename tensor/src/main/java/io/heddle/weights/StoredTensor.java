package io.heddle.weights;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor in a file: where it lies and what it means. Nothing is read before one of the reading methods is called.
 *
 * @param name its name in the checkpoint
 * @param type the type of its elements in the file
 * @param shape its extents, outermost first; empty for a scalar
 * @param file the file that holds it
 * @param bytes its elements as stored: little-endian, row-major, not necessarily aligned, valid until the checkpoint is closed
 */
public record StoredTensor(String name, StoredType type, List<Long> shape, Path file, MemorySegment bytes) {
    static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    /** The number of elements. */
    public long elements() {
        return bytes.byteSize() * Byte.SIZE / type.bits();
    }

    /**
     * The values as float32. F16 and BF16 convert exactly; F64 rounds to the nearest.
     *
     * @throws WeightException if the type is not one of F32, F16, BF16, F64, or no array holds so many elements
     */
    public float[] toFloats() {
        float[] values = new float[arrayLength()];
        read(values);
        return values;
    }

    /**
     * Writes the values to {@code target} as float32.
     *
     * @throws WeightException if the type is not one of F32, F16, BF16, F64
     * @throws IllegalArgumentException if {@code target} has another length than the tensor
     */
    public void read(float[] target) {
        if (target.length != elements()) {
            throw new IllegalArgumentException(
                    "the array has " + target.length + " elements and the tensor " + Phrases.name(name) + " " + Phrases.count(elements()));
        }
        switch (type) {
            case F32 -> Elements.fromF32(bytes, target);
            case F16 -> Elements.fromF16(bytes, target);
            case BF16 -> Elements.fromBf16(bytes, target);
            case F64 -> Elements.fromF64(bytes, target);
            default -> throw wrongType("F32, F16, BF16 and F64");
        }
    }

    /**
     * The values of an integer or boolean tensor.
     *
     * @throws WeightException if the type is not an integer or boolean one, a U64 value exceeds the range of {@code long}, or no array holds so many elements
     */
    public long[] toLongs() {
        long[] values = new long[arrayLength()];
        switch (type) {
            case BOOL, U8 -> Elements.fromU8(bytes, values);
            case I8 -> Elements.fromI8(bytes, values);
            case I16 -> Elements.fromI16(bytes, values);
            case U16 -> Elements.fromU16(bytes, values);
            case I32 -> Elements.fromI32(bytes, values);
            case U32 -> Elements.fromU32(bytes, values);
            case I64, U64 -> Elements.fromI64(bytes, values);
            default -> throw wrongType("BOOL and the integer types");
        }
        if (type == StoredType.U64) {
            for (long value : values) {
                if (value < 0) {
                    throw new WeightException.Unsupported(file + ": a value of the U64 tensor " + Phrases.name(name) + " exceeds 2^63 - 1");
                }
            }
        }
        return values;
    }

    boolean hasShape(int... expected) {
        return shape.equals(Arrays.stream(expected).asLongStream().boxed().toList());
    }

    /** The same tensor under another name. */
    StoredTensor named(String other) {
        return new StoredTensor(other, type, shape, file, bytes);
    }

    /** The same elements under another shape with as many elements. */
    StoredTensor reshaped(List<Long> other) {
        return new StoredTensor(name, type, other, file, bytes);
    }

    /** Part {@code index} of {@code parts} equal parts along the first axis, as a view. */
    StoredTensor part(int index, int parts) {
        if (shape.isEmpty() || shape.getFirst() % parts != 0) {
            throw new WeightException.Mismatch(
                    file + ": the first extent of tensor " + Phrases.name(name) + " " + shape + " should divide by " + parts,
                    List.of(),
                    List.of(name),
                    List.of());
        }
        List<Long> partShape = new ArrayList<>(shape);
        partShape.set(0, shape.getFirst() / parts);
        long size = bytes.byteSize() / parts;
        return new StoredTensor(name, type, List.copyOf(partShape), file, bytes.asSlice(index * size, size));
    }

    private int arrayLength() {
        if (elements() > LONGEST_ARRAY) {
            throw new WeightException.Unsupported(
                    file + ": tensor " + Phrases.name(name) + " has " + Phrases.count(elements()) + " elements, more than an array can hold");
        }
        return (int) elements();
    }

    private WeightException wrongType(String readable) {
        return new WeightException.Unsupported(
                file + ": tensor " + Phrases.name(name) + " is stored as " + type + "; only " + readable + " can be read this way");
    }
}
