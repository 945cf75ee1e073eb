package io.heddle.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.testkit.Buffers;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerance;
import io.heddle.testkit.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One primitive with operands of given sizes, tried on all backends. Operands are declared in the order in which the call receives them; those called
 * "row" have one part for each row of the batch.
 */
final class Trial {
    private static final int MARGIN = 5;
    private static final float OUTSIDE = 8191.25f;

    private final Backends backends;
    private final int rows;
    private final String primitive;
    private final String title;
    private final Random random;
    private final List<Operand> operands = new ArrayList<>();
    private boolean sumsProducts;

    Trial(Backends backends, int rows, String primitive, Object... sizes) {
        String call = primitive + Arrays.toString(sizes);
        long seed = call.hashCode();
        this.backends = backends;
        this.rows = rows;
        this.primitive = primitive;
        this.title = call + ", seed " + seed;
        this.random = new Random(seed);
    }

    /** The primitive's call. */
    @FunctionalInterface
    interface Call {
        void run(Backend backend, int rows, @Nullable Buffer[] operands);
    }

    private enum Role {
        INPUT,
        OUTPUT,
        UPDATED,
        ABSENT
    }

    private record Operand(Role role, boolean byRow, float[] values, @Nullable Tolerance tolerance) {
        boolean isResult() {
            return tolerance != null;
        }
    }

    /** A normally distributed input with {@code length} elements in each row. */
    Trial rowInput(int length) {
        return rowInput(normals(length * rows));
    }

    Trial rowInput(float[] values) {
        return add(Role.INPUT, true, values, null);
    }

    /** A normally distributed input that all rows share. */
    Trial input(int length) {
        return input(normals(length));
    }

    Trial input(float[] values) {
        return add(Role.INPUT, false, values, null);
    }

    /** An output with {@code length} elements in each row. */
    Trial rowOutput(int length, Tolerance tolerance) {
        return add(Role.OUTPUT, true, nans(length * rows), tolerance);
    }

    /** An output of the whole batch. */
    Trial output(int length, Tolerance tolerance) {
        return add(Role.OUTPUT, false, nans(length), tolerance);
    }

    /** An operand that the call changes, with {@code length} elements in each row. */
    Trial rowUpdated(float[] values, Tolerance tolerance) {
        return add(Role.UPDATED, true, values, tolerance);
    }

    Trial updated(float[] values, Tolerance tolerance) {
        return add(Role.UPDATED, false, values, tolerance);
    }

    /** An optional operand that is not given. */
    Trial absent() {
        return add(Role.ABSENT, false, new float[0], null);
    }

    /** Says that results are sums of products of operands, so that the same call on absolute values gives the sums of magnitudes. */
    Trial sumsProducts() {
        sumsProducts = true;
        return this;
    }

