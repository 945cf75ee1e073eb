package io.heddle.toyworld;

import java.util.Locale;

/** The colour of a thing's body. */
public enum Colour {
    RED(215, 35, 40),
    ORANGE(245, 135, 20),
    YELLOW(250, 220, 40),
    GREEN(25, 140, 50),
    BLUE(30, 70, 210),
    PURPLE(130, 45, 165),
    PINK(245, 120, 180),
    BROWN(120, 70, 35);

    private final Rgb rgb;

    Colour(int red, int green, int blue) {
        rgb = Rgb.ofBytes(red, green, blue);
    }

    /** The adjective of captions. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its light. */
    public Rgb rgb() {
        return rgb;
    }
}
