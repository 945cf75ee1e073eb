package io.heddle.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import io.heddle.testkit.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFilesTest {
    private static final String VOCABULARY = """
            {"a": 0, "b": 1, "c": 2, "a</w>": 3, "b</w>": 4, "c</w>": 5, "ab": 6, "abc</w>": 7, "<|startoftext|>": 8, "<|endoftext|>": 9, "!": 10}""";
    private static final String MERGES = "#version: 0.2\na b\nab c</w>\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void writeSmallTokenizer() throws IOException {
        write("vocab.json", VOCABULARY);
        write("merges.txt", MERGES);
    }

    @Test
    void aFolder_withoutConfigs_isReadWithClipsOwnSpecialTokens() {
        Tokenizer tokenizer = Tokenizer.load(folder);

        assertThat(tokenizer.encode("abc ab")).containsExactly(8, 7, 0, 4, 9);
        assertThat(tokenizer.contextLength()).isEqualTo(77);
        assertThat(tokenizer.vocabularySize()).isEqualTo(11);
    }

    @Test
    void bytesOutsideTheVocabulary_becomeTheUnknownToken() {
        assertThat(Tokenizer.load(folder).encode("az")).containsExactly(8, 0, 9, 9);
    }

    @Test
    void specialTokensMap_winsOverTheConfig() throws IOException {
        write("tokenizer_config.json", """
                {"pad_token": "<|endoftext|>", "model_max_length": 4}""");
        write("special_tokens_map.json", """
                {"pad_token": "!"}""");

        assertThat(Tokenizer.load(folder).encodePadded("abc")).containsExactly(8, 7, 9, 10);
    }

    @Test
    void addedTokensOfTheConfig_winOverTheMap() throws IOException {
        write("tokenizer_config.json", """
                {"pad_token": "<|endoftext|>", "model_max_length": 5, "added_tokens_decoder": {"11": {"content": "<cat>", "normalized": false}}}""");
        write("special_tokens_map.json", """
                {"pad_token": "!"}""");

        assertThat(Tokenizer.load(folder).encodePadded("a<cat>")).containsExactly(8, 3, 11, 9, 9);
    }

    @Test
    void addedTokensOfOlderFolders_areFoundInAnyCase_butSpecialOnesAsWritten() throws IOException {
        write("added_tokens.json", """
                {"<Cat>": 11, "<PAD>": 12}""");
        write("special_tokens_map.json", """
                {"pad_token": "<PAD>"}""");
        write("tokenizer_config.json", """
                {"model_max_length": 6}""");

        Tokenizer tokenizer = Tokenizer.load(folder);

        assertThat(tokenizer.encodePadded("a<cat>")).containsExactly(8, 3, 11, 9, 12, 12);
        assertThat(tokenizer.encode("a<PAD>")).containsExactly(8, 3, 12, 9);
        assertThat(tokenizer.encode("<pad>")).doesNotContain(12);
        assertThat(tokenizer.vocabularySize()).isEqualTo(13);
    }

    @Test
    void addedTokensOfTheConfig_winOverThoseOfOlderFolders() throws IOException {
        write("added_tokens.json", """
                {"<cat>": 12, "<dog>": 13}""");
        write("tokenizer_config.json", """
                {"added_tokens_decoder": {"11": {"content": "<cat>", "normalized": false}}}""");

        Tokenizer tokenizer = Tokenizer.load(folder);

        assertThat(tokenizer.encode("a<cat>")).containsExactly(8, 3, 11, 9);
        assertThat(tokenizer.vocabularySize()).isEqualTo(12);
    }

    @Test
    void wrongAddedTokensOfOlderFolders_areRefused() throws IOException {
        write("added_tokens.json", "{\"<cat>\": -1}");
        assertRefused("added_tokens.json: the id of \"<cat>\" must be 0 or more, but is -1");
        write("added_tokens.json", "{\"\": 11}");
        assertRefused("added_tokens.json: an added token without content");
        write("added_tokens.json", "{\"<cat>\": 0}");
        assertRefused("the vocabulary gives id 0 to both");
        write("added_tokens.json", "{}");
        assertThat(Tokenizer.load(folder).vocabularySize()).isEqualTo(11);
    }

    @Test
    void anUnlimitedContextLength_isTakenAsTheUsualOne() throws IOException {
        write("tokenizer_config.json", """
                {"model_max_length": 1000000000000000019884624838656}""");

        assertThat(Tokenizer.load(folder).contextLength()).isEqualTo(77);
    }

    @Test
    void wholeTokenizerFile_givesTheSameIdsAsVocabularyAndMerges() {
        Tokenizer whole = Tokenizer.load(SharedFiles.locate("fixtures/14_transformers5_layout/tokenizer"));
        Tokenizer parts = Tokenizer.load(SharedFiles.locate("toy_sd/tokenizer"));

        assertThat(whole.contextLength()).isEqualTo(24);
        for (JsonElement element : SharedFiles.json("fixtures/01_tokenizer/strings.json").getAsJsonArray()) {
            String text = element.getAsJsonObject().get("text").getAsString();
            assertThat(whole.encodeTruncated(text)).as(text).containsExactly(parts.encodeTruncated(text));
        }
    }

    @Test
    void mergesOfOlderTokenizerFiles_areStringsWithASpace() throws IOException {
        Files.delete(folder.resolve("vocab.json"));
        write("tokenizer.json", """
                {"model": {"vocab": %s, "merges": ["a b", ["ab", "c</w>"]]}, "added_tokens": [{"id": 11, "content": "<cat>"}]}"""
                .formatted(VOCABULARY));

        assertThat(Tokenizer.load(folder).encode("abc<cat>")).containsExactly(8, 7, 11, 9);
    }

    @Test
    void aFolderWithoutTokenizer_saysWhatItHolds() throws IOException {
        Files.delete(folder.resolve("vocab.json"));

        assertRefused("needs vocab.json and merges.txt, or tokenizer.json; it holds merges.txt");
    }

    @Test
    void aMergeOfThreeSymbols_isRefusedByNumber() throws IOException {
        write("merges.txt", MERGES + "a b c\n");

        assertRefused("merges.txt: merge 3 must be two symbols with one space between them, but is \"a b c\"");
    }

    @Test
    void aMergeThatTheVocabularyLacks_isRefusedByNumber() throws IOException {
        write("merges.txt", MERGES + "b c\n");

        assertRefused("merge 3 joins \"b\" and \"c\", but the vocabulary lacks");
    }

    @Test
    void aVocabularyWithOneIdTwice_isRefused() throws IOException {
        write("vocab.json", VOCABULARY.replace("\"b\": 1", "\"b\": 0"));

        assertRefused("the vocabulary gives id 0 to both \"a\" and \"b\"");
    }

    @Test
    void aVocabularyWithANegativeId_isRefused() throws IOException {
        write("vocab.json", VOCABULARY.replace("\"b\": 1", "\"b\": -1"));

        assertRefused("the id of \"b\" must be 0 or more, but is -1");
    }

    @Test
    void aVocabularyThatIsNoJson_isRefused() throws IOException {
        write("vocab.json", VOCABULARY.substring(0, 40));

        assertRefused("vocab.json is not what a tokenizer's JSON must be");
    }

    @Test
    void aVocabularyOfStrings_isRefused() throws IOException {
        write("vocab.json", "{\"a\": \"zero\"}");

        assertRefused("vocab.json is not what a tokenizer's JSON must be");
    }

    @Test
    void aVocabularyThatIsNoText_isRefused() throws IOException {
        Files.write(folder.resolve("vocab.json"), new byte[] {'{', (byte) 0xff, '}'});

        assertRefused("vocab.json is not UTF-8 text");
    }

    @Test
    void aPointerOfGitLfs_isRefusedByName() throws IOException {
        write("merges.txt", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");

        assertRefused("merges.txt is a Git LFS pointer, not the file: run git lfs pull");
    }

    @Test
    void aMissingEndToken_isRefused() throws IOException {
        write("vocab.json", VOCABULARY.replace("<|endoftext|>", "<|end|>"));

        assertRefused("the vocabulary lacks \"<|endoftext|>\", the eos_token");
    }

    @Test
    void damagedFiles_areReadOrRefused_andNothingElse() throws IOException {
        String config = """
                {"pad_token": {"content": "!", "normalized": true}, "model_max_length": 9, "added_tokens_decoder": {"11": {"content": "<cat>"}}}""";
        String whole = """
                {"model": {"vocab": %s, "merges": ["a b", ["ab", "c</w>"]]}, "added_tokens": [{"id": 11, "content": "<cat>"}]}"""
                .formatted(VOCABULARY);
        Random random = new Random(11);
        for (int trial = 0; trial < 600; trial++) {
            boolean parts = trial % 2 == 0;
            write("vocab.json", parts && trial % 3 == 0 ? damaged(VOCABULARY, random) : VOCABULARY);
            write("merges.txt", parts && trial % 3 == 1 ? damaged(MERGES, random) : MERGES);
            write("tokenizer_config.json", trial % 3 == 2 ? damaged(config, random) : config);
            write("tokenizer.json", damaged(whole, random));
            if (!parts) {
                Files.delete(folder.resolve("vocab.json"));
            }
            try {
                Tokenizer.load(folder).encode("abc ab!");
            } catch (TokenizerFormatException refused) {
                assertThat(refused).hasMessageContaining(" ");
            } catch (RuntimeException crash) {
                throw new AssertionError("seed 11, trial " + trial, crash);
            }
        }
    }

    /** Replaces, drops or doubles a few stretches by what JSON is made of. */
    private static String damaged(String text, Random random) {
        String[] pieces = {"", "{", "}", "[", "]", "\"", ",", ":", "null", "-1", "1e99", "2.5", "true", "\0", "{}", "[]", "\"a\"", " "};
        StringBuilder damaged = new StringBuilder(text);
        for (int change = random.nextInt(3); change >= 0; change--) {
            int start = random.nextInt(damaged.length() + 1);
            int end = Math.min(damaged.length(), start + random.nextInt(6));
            damaged.replace(start, end, pieces[random.nextInt(pieces.length)]);
        }
        return damaged.toString();
    }

    private void assertRefused(String sentence) {
        assertThatThrownBy(() -> Tokenizer.load(folder)).isInstanceOf(TokenizerFormatException.class).hasMessageContaining(sentence);
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(folder.resolve(file), content);
    }
}
