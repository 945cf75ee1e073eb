package io.heddle.toyworld;

import java.util.Random;

/**
 * What is behind the things, with the details that captions do not say. Lengths are in units of 1/64 of the picture.
 *
 * @param background which one
 * @param horizon where grass and sand begin, 30..48 from the top edge
 * @param x the middle of the sky's cloud and the night's moon, 8..56 from the left edge
 * @param y the same, 7..17 from the top edge
 */
public record Backdrop(Background background, double horizon, double x, double y) {
    private static final double MOON_RADIUS = 4.5;
    private static final double HILL = 2;
    private static final Rgb WHITE = Rgb.ofBytes(250, 250, 250);
    private static final Rgb GRAY = Rgb.ofBytes(165, 165, 170);
    private static final Rgb CLOUD = Rgb.ofBytes(252, 252, 252);
    private static final Rgb MOON = Rgb.ofBytes(242, 242, 205);
    private static final Outline CLOUD_SHAPE = Outline.union(
            Outline.ellipse(0, 1, 8.5, 3), Outline.circle(-2.5, -0.5, 3.2), Outline.circle(2.8, -1.2, 3.8));
    private static final Outline MOON_SHAPE = Outline.circle(0, 0, MOON_RADIUS);

    /** The two ends of a background's gradient, from the top edge or the horizon to the bottom edge. */
    record Gradient(Rgb top, Rgb bottom) {
        static final Gradient SKY = new Gradient(Rgb.ofBytes(140, 198, 250), Rgb.ofBytes(205, 232, 252));
        static final Gradient PALE = new Gradient(Rgb.ofBytes(206, 231, 251), Rgb.ofBytes(222, 238, 250));
        static final Gradient GRASS = new Gradient(Rgb.ofBytes(150, 208, 104), Rgb.ofBytes(132, 192, 88));
        static final Gradient SAND = new Gradient(Rgb.ofBytes(240, 217, 162), Rgb.ofBytes(230, 205, 146));
        static final Gradient NIGHT = new Gradient(Rgb.ofBytes(10, 10, 32), Rgb.ofBytes(16, 16, 46));

        Rgb at(double y) {
            return top.mix(bottom, Math.clamp(y / 64, 0, 1));
        }
    }

    /** A random background. All details are drawn, so that {@link #with} shows them whatever the background was. */
    static Backdrop draw(Random random) {
        Background background = Thing.pick(random, Background.values());
        double horizon = Thing.between(random, 30, 48);
        return new Backdrop(background, horizon, Thing.between(random, 8, 56), Thing.between(random, 7, 17));
    }

    /** Another background with the same horizon, and its cloud or moon at the same place. */
    public Backdrop with(Background background) {
        return new Backdrop(background, horizon, x, y);
    }

    /** The light at a place, in units. */
    Rgb at(double px, double py) {
        return switch (background) {
            case WHITE -> WHITE;
            case GRAY -> GRAY;
            case SKY -> Gradient.SKY.at(py).mix(CLOUD, Rendering.coverage(CLOUD_SHAPE.distance(px - x, py - y)));
            case GRASS -> ground(Gradient.GRASS, px, py);
            case SAND -> ground(Gradient.SAND, px, py);
            case NIGHT -> Gradient.NIGHT.at(py).mix(MOON, Rendering.coverage(MOON_SHAPE.distance(px - x, py - y)));
        };
    }

    private Rgb ground(Gradient ground, double px, double py) {
        double across = (px - 32) / 32;
        double surface = horizon + HILL * across * across;
        return Gradient.PALE.at(py).mix(ground.at(py), Rendering.coverage(surface - py));
    }
}
