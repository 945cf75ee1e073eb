package io.heddle.editing.p2p;

import io.heddle.clip.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The alignment of prompts that differ in some words: a new word's tokens share the attention of the old word's tokens, and all others take that of their
 * counterparts. Hertz et al. 2022, "word swap".
 */
final class WordSwap {
    private WordSwap() {}

    /** A run of the source's tokens and the run of the target's tokens in its place; either may be empty. */
    private record Swap(int source, int sourceTokens, int target, int targetTokens) {
        int targetEnd() {
            return target + targetTokens;
        }

        /** How much further the source's tokens are than the target's, behind the swap. */
        int shift() {
            return source + sourceTokens - targetEnd();
        }

        /** Maps token to token if there are equally many, else evenly; what replaces nothing keeps its own attention. */
        void map(TokenAlignment alignment) {
            for (int t = 0; t < targetTokens; t++) {
                if (sourceTokens == 0) {
                    alignment.keepOwn(target + t);
                } else if (sourceTokens == targetTokens) {
                    alignment.map(source + t, target + t, 1);
                } else {
                    for (int s = 0; s < sourceTokens; s++) {
                        alignment.map(source + s, target + t, 1f / targetTokens);
                    }
                }
            }
        }
    }

    /** The alignment by words: those that both prompts have in the same order are counterparts, and what lies between them is swapped. */
    static TokenAlignment align(Prompt source, Prompt target, int tokens) {
        TokenAlignment alignment = new TokenAlignment(tokens);
        int[] partner = Alignment.align(source.list().stream().map(source::ids).toList(), target.list().stream().map(target::ids).toList());
        Swap last = map(swaps(source, target, partner), alignment);
        int sourceEnd = source.length() - 1;
        int targetEnd = target.length() - 1;
        for (int n = last.targetEnd(); n < targetEnd; n++) {
            // of a word that the end cuts in half the source may have less
            if (n + last.shift() < sourceEnd) {
                alignment.map(n + last.shift(), n, 1);
            } else {
                alignment.keepOwn(n);
            }
        }
        alignment.map(sourceEnd, targetEnd, 1);
        alignment.mapPadding(source.length(), target.length());
        return alignment;
    }

    /**
     * The alignment as the published code builds it: behind the last swapped word tokens take the attention of the source's token at their position, and
     * the last ones that have no counterpart none.
     */
    static TokenAlignment alignAsPublished(Prompt source, Prompt target, int tokens) {
        List<Word> old = source.list();
        List<Word> changed = target.list();
        if (old.size() != changed.size()) {
            throw new IllegalArgumentException(
                    "the published replacement needs prompts of the same number of words, but \"" + source.text() + "\" has "
                            + old.size() + " and \"" + target.text() + "\" has " + changed.size() + ": choose the edit refine");
        }
        int[] partner = IntStream.range(0, changed.size())
                .map(k -> old.get(k).text().equals(changed.get(k).text()) ? k : Alignment.NONE)
                .toArray();
        TokenAlignment alignment = new TokenAlignment(tokens);
        Swap last = map(swaps(source, target, partner), alignment);
        for (int n = last.targetEnd(); n + Math.max(last.shift(), 0) < tokens; n++) {
            alignment.map(n, n, 1);
        }
        return alignment;
    }

    /** Maps the swaps and what lies before and between them; returns the last one. */
    private static Swap map(List<Swap> swaps, TokenAlignment alignment) {
        Swap done = new Swap(0, 0, 0, 0);
        for (Swap swap : swaps) {
            for (int n = done.targetEnd(); n < swap.target; n++) {
                alignment.map(n + done.shift(), n, 1);
            }
            swap.map(alignment);
            done = swap;
        }
        return done;
    }

    /** What lies between partners: word by word if both prompts have equally many words there, else as a whole. */
    private static List<Swap> swaps(Prompt source, Prompt target, int[] partner) {
        List<Swap> swaps = new ArrayList<>();
        int i = 0;
        int j = 0;
        for (int next = 0; next <= partner.length; next++) {
            int stop = next == partner.length ? source.list().size() : partner[next];
            if (stop != Alignment.NONE) {
                boolean paired = stop - i == next - j;
                while (i < stop || j < next) {
                    int words = paired ? 1 : stop - i;
                    int targetWords = paired ? 1 : next - j;
                    swaps.add(new Swap(source.start(i), source.tokens(i, words), target.start(j), target.tokens(j, targetWords)));
                    i += words;
                    j += targetWords;
                }
                i++;
                j++;
            }
        }
        return swaps;
    }
}
