package io.heddle.editing.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.clip.Tokenizer;
import org.junit.jupiter.api.Test;

class WordSwapTest {
    private final Tokenizer tokenizer = PublishedEdit.load("08_p2p_replace_equal").tokenizer();
    private static final int TOKENS = 77;

    @Test
    void swapOfWordsOfOneToken_isTheIdentity() {
        assertMaps(corrected("a photo of a cat", "a photo of a dog"), 0, 1, 2, 3, 4, 5, 6, 7);
        assertMaps(published("a photo of a cat", "a photo of a dog"), 0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void longerWord_sharesTheAttentionOfTheShorter() {
        TokenAlignment alignment = corrected("a cat sits", "a capybara sits");

        assertThat(alignment.weight(2, 2)).isEqualTo(1f / 3);
        assertThat(alignment.weight(2, 3)).isEqualTo(1f / 3);
        assertThat(alignment.weight(2, 4)).isEqualTo(1f / 3);
        assertThat(sourceOf(alignment, 5)).as("sits").isEqualTo(3);
        assertThat(sourceOf(alignment, 6)).as("end").isEqualTo(4);
        assertThat(sourceOf(alignment, 7)).as("padding").isEqualTo(7);
    }

    @Test
    void publishedSwap_readsWhatFollowsALongerWordAtTheWrongToken() {
        TokenAlignment alignment = published("a cat sits", "a capybara sits");

        assertThat(sourceOf(alignment, 5)).as("sits takes padding").isEqualTo(5);
    }

    @Test
    void shorterWord_takesTheSumOfTheLonger_andPaddingOverTextKeepsItsOwn() {
        TokenAlignment alignment = corrected("a capybara sits", "a cat sits");

        assertThat(alignment.weight(2, 2) + alignment.weight(3, 2) + alignment.weight(4, 2)).isEqualTo(3);
        assertThat(sourceOf(alignment, 3)).as("sits").isEqualTo(5);
        assertThat(sourceOf(alignment, 4)).as("end").isEqualTo(6);
        assertThat(alignment.isInjected(5)).as("padding where the source has text").isFalse();
        assertThat(alignment.isInjected(6)).as("padding where the source ends").isFalse();
        assertThat(sourceOf(alignment, 7)).as("padding").isEqualTo(7);
    }

    @Test
    void addedWord_keepsItsOwnAttention() {
        TokenAlignment alignment = corrected("a cat sits", "a red cat sits");

        assertThat(alignment.isInjected(2)).isFalse();
        assertMaps(alignment, 0, 1, -1, 2, 3, 4, 6);
    }

    @Test
    void droppedWord_isSkipped() {
        assertMaps(corrected("a red cat sits", "a cat sits"), 0, 1, 3, 4, 5, -1, 6);
    }

    @Test
    void runsOfDifferentNumbersOfWords_areSwappedAsAWhole() {
        TokenAlignment alignment = corrected("a cat sits", "a big red dog sits");

        for (int token = 2; token <= 4; token++) {
            assertThat(alignment.weight(2, token)).isEqualTo(1f / 3);
        }
        assertThat(sourceOf(alignment, 5)).as("sits").isEqualTo(3);
    }

    @Test
    void wordsWithoutAnythingInCommon_areSwappedOneByOne() {
        assertMaps(corrected("cat sits", "dogs run"), 0, 1, 2, 3, 4);
    }

    @Test
    void publishedSwap_refusesPromptsOfDifferentNumbersOfWords() {
        assertThatThrownBy(() -> published("a cat", "a red cat"))
                .hasMessage(
                        "the published replacement needs prompts of the same number of words, but \"a cat\" has 2 and \"a red cat\" has 3: choose the"
                                + " edit refine");
    }

    @Test
    void publishedSwap_namesTheWordThatDoubleSpacesHide() {
        assertThatThrownBy(() -> published("a  cat", "a  dog")).hasMessageContaining("finds no tokens for the word \"cat\" of \"a  cat\"");
        assertMaps(corrected("a  cat", "a  dog"), 0, 1, 2, 3, 4);
    }

    @Test
    void wordThatTheTargetsEndCutsInHalf_keepsItsOwn_andTheEndTakesTheEnd() {
        TokenAlignment alignment = corrected("hedgehogs" + " a".repeat(73) + " giraffes", "cat" + " a".repeat(73) + " giraffes");

        assertThat(alignment.weight(2, 1)).as("cat takes hedgehogs").isEqualTo(1);
        assertThat(sourceOf(alignment, 74)).as("the last whole word").isEqualTo(75);
        assertThat(alignment.isInjected(75)).as("half a word that the source has not").isFalse();
        assertThat(sourceOf(alignment, 76)).as("end").isEqualTo(76);
    }

    private static void assertMaps(TokenAlignment alignment, int... sources) {
        for (int target = 0; target < sources.length; target++) {
            assertThat(sourceOf(alignment, target)).as("token %d", target).isEqualTo(sources[target]);
        }
    }

    /** The one source token of a target's token, −1 if it keeps its own attention. */
    private static int sourceOf(TokenAlignment alignment, int target) {
        int only = -1;
        for (int source = 0; source < TOKENS; source++) {
            if (alignment.weight(source, target) != 0) {
                assertThat(only).as("sources of token %d", target).isEqualTo(-1);
                assertThat(alignment.weight(source, target)).isEqualTo(1);
                only = source;
            }
        }
        assertThat(alignment.isInjected(target)).isEqualTo(only >= 0);
        return only;
    }

    private TokenAlignment corrected(String source, String target) {
        return WordSwap.align(Prompt.of(source, tokenizer, false), Prompt.of(target, tokenizer, false), TOKENS);
    }

    private TokenAlignment published(String source, String target) {
        return WordSwap.alignAsPublished(Prompt.of(source, tokenizer, true), Prompt.of(target, tokenizer, true), TOKENS);
    }
}
