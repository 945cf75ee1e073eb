package io.heddle.toyworld;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.clip.Tokenizer;
import io.heddle.files.AtomicFile.Existing;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VocabularyTest {
    private static final Set<String> TWO_TOKENS = Set.of("purple", "flower", "striped");

    private final Vocabulary vocabulary = Vocabulary.ofCaptions();
    private Tokenizer tokenizer;

    @BeforeAll
    void write(@TempDir Path folder) {
        vocabulary.write(folder, Existing.REFUSE);
        tokenizer = Tokenizer.load(folder);
    }

    @Test
    void everyWord_isOneToken_butThree() {
        for (String word : Captions.words()) {
            assertThat(tokenizer.tokenize(word)).as(word).hasSize(TWO_TOKENS.contains(word) ? 2 : 1);
        }
    }

    @Test
    void theThreeWords_areCutWhereTheyShould() {
        assertThat(tokenizer.tokenize("purple flower striped").stream().map(token -> tokenizer.decode(token.id())))
                .containsExactly("pur", "ple", "flo", "wer", "stri", "ped");
    }

    @Test
    void specialTokens_areTheLastTwo() {
        assertThat(vocabulary.size()).isEqualTo(645);
        assertThat(tokenizer.encode("")).containsExactly(vocabulary.begin(), vocabulary.end());
        assertThat(vocabulary.begin()).isEqualTo(vocabulary.size() - 2);
        assertThat(vocabulary.end()).isEqualTo(vocabulary.size() - 1);
        assertThat(tokenizer.vocabularySize()).isEqualTo(vocabulary.size());
        assertThat(tokenizer.contextLength()).isEqualTo(Vocabulary.CONTEXT_LENGTH);
    }

    @Test
    void captions_fitIntoTheContext() {
        for (int i = 0; i < 2000; i++) {
            Random random = Split.TRAINING.random(i);
            String caption = Captions.training(Scene.draw(random, SceneMix.CAPTIONED), random);
            assertThat(tokenizer.encode(caption)).as(caption).hasSizeLessThanOrEqualTo(Vocabulary.CONTEXT_LENGTH);
        }
    }

    @Test
    void vocabulary_isTheSameEveryTime(@TempDir Path folder) {
        Vocabulary.ofCaptions().write(folder, Existing.REFUSE);
        Tokenizer again = Tokenizer.load(folder);
        for (int id = 0; id < vocabulary.size(); id++) {
            assertThat(again.symbol(id)).isEqualTo(tokenizer.symbol(id));
        }
    }
}
