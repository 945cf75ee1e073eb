package io.heddle.image;

/** Reconstruction filters for a change of size. Where a picture shrinks, the filter is stretched by the factor, so nothing aliases. */
public enum Resampling {
    /** Keys' cubic with a = -0.5 (Catmull-Rom), 4 pixels wide. */
    BICUBIC(2) {
        @Override
        double at(double distance) {
            double x = Math.abs(distance);
            if (x < 1) {
                return (1.5 * x - 2.5) * x * x + 1;
            }
            return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
        }
    },

    /** Sinc windowed by a sinc of three times its width, 6 pixels wide. */
    LANCZOS(3) {
        @Override
        double at(double distance) {
            return Math.abs(distance) < 3 ? sinc(distance) * sinc(distance / 3) : 0;
        }
    };

    private final int radius;

    Resampling(int radius) {
        this.radius = radius;
    }

    /** Half the filter's width, in pixels of the coarser grid. */
    int radius() {
        return radius;
    }

    /** The filter's weight at a distance from its centre. */
    abstract double at(double distance);

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }
}
