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
    private static final double HILL = 2;
    private static final Outline CLOUD = Outline.union(
            Outline.ellipse(0, 1, 8.5, 3), Outline.circle(-2.5, -0.5, 3.2), Outline.circle(2.8, -1.2, 3.8));
    private static final Outline MOON = Outline.circle(0, 0, 4.5);

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
        return background.surface(py).mix(background.detail(py), Rendering.coverage(toDetail(px, py)));
    }

    /** The signed distance to the cloud, the moon or the ground. */
    private double toDetail(double px, double py) {
        return switch (background) {
            case WHITE, GRAY -> Double.POSITIVE_INFINITY;
            case SKY -> CLOUD.distance(px - x, py - y);
            case NIGHT -> MOON.distance(px - x, py - y);
            case GRASS, SAND -> {
                double across = (px - 32) / 32;
                yield horizon + HILL * across * across - py;
            }
        };
    }
}
