package io.heddle.toyworld;

import java.util.List;

/** What is behind the things, and how captions say it: the first phrase is the one of evaluation captions. */
public enum Background {
    WHITE("white", "on a white background", "on white"),
    GRAY("gray", "on a gray background", "on gray"),
    SKY("sky", "in the sky"),
    GRASS("grass", "on the grass"),
    SAND("sand", "on the sand"),
    NIGHT("night", "at night");

    private final String word;
    private final List<String> phrases;

    Background(String word, String... phrases) {
        this.word = word;
        this.phrases = List.of(phrases);
    }

    /** The word of the phrase that names this background. */
    public String word() {
        return word;
    }

    /** All phrases that mean this background. */
    public List<String> phrases() {
        return phrases;
    }
}
