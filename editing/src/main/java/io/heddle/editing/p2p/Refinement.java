package io.heddle.editing.p2p;

/**
 * The alignment of prompts of which one has words that the other lacks: tokens that both have, in the same order, take the source's attention; the others
 * keep their own. Hertz et al. 2022, "adding a new phrase".
 */
final class Refinement {
    private Refinement() {}

    /**
     * The alignment by tokens.
     *
     * @param reference whether padding takes the attention of whatever the source has at its position, as in the published code
     */
    static TokenAlignment align(Prompt source, Prompt target, int tokens, boolean reference) {
        TokenAlignment alignment = new TokenAlignment(tokens);
        int[] partner = Alignment.align(source.ids(), target.ids());
        for (int n = 0; n < target.length(); n++) {
            if (partner[n] == Alignment.NONE) {
                alignment.keepOwn(n);
            } else {
                alignment.map(partner[n], n, 1);
            }
        }
        alignment.mapPadding(reference ? 0 : source.length(), target.length());
        return alignment;
    }
}
