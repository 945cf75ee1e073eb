package io.heddle.image;

/** Numbers on a grid, to be seen: as colours, or laid over the picture they belong to. */
public final class HeatMap {
    private final Size size;
    private final float[] values;

    private HeatMap(Size size, float[] values) {
        this.size = size;
        this.values = values;
    }

    /**
     * A map of the values {@code [height, width]}.
     *
     * @throws IllegalArgumentException if their number does not fit the size
     */
    public static HeatMap of(Size size, float... values) {
        if (values.length != size.pixels()) {
            throw new IllegalArgumentException("a map of " + size + " has " + size.pixels() + " values, but got " + values.length);
        }
        return new HeatMap(size, values.clone());
    }

    /** Width and height of the grid. */
    public Size size() {
        return size;
    }

    /** The smallest and largest value, as a range to show this map in. */
    public Range range() {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        return new Range(low, high);
    }

    /** This map on a finer or coarser grid, by bicubic interpolation. */
    public HeatMap resize(Size size) {
        return new HeatMap(size, new Resizer(this.size, size, Resampling.BICUBIC).resize(values));
    }

    /** This map in {@linkplain ColourMap colours}. */
    public Picture colours(Range range) {
        byte[] samples = new byte[values.length * 3];
        for (int i = 0; i < values.length; i++) {
            Picture.put(samples, i * 3, ColourMap.rgb(range.position(values[i])));
        }
        return new Picture(size, samples);
    }

    /**
     * This map, enlarged to the size of {@code picture} and laid over it.
     *
     * @param opacity 0 leaves the picture, 1 hides it
     */
    public Picture over(Picture picture, Range range, double opacity) {
        byte[] below = picture.samples();
        byte[] above = resize(picture.size()).colours(range).samples();
        for (int i = 0; i < below.length; i++) {
            below[i] = (byte) Math.rint((below[i] & 0xff) * (1 - opacity) + (above[i] & 0xff) * opacity);
        }
        return new Picture(picture.size(), below);
    }

    /**
     * The values that the two ends of the colours stand for.
     *
     * @param low darkest
     * @param high lightest
     */
    public record Range(float low, float high) {
        /** The smallest range around this one and another, to show several maps alike. */
        public Range and(Range other) {
            return new Range(Math.min(low, other.low), Math.max(high, other.high));
        }

        /** Where a value lies: 0 at the low end, 1 at the high end; 0 if the range is a single value. */
        double position(float value) {
            return high > low ? ((double) value - low) / ((double) high - low) : 0;
        }
    }
}
