package io.heddle.cli.demo;

import io.heddle.toyworld.Captions;
import java.util.Arrays;
import java.util.List;

/**
 * What the demo shows.
 *
 * @param source the first picture
 * @param swapped the source with a word exchanged
 * @param refined the source with a word added
 */
public record Prompts(String source, String swapped, String refined) {
    /** Prompts that everybody understands at a glance, the embedded model too. */
    public static final Prompts STANDARD = new Prompts(
            Captions.evaluation(ShownScenes.SOURCE), Captions.evaluation(ShownScenes.SWAPPED), Captions.evaluation(ShownScenes.REFINED));

    /**
     * Refuses prompts that show nothing.
     *
     * @throws IllegalArgumentException if the swapped or the refined prompt has no word that the source lacks
     */
    public Prompts {
        for (String prompt : List.of(swapped, refined)) {
            if (news(source, prompt).isEmpty()) {
                throw new IllegalArgumentException(
                        "the demo's prompt \"" + prompt + "\" has no word that \"" + source + "\" lacks: change or add one");
            }
        }
    }

    /** The first word that was put in for another. */
    String swappedIn() {
        return news(source, swapped).getFirst();
    }

    /** The first word that was added. */
    String added() {
        return news(source, refined).getFirst();
    }

    /** A word without the punctuation beside it, if anything is left. */
    static String bare(String word) {
        String bare = word.replaceAll("^\\p{Punct}+|\\p{Punct}+$", "");
        return bare.isEmpty() ? word : bare;
    }

    /** The words of a prompt that another lacks. */
    static List<String> news(String before, String after) {
        List<String> known = words(before);
        return words(after).stream().filter(word -> !known.contains(word)).toList();
    }

    static List<String> words(String prompt) {
        return Arrays.stream(prompt.strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }
}
