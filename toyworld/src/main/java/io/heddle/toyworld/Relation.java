package io.heddle.toyworld;

/** Where the first of two things is, seen from the second. */
public enum Relation {
    LEFT_OF("left of"),
    RIGHT_OF("right of"),
    ABOVE("above"),
    BELOW("below");

    private final String phrase;

    Relation(String phrase) {
        this.phrase = phrase;
    }

    /** The words of captions. */
    public String phrase() {
        return phrase;
    }

    /** Where the second thing is, seen from the first. */
    public Relation inverse() {
        return switch (this) {
            case LEFT_OF -> RIGHT_OF;
            case RIGHT_OF -> LEFT_OF;
            case ABOVE -> BELOW;
            case BELOW -> ABOVE;
        };
    }

    /** The relation of places that are {@code (dx, dy)} apart, y downwards; the larger difference decides. */
    static Relation of(double dx, double dy) {
        return Math.abs(dx) >= Math.abs(dy) ? dx < 0 ? LEFT_OF : RIGHT_OF : dy < 0 ? ABOVE : BELOW;
    }
}
