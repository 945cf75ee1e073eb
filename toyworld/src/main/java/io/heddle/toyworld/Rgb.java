package io.heddle.toyworld;

/**
 * A colour of the screen (sRGB, blended as it is stored).
 *
 * @param red 0..1
 * @param green 0..1
 * @param blue 0..1
 */
public record Rgb(double red, double green, double blue) {
    static final Rgb WHITE = new Rgb(1, 1, 1);

    static Rgb ofBytes(int red, int green, int blue) {
        return new Rgb(red / 255.0, green / 255.0, blue / 255.0);
    }

    /** The colour a share of the way to another one. */
    Rgb mix(Rgb other, double share) {
        return new Rgb(red + share * (other.red - red), green + share * (other.green - green), blue + share * (other.blue - blue));
    }

    /** Every component times a factor, at most 1. */
    Rgb times(double factor) {
        return new Rgb(Math.min(1, red * factor), Math.min(1, green * factor), Math.min(1, blue * factor));
    }

    /** The Euclidean distance, 0..√3. */
    double distance(Rgb other) {
        double r = red - other.red;
        double g = green - other.green;
        double b = blue - other.blue;
        return Math.sqrt(r * r + g * g + b * b);
    }

    /** The distance to the nearest mixture of two colours. */
    double distanceToSegment(Rgb from, Rgb to) {
        return distance(from.mix(to, along(from, to)));
    }

    /** Where between two colours the nearest mixture lies, 0..1; 0 where the two are one. */
    double along(Rgb from, Rgb to) {
        double r = to.red - from.red;
        double g = to.green - from.green;
        double b = to.blue - from.blue;
        double square = r * r + g * g + b * b;
        double product = (red - from.red) * r + (green - from.green) * g + (blue - from.blue) * b;
        return square == 0 ? 0 : Math.clamp(product / square, 0, 1);
    }
}
