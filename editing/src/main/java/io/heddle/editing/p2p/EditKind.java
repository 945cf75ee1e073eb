package io.heddle.editing.p2p;

/** The three edits of attention maps. Hertz et al. 2022, section 3.2. */
public enum EditKind {
    /** Words are exchanged, and the new ones take the attention of the old. */
    REPLACE,
    /** Words are added, and the others keep their attention. */
    REFINE,
    /** The prompt stays, and words get stronger or weaker. */
    REWEIGHT;

    /** The edit that two prompts suggest: re-weighting if they are equal, replacement if they have the same number of words, else refinement. */
    public static EditKind between(String source, String target) {
        if (source.strip().equals(target.strip())) {
            return REWEIGHT;
        }
        return words(source) == words(target) ? REPLACE : REFINE;
    }

    private static int words(String prompt) {
        return prompt.isBlank() ? 0 : prompt.strip().split("\\s+").length;
    }
}
