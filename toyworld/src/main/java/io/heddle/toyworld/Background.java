package io.heddle.toyworld;

import java.util.List;

/** What is behind the things, and how captions say it: the first phrase is the one of evaluation captions. */
public enum Background {
    WHITE("white", Gradient.WHITE, Gradient.WHITE, "on a white background", "on white"),
    GRAY("gray", Gradient.GRAY, Gradient.GRAY, "on a gray background", "on gray"),
    SKY("sky", Gradient.SKY, Gradient.CLOUD, "in the sky"),
    GRASS("grass", Gradient.PALE, Gradient.GRASS, "on the grass"),
    SAND("sand", Gradient.PALE, Gradient.SAND, "on the sand"),
    NIGHT("night", Gradient.NIGHT, Gradient.MOON, "at night");

    private final String word;
    private final Gradient surface;
    private final Gradient detail;
    private final List<String> phrases;

    Background(String word, Gradient surface, Gradient detail, String... phrases) {
        this.word = word;
        this.surface = surface;
        this.detail = detail;
        this.phrases = List.of(phrases);
    }

    /** A colour that changes from the top edge to the bottom edge. */
    private record Gradient(Rgb top, Rgb bottom) {
        static final Gradient WHITE = flat(250, 250, 250);
        static final Gradient GRAY = flat(165, 165, 170);
        static final Gradient SKY = new Gradient(Rgb.ofBytes(140, 198, 250), Rgb.ofBytes(205, 232, 252));
        static final Gradient CLOUD = flat(252, 252, 252);
        static final Gradient PALE = new Gradient(Rgb.ofBytes(206, 231, 251), Rgb.ofBytes(222, 238, 250));
        static final Gradient GRASS = new Gradient(Rgb.ofBytes(150, 208, 104), Rgb.ofBytes(132, 192, 88));
        static final Gradient SAND = new Gradient(Rgb.ofBytes(240, 217, 162), Rgb.ofBytes(230, 205, 146));
        static final Gradient NIGHT = new Gradient(Rgb.ofBytes(10, 10, 32), Rgb.ofBytes(16, 16, 46));
        static final Gradient MOON = flat(242, 242, 205);

        private static Gradient flat(int red, int green, int blue) {
            Rgb rgb = Rgb.ofBytes(red, green, blue);
            return new Gradient(rgb, rgb);
        }

        Rgb at(double y) {
            return top.mix(bottom, Math.clamp(y / 64, 0, 1));
        }
    }

    /** The word of the phrase that names this background. */
    public String word() {
        return word;
    }

    /** All phrases that mean this background. */
    public List<String> phrases() {
        return phrases;
    }

    /** What is farthest behind, at a height in units from the top edge. */
    Rgb surface(double y) {
        return surface.at(y);
    }

    /** The cloud, the moon or the ground before the surface; the surface where there is none of them. */
    Rgb detail(double y) {
        return detail.at(y);
    }

    /** Whether the detail is the ground, which is as wide as the picture. */
    boolean hasGround() {
        return this == GRASS || this == SAND;
    }
}
