package io.heddle.image;

/** Which samples of a row of {@code from} make each sample of a row of {@code to}, and with which weights: the positions are those of Pillow. */
final class Taps {
    private final int[] first;
    private final double[][] weights;

    Taps(int from, int to, Resampling filter) {
        first = new int[to];
        weights = new double[to][];
        double scale = (double) from / to;
        double stretch = Math.max(scale, 1);
        double reach = filter.radius() * stretch;
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * scale;
            first[i] = Math.max((int) (centre - reach + 0.5), 0);
            int end = Math.min((int) (centre + reach + 0.5), from);
            weights[i] = weights(first[i], end, centre, stretch, filter);
        }
    }

    private static double[] weights(int first, int end, double centre, double stretch, Resampling filter) {
        double[] weights = new double[end - first];
        double sum = 0;
        for (int k = 0; k < weights.length; k++) {
            weights[k] = filter.at((k + first - centre + 0.5) / stretch);
            sum += weights[k];
        }
        for (int k = 0; k < weights.length; k++) {
            weights[k] /= sum;
        }
        return weights;
    }

    int count() {
        return first.length;
    }

    int first(int i) {
        return first[i];
    }

    double[] weights(int i) {
        return weights[i];
    }
}