    /** Normally distributed numbers from this trial's seed. */
    float[] normals(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** What the operands hold after the call on the reference backend. */
    float[][] reference(Call call) {
        return run(backends.reference(), call, contents(), rows, 0);
    }

    /** Tries everything that the contract promises of a primitive. */
    void check(Call call) {
        float[][] given = contents();
        float[][] whole = run(backends.single(), call, given, rows, 0);
        assertCloseToReference(call, given, whole);
        assertSameBits("in slices at odd offsets", run(backends.single(), call, given, rows, MARGIN), whole);
        assertSameBits("with several threads", run(backends.several(), call, given, rows, 0), whole);
        if (operands.stream().anyMatch(operand -> operand.isResult() && operand.byRow())) {
            for (int row = 0; row < rows; row++) {
                float[][] alone = run(backends.single(), call, pick(given, row), 1, 0);
                assertSameRows("row " + row + " alone", alone, pick(whole, row));
            }
            int last = rows - 1;
            float[][] pair = run(backends.several(), call, pick(given, last, 0), 2, MARGIN);
            assertSameRows("the last row before the first", pair, pick(whole, last, 0));
        }
    }

    private void assertCloseToReference(Call call, float[][] given, float[][] actual) {
        double[][] expected = runInDouble(call, given);
        double[][] magnitudes = sumsProducts ? runInDouble(call, absolute(given)) : expected;
        for (int i = 0; i < given.length; i++) {
            Operand operand = operands.get(i);
            if (operand.tolerance() != null) {
                String what = title + ", operand " + i;
                backends.achieved(primitive,
                        TensorAssert.assertClose(what, TensorAssert.doubles(actual[i]), expected[i], magnitudes[i], operand.tolerance()));
            }
        }
    }

    private void assertSameBits(String circumstance, float[][] actual, float[][] expected) {
        for (int i = 0; i < actual.length; i++) {
            TensorAssert.assertSameBits(title + ", operand " + i + " " + circumstance, actual[i], expected[i]);
        }
    }

    private void assertSameRows(String circumstance, float[][] actual, float[][] expected) {
        for (int i = 0; i < actual.length; i++) {
            if (operands.get(i).byRow()) {
                TensorAssert.assertSameBits(title + ", operand " + i + ", " + circumstance, actual[i], expected[i]);
            }
        }
    }

    /** Runs the call on new buffers, each inside a larger one if there is a margin, and returns what they hold afterwards. */
    private float[][] run(Backend backend, Call call, float[][] contents, int count, int margin) {
        try (Buffers buffers = new Buffers(backend)) {
            Buffer[] memory = new Buffer[contents.length];
            @Nullable Buffer[] arguments = new @Nullable Buffer[contents.length];
            for (int i = 0; i < contents.length; i++) {
                memory[i] = buffers.of(surround(contents[i], margin));
                Buffer inside = margin == 0 ? memory[i] : memory[i].slice(margin, contents[i].length);
                arguments[i] = operands.get(i).role() == Role.ABSENT ? null : inside;
            }
            call.run(backend, count, arguments);
            backend.synchronize();
            float[][] results = new float[contents.length][];
            for (int i = 0; i < contents.length; i++) {
                float[] all = buffers.read(memory[i]);
                results[i] = Arrays.copyOfRange(all, margin, margin + contents[i].length);
                assertThat(beside(all, margin)).as("%s, operand %d: what lies beside it", title, i).containsOnly(OUTSIDE);
                if (operands.get(i).role() == Role.INPUT) {
                    TensorAssert.assertSameBits(title + ", input " + i + " after the call", results[i], contents[i]);
                }
            }
            return results;
        }
    }

    private double[][] runInDouble(Call call, float[][] contents) {
        ReferenceBackend reference = backends.reference();
        try (Buffers buffers = new Buffers(reference)) {
            Buffer[] memory = Arrays.stream(contents).map(buffers::of).toArray(Buffer[]::new);
            @Nullable Buffer[] arguments = memory.clone();
            for (int i = 0; i < contents.length; i++) {
                arguments[i] = operands.get(i).role() == Role.ABSENT ? null : memory[i];
            }
            call.run(reference, rows, arguments);
            return Arrays.stream(memory).map(reference::read).toArray(double[][]::new);
        }
    }

    /** The operands of a batch of the picked rows. */
    private float[][] pick(float[][] contents, int... picked) {
        float[][] result = new float[contents.length][];
        for (int i = 0; i < contents.length; i++) {
            if (operands.get(i).byRow()) {
                int length = contents[i].length / rows;
                result[i] = new float[length * picked.length];
                for (int n = 0; n < picked.length; n++) {
                    System.arraycopy(contents[i], picked[n] * length, result[i], n * length, length);
                }
            } else {
                result[i] = contents[i];
            }
        }
        return result;
    }

    private float[][] contents() {
        return operands.stream().map(Operand::values).toArray(float[][]::new);
    }

    private Trial add(Role role, boolean byRow, float[] values, @Nullable Tolerance tolerance) {
        operands.add(new Operand(role, byRow, values, tolerance));
        return this;
    }

    private static float[] surround(float[] values, int margin) {
        float[] all = new float[values.length + 2 * margin];
        Arrays.fill(all, OUTSIDE);
        System.arraycopy(values, 0, all, margin, values.length);
        return all;
    }

    private static float[] beside(float[] all, int margin) {
        float[] beside = Arrays.copyOf(all, 2 * margin + 1);
        System.arraycopy(all, all.length - margin, beside, margin, margin);
        beside[2 * margin] = OUTSIDE;
        return beside;
    }

    private static float[] nans(int length) {
        float[] values = new float[length];
        Arrays.fill(values, Float.NaN);
        return values;
    }

    private static float[][] absolute(float[][] contents) {
        float[][] absolute = new float[contents.length][];
        for (int i = 0; i < contents.length; i++) {
            absolute[i] = contents[i].clone();
            for (int j = 0; j < absolute[i].length; j++) {
                absolute[i][j] = Math.abs(absolute[i][j]);
            }
        }
        return absolute;
    }
}
