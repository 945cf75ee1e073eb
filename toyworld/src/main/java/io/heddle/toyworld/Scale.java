package io.heddle.toyworld;

/** How large a thing is said to be. */
public enum Scale {
    SMALL("small", 10),
    /** Neither small nor big; captions do not say it. */
    MEDIUM("", 15),
    BIG("big", 21);

    private final String word;
    private final double radius;

    Scale(String word, double radius) {
        this.word = word;
        this.radius = radius;
    }

    /** The word of captions; empty for {@link #MEDIUM}. */
    public String word() {
        return word;
    }

    /** The mean radius of such things, in units of 1/64 of the picture. */
    public double radius() {
        return radius;
    }

    /** The scale that a radius is nearest to, by ratio. */
    static Scale nearest(double radius) {
        Scale nearest = SMALL;
        for (Scale scale : values()) {
            nearest = radius * radius > nearest.radius * scale.radius ? scale : nearest;
        }
        return nearest;
    }
}
