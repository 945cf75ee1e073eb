package io.heddle.toyworld;

import java.util.Locale;

/** What is painted on a thing's body. Lengths are in units of 1/64 of the picture and do not grow with the thing. */
public enum Texture {
    PLAIN {
        @Override
        Rgb paint(Rgb colour, double x, double y) {
            return colour;
        }
    },

    /** Diagonal stripes in a darker shade of the colour. */
    STRIPED {
        @Override
        Rgb paint(Rgb colour, double x, double y) {
            double phase = (x + y) / STRIPE_PERIOD;
            double toStripe = Math.abs(phase - Math.floor(phase) - 0.5) - 0.25;
            return colour.mix(colour.times(STRIPE_SHADE), Rendering.coverage(toStripe * STRIPE_PERIOD / Math.sqrt(2)));
        }
    },

    /** Dots of a lighter shade on a hexagonal grid. */
    DOTTED {
        @Override
        Rgb paint(Rgb colour, double x, double y) {
            double nearest = Math.min(toLattice(x, y), toLattice(x - DOT_DISTANCE / 2, y - DOT_ROW));
            return colour.mix(colour.mix(Rgb.WHITE, DOT_LIGHT), Rendering.coverage(nearest - DOT_RADIUS));
        }

        private double toLattice(double x, double y) {
            double dx = x - DOT_DISTANCE * Math.rint(x / DOT_DISTANCE);
            double dy = y - 2 * DOT_ROW * Math.rint(y / (2 * DOT_ROW));
            return Math.sqrt(dx * dx + dy * dy);
        }
    };

    /** What stripes multiply the colour by. */
    static final double STRIPE_SHADE = 0.58;

    /** How far dots are from the colour towards white. */
    static final double DOT_LIGHT = 0.75;

    private static final double STRIPE_PERIOD = 9;
    private static final double DOT_DISTANCE = 6.5;
    private static final double DOT_ROW = DOT_DISTANCE * 0.8660254037844386;
    private static final double DOT_RADIUS = 1.9;

    /** The adjective of captions. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The light of a body of a colour at a place, in units from the thing's centre. */
    abstract Rgb paint(Rgb colour, double x, double y);
}
