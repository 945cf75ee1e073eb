package io.heddle.toyworld;

import io.heddle.toyworld.Figure.Part;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The colours inside the body of a figure: where its own colour and texture are seen. */
final class Coat {
    /**
     * How much of a body is darker and lighter than its colour.
     *
     * @param dark 1 where every place has the shade of stripes
     * @param light 1 where every place has the light of dots
     */
    record Shares(double dark, double light) {}

    private final List<Rgb> seen;

    private Coat(List<Rgb> seen) {
        this.seen = seen;
    }

    /** What a picture {@code [128, 128, 3]} shows inside the body of a figure; of the whole rectangle around a body that is too thin to have an inside. */
    static Coat of(float[] pixels, Thing figure) {
        List<Rgb> inside = new ArrayList<>();
        List<Rgb> around = new ArrayList<>();
        List<Part> parts = Figure.of(figure).parts();
        for (int row = 0; row < Rendering.SIDE; row++) {
            double y = ((row + 0.5) / Rendering.PIXELS_PER_UNIT - figure.y()) / figure.radius();
            for (int column = 0; column < Rendering.SIDE; column++) {
                double x = ((column + 0.5) / Rendering.PIXELS_PER_UNIT - figure.x()) / figure.radius() * (figure.flipped() ? -1 : 1);
                if (Math.abs(x) <= 1 && Math.abs(y) <= 1) {
                    int i = 3 * (row * Rendering.SIDE + column);
                    Rgb colour = new Rgb(pixels[i], pixels[i + 1], pixels[i + 2]);
                    around.add(colour);
                    if (isBody(parts, x, y)) {
                        inside.add(colour);
                    }
                }
            }
        }
        return new Coat(inside.isEmpty() ? around : inside);
    }

    /** The mean distance of what is seen to the nearest shade of every colour. */
    Map<Colour, Double> colours() {
        Map<Colour, Double> energies = new EnumMap<>(Colour.class);
        for (Colour colour : Colour.values()) {
            Rgb rgb = colour.rgb();
            double sum = 0;
            for (Rgb place : seen) {
                sum += Math.min(place.distanceToSegment(rgb, dark(rgb)), place.distanceToSegment(rgb, light(rgb)));
            }
            energies.put(colour, sum / seen.size());
        }
        return energies;
    }

    /** How far the shares of dark and light are from those of every texture. */
    Map<Texture, Double> textures(Colour colour) {
        Shares shares = shares(colour.rgb());
        Map<Texture, Double> energies = new EnumMap<>(Texture.class);
        for (Texture texture : Texture.values()) {
            Shares typical = Oracle.SHARES.get(texture);
            energies.put(texture, Math.abs(shares.dark - typical.dark) + Math.abs(shares.light - typical.light));
        }
        return energies;
    }

    Shares shares(Rgb colour) {
        double dark = 0;
        double light = 0;
        for (Rgb place : seen) {
            double towardsDark = place.along(colour, dark(colour));
            double towardsLight = place.along(colour, light(colour));
            if (place.distance(colour.mix(dark(colour), towardsDark)) < place.distance(colour.mix(light(colour), towardsLight))) {
                dark += towardsDark;
            } else {
                light += towardsLight;
            }
        }
        return new Shares(dark / seen.size(), light / seen.size());
    }

    private static boolean isBody(List<Part> parts, double x, double y) {
        boolean body = false;
        for (Part part : parts) {
            double distance = part.outline().distance(x, y);
            if (part.paint() instanceof Paint.Body) {
                body |= distance < -Oracle.DEPTH;
            } else {
                body &= distance > Oracle.DEPTH / 2;
            }
        }
        return body;
    }

    private static Rgb dark(Rgb colour) {
        return colour.times(Texture.STRIPE_SHADE);
    }

    private static Rgb light(Rgb colour) {
        return colour.mix(Rgb.WHITE, Texture.DOT_LIGHT);
    }
}
