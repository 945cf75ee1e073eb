package io.heddle.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.heddle.testkit.SharedFiles;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "08_p2p_blend_v1", "08_p2p_blend_v2_sub", "08_p2p_refine", "08_p2p_replace_equal", "08_p2p_replace_shrink", "08_p2p_replace_unequal",
        "08_p2p_reweight", "08_p2p_word_steps"
    })
    void referenceWords_ofThePublishedEdits_haveTheirPositions(String fixture) {
        JsonObject prompts = SharedFiles.json("fixtures/" + fixture + "/case.json").getAsJsonObject().getAsJsonObject("word_token_indices");
        for (Map.Entry<String, JsonElement> prompt : prompts.entrySet()) {
            Words words = Words.reference(Vocabularies.stableDiffusion1(), prompt.getKey());
            for (Map.Entry<String, JsonElement> word : prompt.getValue().getAsJsonObject().entrySet()) {
                List<Integer> expected = word.getValue().getAsJsonArray().asList().stream().map(JsonElement::getAsInt).toList();
                assertThat(words.positions(word.getKey())).as("%s in %s", word.getKey(), prompt.getKey()).isEqualTo(expected);
            }
        }
    }

    @Test
    void referenceWords_loseTheWordBehindTwoSpaces() {
        Words words = Words.reference(Vocabularies.stableDiffusion1(), "a  cat");

        assertThat(words.positions("a")).containsExactly(1);
        assertThat(words.positions("cat")).isEmpty();
        assertThat(words.list()).extracting(Word::text).containsExactly("a", "", "cat");
    }

    @Test
    void referenceWords_areEqualToTheLetter() {
        Words words = Words.reference(Vocabularies.stableDiffusion1(), "a burger, please ");

        assertThat(words.positions("burger")).isEmpty();
        assertThat(words.positions("Burger,")).isEmpty();
        assertThat(words.positions("burger,")).containsExactly(2, 3);
    }

    @Test
    void referenceWords_thatRunPastTheLastOne_areRefusedWhenAskedFor() {
        Words words = Words.reference(Vocabularies.stableDiffusion1(), "\u0130z \u0130z \u0130z");

        assertThat(words.positions("cat")).isEmpty();
        assertThatThrownBy(() -> words.positions("\u0130z")).hasMessageContaining("remain behind the last word");
    }

    @Test
    void exactWords_keepTheirTokensBehindTwoSpaces() {
        Words words = Words.exact(Vocabularies.stableDiffusion1(), "a  capybara\tsits");

        assertThat(words.list())
                .containsExactly(new Word("a", 0, List.of(1)), new Word("capybara", 3, List.of(2, 3, 4)), new Word("sits", 12, List.of(5)));
    }

    @Test
    void exactWords_areFoundWithoutTheirCaseAndPunctuation() {
        Words words = Words.exact(Vocabularies.stableDiffusion1(), "A Burger, two burgers; a red  burger!");

        assertThat(words.positions("burger")).containsExactly(2, 9);
        assertThat(words.positions("red burger")).containsExactly(8, 9);
        assertThat(words.positions("Burger,")).containsExactly(2, 3);
        assertThat(words.positions(";")).containsExactly(6);
        assertThat(words.positions("urge")).isEmpty();
        assertThat(words.positions(" ")).isEmpty();
    }

    @Test
    void exactWords_ofEveryReferenceString_shareOutAllTokens() {
        for (JsonElement element : SharedFiles.json("fixtures/01_tokenizer/strings.json").getAsJsonArray()) {
            String text = element.getAsJsonObject().get("text").getAsString();
            Tokenizer tokenizer = Vocabularies.stableDiffusion1();
            int tokens = tokenizer.tokenize(text).size();
            assertThat(Words.exact(tokenizer, text).list().stream().flatMap(word -> word.positions().stream()))
                    .as(text)
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .hasSize(tokens);
        }
    }

    @Test
    void aWordThatIsNotThere_isNamedBesideThoseThatAre() {
        Words words = Words.exact(Vocabularies.stableDiffusion1(), "a photo of a cat");

        assertThat(words.require("cat")).containsExactly(5);
        assertThatThrownBy(() -> words.require("cta")).hasMessage("the word \"cta\" is not in the prompt; its words are: a photo of a cat");
    }
}
