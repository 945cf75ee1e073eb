package io.heddle.image;

/**
 * How near one picture is to another of its size.
 *
 * @param mse mean squared difference of samples in 0..1
 * @param psnr peak signal-to-noise ratio in decibel; infinite for equal pictures
 * @param ssim structural similarity, 1 for equal pictures; the mean over the channels. Wang et al. 2004, with the window of their section III-C
 */
public record Fidelity(double mse, double psnr, double ssim) {
    private static final int RADIUS = 5;
    private static final double[] WINDOW = window();
    private static final double C1 = 0.01 * 0.01;
    private static final double C2 = 0.03 * 0.03;

    /**
     * Compares two pictures.
     *
     * @throws IllegalArgumentException if their sizes differ
     */
    public static Fidelity between(Picture a, Picture b) {
        if (!a.size().equals(b.size())) {
            throw new IllegalArgumentException("pictures of " + a.size() + " and " + b.size() + " cannot be compared: resize one of them");
        }
        double squares = 0;
        double similarity = 0;
        for (int channel = 0; channel < 3; channel++) {
            double[] x = plane(a, channel);
            double[] y = plane(b, channel);
            for (int i = 0; i < x.length; i++) {
                squares += (x[i] - y[i]) * (x[i] - y[i]);
            }
            similarity += similarity(x, y, a.size());
        }
        double mse = squares / (3.0 * a.size().pixels());
        return new Fidelity(mse, -10 * Math.log10(mse), similarity / 3);
    }

    private static double[] plane(Picture picture, int channel) {
        byte[] samples = picture.samples();
        double[] plane = new double[samples.length / 3];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = (samples[3 * i + channel] & 0xff) / 255.0;
        }
        return plane;
    }

    private static double similarity(double[] x, double[] y, Size size) {
        double[] meanX = blurred(x, size);
        double[] meanY = blurred(y, size);
        double[] meanXx = blurred(product(x, x), size);
        double[] meanYy = blurred(product(y, y), size);
        double[] meanXy = blurred(product(x, y), size);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double varianceX = meanXx[i] - meanX[i] * meanX[i];
            double varianceY = meanYy[i] - meanY[i] * meanY[i];
            double covariance = meanXy[i] - meanX[i] * meanY[i];
            sum += (2 * meanX[i] * meanY[i] + C1) * (2 * covariance + C2)
                    / ((meanX[i] * meanX[i] + meanY[i] * meanY[i] + C1) * (varianceX + varianceY + C2));
        }
        return sum / x.length;
    }

    private static double[] product(double[] x, double[] y) {
        double[] product = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            product[i] = x[i] * y[i];
        }
        return product;
    }

    /** The means under the window around each pixel; at the border the picture is mirrored. */
    private static double[] blurred(double[] plane, Size size) {
        double[] rows = new double[plane.length];
        double[] result = new double[plane.length];
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                for (int k = -RADIUS; k <= RADIUS; k++) {
                    rows[y * size.width() + x] += WINDOW[k + RADIUS] * plane[y * size.width() + mirrored(x + k, size.width())];
                }
            }
        }
        for (int y = 0; y < size.height(); y++) {
            for (int k = -RADIUS; k <= RADIUS; k++) {
                int from = mirrored(y + k, size.height()) * size.width();
                for (int x = 0; x < size.width(); x++) {
                    result[y * size.width() + x] += WINDOW[k + RADIUS] * rows[from + x];
                }
            }
        }
        return result;
    }

    private static int mirrored(int index, int length) {
        int position = Math.floorMod(index, 2 * length);
        return Math.min(position, 2 * length - 1 - position);
    }

    /** A Gaussian of standard deviation 1.5, eleven wide, of sum 1. */
    private static double[] window() {
        double[] window = new double[2 * RADIUS + 1];
        double sum = 0;
        for (int k = -RADIUS; k <= RADIUS; k++) {
            window[k + RADIUS] = Math.exp(-k * k / (2 * 1.5 * 1.5));
            sum += window[k + RADIUS];
        }
        for (int k = 0; k < window.length; k++) {
            window[k] /= sum;
        }
        return window;
    }
}
