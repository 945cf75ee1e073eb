package io.heddle.toyworld;

import java.util.List;

/** Divides a mask at the widest run of empty rows or columns near the picture's middle. */
final class Division {
    private static final int GRID = Segmentation.GRID;

    private Division() {}

    /** A run of empty rows or columns. */
    private record Gap(int start, int end) {
        int width() {
            return end - start;
        }

        int middle() {
            return (start + end) / 2;
        }
    }

    /** The left and right or upper and lower part of a mask {@code [64, 64]}; the mask alone if nothing divides it. */
    static List<boolean[]> of(boolean[] mask) {
        Gap columns = gap(mask, 1, GRID);
        Gap rows = gap(mask, GRID, 1);
        if (columns.width() == 0 && rows.width() == 0) {
            return List.of(mask);
        }
        boolean beside = columns.width() >= rows.width();
        boolean[] first = new boolean[mask.length];
        boolean[] second = new boolean[mask.length];
        for (int i = 0; i < mask.length; i++) {
            boolean isFirst = beside ? i % GRID < columns.middle() : i / GRID < rows.middle();
            (isFirst ? first : second)[i] = mask[i];
        }
        return List.of(first, second);
    }

    private static boolean isNearMiddle(int line) {
        return line >= Oracle.NEAREST_DIVISION && line < GRID - Oracle.NEAREST_DIVISION;
    }

    /** The widest run of empty lines with something on both sides, its middle near the picture's. */
    private static Gap gap(boolean[] mask, int stride, int along) {
        boolean[] occupied = new boolean[GRID];
        for (int line = 0; line < GRID; line++) {
            for (int i = 0; i < GRID; i++) {
                occupied[line] |= mask[line * stride + i * along];
            }
        }
        Gap widest = new Gap(0, 0);
        int last = -1;
        for (int line = 0; line < GRID; line++) {
            if (occupied[line]) {
                Gap gap = new Gap(last + 1, line);
                if (last >= 0 && gap.width() > widest.width() && isNearMiddle(gap.middle())) {
                    widest = gap;
                }
                last = line;
            }
        }
        return widest;
    }
}
