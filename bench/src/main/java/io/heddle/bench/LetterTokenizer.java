package io.heddle.bench;

import io.heddle.clip.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A tokenizer with a token for every letter and every last letter of a word: benches of edits need one, and any will do. */
final class LetterTokenizer {
    private LetterTokenizer() {}

    /** One with CLIP's context of 77 tokens. */
    static Tokenizer create() {
        try {
            Path folder = Files.createTempDirectory("heddle-letters");
            Path vocabulary = folder.resolve("vocab.json");
            Path merges = folder.resolve("merges.txt");
            try {
                Files.writeString(vocabulary, vocabulary());
                Files.writeString(merges, "#version: 0.2\n");
                return Tokenizer.load(folder);
            } finally {
                Files.deleteIfExists(vocabulary);
                Files.deleteIfExists(merges);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the files of a small tokenizer cannot be written into the temporary directory", e);
        }
    }

    private static String vocabulary() {
        Stream<String> letters = IntStream.rangeClosed('a', 'z').mapToObj(Character::toString).flatMap(letter -> Stream.of(letter, letter + "</w>"));
        String[] tokens = Stream.concat(letters, Stream.of("<|startoftext|>", "<|endoftext|>")).toArray(String[]::new);
        return IntStream.range(0, tokens.length).mapToObj(id -> '"' + tokens[id] + "\": " + id).collect(Collectors.joining(", ", "{", "}"));
    }
}
