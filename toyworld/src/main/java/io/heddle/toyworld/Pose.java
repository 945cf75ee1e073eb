package io.heddle.toyworld;

/** How a thing holds itself. */
public enum Pose {
    /** The only pose of kinds that have no other; captions do not say it. */
    STILL(""),
    SITTING("sitting"),
    FLYING("flying"),
    LYING("lying"),
    OPEN("open"),
    CLOSED("closed");

    private final String word;

    Pose(String word) {
        this.word = word;
    }

    /** The word of captions; empty for {@link #STILL}. */
    public String word() {
        return word;
    }
}
