package io.heddle.image;

/**
 * Colours for numbers: from dark violet over green to light yellow, equal steps in value being equal steps in lightness, so that nothing is seen that is
 * not there, in gray and by the colour-blind too.
 *
 * <p>Computed in OKLCh (Ottosson, "A perceptual color space for image processing", 2020): lightness and hue run linearly, chroma follows a
 * smooth curve, so that no edge appears where the values have none.
 */
public final class ColourMap {
    private static final int ENTRIES = 256;
    private static final double[] LIGHTNESS = {0.24, 0.92};
    private static final double[] HUE = {Math.toRadians(310), Math.toRadians(105)};
    private static final int[] COLOURS = colours();

    private ColourMap() {}

    /** The colour {@code 0xRRGGBB} of a value in 0..1; values outside get the colours of the ends. */
    public static int rgb(double value) {
        return COLOURS[(int) Math.rint(Math.clamp(value, 0.0, 1.0) * (ENTRIES - 1))];
    }

    private static int[] colours() {
        int[] colours = new int[ENTRIES];
        for (int i = 0; i < ENTRIES; i++) {
            double t = i / (ENTRIES - 1.0);
            double lightness = LIGHTNESS[0] + t * (LIGHTNESS[1] - LIGHTNESS[0]);
            double hue = HUE[0] + t * (HUE[1] - HUE[0]);
            colours[i] = pack(linear(lightness, chroma(t), hue));
        }
        return colours;
    }

    /** Smooth and inside sRGB all along the way: the middle of it passes a hue that screens show only pale. */
    private static double chroma(double t) {
        double fromPalest = t - 0.45;
        return 0.094 + fromPalest * fromPalest * (0.12 + 0.2 * fromPalest);
    }

    /** OKLCh to linear sRGB. */
    private static double[] linear(double lightness, double chroma, double hue) {
        double a = chroma * Math.cos(hue);
        double b = chroma * Math.sin(hue);
        double l = Math.pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
        double m = Math.pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
        double s = Math.pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
        return new double[] {
            4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
        };
    }

    private static int pack(double[] linear) {
        int rgb = 0;
        for (double channel : linear) {
            double encoded = channel <= 0.0031308 ? 12.92 * channel : 1.055 * Math.pow(channel, 1 / 2.4) - 0.055;
            rgb = rgb << 8 | (int) Math.rint(255 * Math.clamp(encoded, 0.0, 1.0));
        }
        return rgb;
    }
}
