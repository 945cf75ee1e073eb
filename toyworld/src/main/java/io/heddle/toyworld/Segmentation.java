package io.heddle.toyworld;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Which background a picture has and which of its cells of 2x2 pixels are none of it. */
final class Segmentation {
    /** Cells in a row and in a column; a cell is as wide as the unit of scenes. */
    static final int GRID = 64;

    private final float[] cells;
    private final Background background;
    private final boolean[] things;

    private Segmentation(float[] cells) {
        this.cells = cells;
        background = vote();
        things = filled(smoothed(different()));
    }

    /** Segments a picture {@code [128, 128, 3]} of 0..1. */
    static Segmentation of(float[] pixels) {
        float[] cells = new float[GRID * GRID * 3];
        int perCell = Rendering.PIXELS_PER_UNIT * Rendering.PIXELS_PER_UNIT;
        for (int y = 0; y < Rendering.SIDE; y++) {
            for (int x = 0; x < Rendering.SIDE; x++) {
                int cell = y / Rendering.PIXELS_PER_UNIT * GRID + x / Rendering.PIXELS_PER_UNIT;
                for (int channel = 0; channel < 3; channel++) {
                    cells[3 * cell + channel] += pixels[3 * (y * Rendering.SIDE + x) + channel] / perCell;
                }
            }
        }
        return new Segmentation(cells);
    }

    /** The background of the picture. */
    Background background() {
        return background;
    }

    /** The cells of things, {@code [64, 64]}. */
    boolean[] things() {
        return things;
    }

    /** The connected regions of a mask, the largest first; gaps of one or two cells do not separate. */
    static List<boolean[]> regions(boolean[] mask) {
        boolean[] grown = new boolean[mask.length];
        for (int i = 0; i < mask.length; i++) {
            grown[i] = around(mask, i) > 0;
        }
        List<boolean[]> regions = new ArrayList<>();
        boolean[] left = mask.clone();
        for (int start = 0; start < left.length; start++) {
            if (left[start]) {
                boolean[] region = flood(grown, new ArrayDeque<>(List.of(start)));
                for (int i = 0; i < left.length; i++) {
                    region[i] &= mask[i];
                    left[i] &= !region[i];
                }
                regions.add(region);
            }
        }
        regions.sort((a, b) -> Integer.compare(count(b), count(a)));
        return regions;
    }

    static int count(boolean[] mask) {
        int count = 0;
        for (boolean cell : mask) {
            count += cell ? 1 : 0;
        }
        return count;
    }

    private Rgb cell(int i) {
        return new Rgb(cells[3 * i], cells[3 * i + 1], cells[3 * i + 2]);
    }

    /** Every cell votes for all backgrounds that it may belong to. */
    private Background vote() {
        int[] votes = new int[Background.values().length];
        for (int i = 0; i < GRID * GRID; i++) {
            Rgb colour = cell(i);
            double height = height(i);
            for (Background candidate : Background.values()) {
                boolean near = colour.distance(candidate.surface(height)) < Oracle.NEAR_BACKGROUND
                        || candidate.hasGround() && colour.distance(candidate.detail(height)) < Oracle.NEAR_BACKGROUND;
                votes[candidate.ordinal()] += near ? 1 : 0;
            }
        }
        int best = 0;
        for (int i = 1; i < votes.length; i++) {
            best = votes[i] > votes[best] ? i : best;
        }
        return Background.values()[best];
    }

    private boolean[] different() {
        double threshold = switch (background) {
            case WHITE, GRAY -> Oracle.FAR_FROM_FLAT;
            case SKY, GRASS, SAND -> Oracle.FAR_FROM_GRADIENT;
            case NIGHT -> Oracle.FAR_FROM_NIGHT;
        };
        boolean[] different = new boolean[GRID * GRID];
        for (int i = 0; i < different.length; i++) {
            Rgb surface = background.surface(height(i));
            Rgb detail = background.detail(height(i));
            different[i] = cell(i).distanceToSegment(surface, detail) > threshold;
        }
        return different;
    }

    private static double height(int cell) {
        return cell / GRID + 0.5;
    }

    /** Specks and dents go, lines of one cell stay: a cell is kept beside two others and joins six. */
    private static boolean[] smoothed(boolean[] mask) {
        boolean[] smooth = new boolean[mask.length];
        for (int i = 0; i < mask.length; i++) {
            smooth[i] = around(mask, i) >= (mask[i] ? 3 : 6);
        }
        return smooth;
    }

    /** How many of the nine cells around a cell a mask has; the picture's border is repeated. */
    private static int around(boolean[] mask, int cell) {
        int count = 0;
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                count += mask[Math.clamp(cell / GRID + dy, 0, GRID - 1) * GRID + Math.clamp(cell % GRID + dx, 0, GRID - 1)] ? 1 : 0;
            }
        }
        return count;
    }

    /** Holes are cells that cannot be reached from the picture's border. */
    private static boolean[] filled(boolean[] mask) {
        boolean[] free = new boolean[mask.length];
        Deque<Integer> border = new ArrayDeque<>();
        for (int i = 0; i < mask.length; i++) {
            free[i] = !mask[i];
            boolean atBorder = i < GRID || i >= GRID * (GRID - 1) || i % GRID == 0 || i % GRID == GRID - 1;
            if (free[i] && atBorder) {
                border.add(i);
            }
        }
        boolean[] outside = flood(free, border);
        boolean[] filled = new boolean[mask.length];
        for (int i = 0; i < filled.length; i++) {
            filled[i] = !outside[i];
        }
        return filled;
    }

    private static boolean[] flood(boolean[] passable, Deque<Integer> starts) {
        boolean[] reached = new boolean[passable.length];
        starts.forEach(start -> reached[start] = true);
        while (!starts.isEmpty()) {
            int i = starts.remove();
            int x = i % GRID;
            int[] neighbours = {x > 0 ? i - 1 : i, x < GRID - 1 ? i + 1 : i, Math.max(i - GRID, x), Math.min(i + GRID, GRID * (GRID - 1) + x)};
            for (int next : neighbours) {
                if (passable[next] && !reached[next]) {
                    reached[next] = true;
                    starts.add(next);
                }
            }
        }
        return reached;
    }
}
