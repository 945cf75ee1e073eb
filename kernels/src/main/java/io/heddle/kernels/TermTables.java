package io.heddle.kernels;

import io.heddle.spi.AttentionKernels.Terms;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Attention's terms on the device: the rows of each term, and for each row the terms that use it. */
final class TermTables {
    private final Terms terms;
    private final IndexTables indices;

    TermTables(Terms terms, IndexTables indices) {
        this.terms = terms;
        this.indices = indices;
    }

    DeviceBuffer query() {
        return each(terms::query);
    }

    DeviceBuffer key() {
        return each(terms::key);
    }

    DeviceBuffer value() {
        return each(terms::value);
    }

    DeviceBuffer out() {
        return each(terms::out);
    }

    private DeviceBuffer each(IntUnaryOperator row) {
        return indices.of(IntStream.range(0, terms.size()).map(row).toArray());
    }

    Members byQuery(int rows) {
        return by(terms::query, rows);
    }

    Members byKey(int rows) {
        return by(terms::key, rows);
    }

    Members byValue(int rows) {
        return by(terms::value, rows);
    }

    Members byOut(int rows) {
        return by(terms::out, rows);
    }

    /** The terms of row {@code i} are members {@code start[i] … start[i + 1] − 1}, ascending. */
    private Members by(IntUnaryOperator row, int rows) {
        int[] start = new int[rows + 1];
        int[] members = new int[terms.size()];
        int count = 0;
        for (int i = 0; i < rows; i++) {
            for (int term = 0; term < members.length; term++) {
                if (row.applyAsInt(term) == i) {
                    members[count++] = term;
                }
            }
            start[i + 1] = count;
        }
        if (count < members.length) {
            throw new IndexOutOfBoundsException("a term of attention names a row that its operand of " + rows + " rows does not have");
        }
        return new Members(indices.of(start), indices.of(members));
    }

    /**
     * The terms of each row.
     *
     * @param start {@code [rows + 1]}
     * @param members {@code [terms]}
     */
    record Members(DeviceBuffer start, DeviceBuffer members) {
        void pass(Launch launch) {
            launch.buffer(start).buffer(members);
        }
    }
}
