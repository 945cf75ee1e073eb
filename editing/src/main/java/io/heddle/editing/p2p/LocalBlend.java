package io.heddle.editing.p2p;

import io.heddle.spi.Extent;
import java.util.List;

/**
 * Where the picture may change: around the words of each prompt, found by their attention. Hertz et al. 2022, "local editing".
 *
 * <p>A cell belongs to a word where its attention, relative to the largest of the picture, is above a threshold. A target may change in the cells of the
 * source's or its own words that are not cells of the source's or its own words to leave alone. Attention is read at the grid nearest to 256 cells and
 * summed over the steps so far.
 *
 * @param words for each prompt, the source first, the words around which the picture may change
 * @param substruct for each prompt the words where it may not; empty for none
 * @param threshold share of the largest attention above which a cell belongs to a word, after each cell took the largest of its neighbours
 * @param substructThreshold the same for the words to leave alone, whose cells take nothing from neighbours
 * @param start the share of the run from which on the blend acts
 */
public record LocalBlend(List<List<String>> words, List<List<String>> substruct, double threshold, double substructThreshold, double start) {
    /** The grid at which Stable Diffusion's attention shows objects, for pictures of 512 by 512. */
    static final Extent PUBLISHED_GRID = new Extent(16, 16);

    private static final double THRESHOLD = 0.3;
    private static final double START = 0.2;

    /** Copies the lists and refuses shares outside of 0 … 1. */
    public LocalBlend {
        words = words.stream().map(List::copyOf).toList();
        substruct = substruct.stream().map(List::copyOf).toList();
        requireShare("threshold", threshold);
        requireShare("substruct threshold", substructThreshold);
        requireShare("start", start);
    }

    /** A blend of the published version 2: thresholds 0.3, from a fifth of the run on. */
    public static LocalBlend of(List<List<String>> words) {
        return new LocalBlend(words, List.of(), THRESHOLD, THRESHOLD, START);
    }

    /** A blend of the published version 1, which acts from the first step and knows no words to leave alone. */
    public static LocalBlend firstVersion(List<List<String>> words) {
        return of(words).withStart(0);
    }

    /** This blend with words to leave alone. */
    public LocalBlend withSubstruct(List<List<String>> changed) {
        return new LocalBlend(words, changed, threshold, substructThreshold, start);
    }

    /** This blend with other thresholds. */
    public LocalBlend withThresholds(double ofWords, double ofSubstruct) {
        return new LocalBlend(words, substruct, ofWords, ofSubstruct, start);
    }

    /** This blend with another start. */
    public LocalBlend withStart(double changed) {
        return new LocalBlend(words, substruct, threshold, substructThreshold, changed);
    }

    private static void requireShare(String name, double value) {
        if (!(0 <= value && value <= 1)) {
            throw new IllegalArgumentException("the blend's " + name + " is a share between 0 and 1, but got " + value);
        }
    }
}
