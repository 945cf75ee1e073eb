package io.heddle.image;

/** Separable resampling: rows first, then columns, as Pillow does it, to the bit for 8-bit samples. */
final class Resizer {
    /** Weights of 8-bit samples are rounded to this many fractional bits. */
    private static final int PRECISION = 22;

    private final Size from;
    private final Size to;
    private final Resampling filter;

    Resizer(Size from, Size to, Resampling filter) {
        this.from = from;
        this.to = to;
        this.filter = filter;
    }

    /** Interleaved 8-bit samples {@code [height, width, channels]}, rounded to 8 bits after the rows and after the columns. */
    byte[] resize(byte[] samples, int channels) {
        byte[] rows = samples;
        if (from.width() != to.width()) {
            rows = pass(samples, new Taps(from.width(), to.width(), filter), from.height(), channels);
        }
        if (from.height() != to.height()) {
            return pass(rows, new Taps(from.height(), to.height(), filter), 1, to.width() * channels);
        }
        return rows;
    }

    /** Samples {@code [height, width]} in double precision, not clamped. */
    float[] resize(float[] samples) {
        float[] rows = pass(samples, new Taps(from.width(), to.width(), filter), from.height(), 1);
        return pass(rows, new Taps(from.height(), to.height(), filter), 1, to.width());
    }

    /** Mixes along the middle axis of {@code [outer, axis, inner]}. */
    private static byte[] pass(byte[] in, Taps taps, int outer, int inner) {
        int length = in.length / outer / inner;
        byte[] out = new byte[outer * taps.count() * inner];
        for (int i = 0; i < taps.count(); i++) {
            int[] weights = fixedPoint(taps.weights(i));
            for (int o = 0; o < outer; o++) {
                int source = (o * length + taps.first(i)) * inner;
                int target = (o * taps.count() + i) * inner;
                for (int c = 0; c < inner; c++) {
                    int sum = 1 << PRECISION - 1;
                    for (int k = 0; k < weights.length; k++) {
                        sum += weights[k] * (in[source + k * inner + c] & 0xff);
                    }
                    out[target + c] = (byte) Math.clamp(sum >> PRECISION, 0, 255);
                }
            }
        }
        return out;
    }

    private static float[] pass(float[] in, Taps taps, int outer, int inner) {
        int length = in.length / outer / inner;
        float[] out = new float[outer * taps.count() * inner];
        for (int i = 0; i < taps.count(); i++) {
            double[] weights = taps.weights(i);
            for (int o = 0; o < outer; o++) {
                int source = (o * length + taps.first(i)) * inner;
                for (int c = 0; c < inner; c++) {
                    double sum = 0;
                    for (int k = 0; k < weights.length; k++) {
                        sum += weights[k] * in[source + k * inner + c];
                    }
                    out[(o * taps.count() + i) * inner + c] = (float) sum;
                }
            }
        }
        return out;
    }

    private static int[] fixedPoint(double[] weights) {
        int[] fixed = new int[weights.length];
        for (int k = 0; k < fixed.length; k++) {
            fixed[k] = (int) (weights[k] * (1 << PRECISION) + Math.copySign(0.5, weights[k]));
        }
        return fixed;
    }
}
