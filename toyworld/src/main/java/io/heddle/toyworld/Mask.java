package io.heddle.toyworld;

/** What is seen of a thing in a picture of 128x128 pixels. */
public final class Mask {
    private static final float HALF = 0.5f;
    private static final int SIDE = Rendering.SIDE;

    private final float[] coverage;

    /** Takes ownership of the coverage {@code [128, 128]}. */
    Mask(float[] coverage) {
        this.coverage = coverage;
    }

    /** The smallest rectangle of pixels around a thing; the right and bottom edges are outside. */
    public record Box(int left, int top, int right, int bottom) {}

    /** A copy of the share of each pixel that the thing fills, {@code [128, 128]}, 0..1. */
    public float[] coverage() {
        return coverage.clone();
    }

    /** Whether the thing fills at least half of a pixel. */
    public boolean contains(int x, int y) {
        return coverage[y * SIDE + x] >= HALF;
    }

    /** The pixels that the thing fills at least by half, {@code [128, 128]}. */
    public boolean[] pixels() {
        boolean[] pixels = new boolean[coverage.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = coverage[i] >= HALF;
        }
        return pixels;
    }

    /** The number of pixels that the thing fills at least by half. */
    public int area() {
        int area = 0;
        for (float share : coverage) {
            area += share >= HALF ? 1 : 0;
        }
        return area;
    }

    /**
     * The rectangle around those pixels.
     *
     * @throws IllegalStateException if nothing is seen of the thing
     */
    public Box box() {
        int left = SIDE;
        int top = SIDE;
        int right = 0;
        int bottom = 0;
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                if (contains(x, y)) {
                    left = Math.min(left, x);
                    top = Math.min(top, y);
                    right = Math.max(right, x + 1);
                    bottom = Math.max(bottom, y + 1);
                }
            }
        }
        if (right == 0) {
            throw new IllegalStateException("nothing is seen of the thing, so it has no box");
        }
        return new Box(left, top, right, bottom);
    }

    /** The share of the pixels of either mask that both contain, 0..1; 0 if both are empty. */
    public double intersectionOverUnion(Mask other) {
        int both = 0;
        int either = 0;
        for (int i = 0; i < coverage.length; i++) {
            boolean here = coverage[i] >= HALF;
            boolean there = other.coverage[i] >= HALF;
            both += here && there ? 1 : 0;
            either += here || there ? 1 : 0;
        }
        return either == 0 ? 0 : (double) both / either;
    }

    /** What is left to see when something covers it. */
    Mask behind(float[] front) {
        float[] left = new float[coverage.length];
        for (int i = 0; i < left.length; i++) {
            left[i] = coverage[i] * (1 - front[i]);
        }
        return new Mask(left);
    }
}
