package io.heddle.clip;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Words by the characters their tokens were made of. */
record ExactWords(String prompt, List<Token> tokens) implements Words {
    private static final Pattern WORD = Pattern.compile("\\S+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final String PART_OF_WORD = "[\\p{L}\\p{M}\\p{N}]";

    @Override
    public List<Word> list() {
        return WORD.matcher(prompt)
                .results()
                .map(word -> new Word(word.group(), word.start(), positions(word.start(), word.end())))
                .toList();
    }

    @Override
    public List<Integer> positions(String word) {
        if (word.isBlank()) {
            return List.of();
        }
        NormalizedText text = NormalizedText.of(prompt);
        Matcher occurrences = whole(NormalizedText.of(word.strip()).text()).matcher(text.text());
        return occurrences
                .results()
                .flatMap(found -> positions(text.sourceStart(found.start()), text.sourceEnd(found.end() - 1)).stream())
                .distinct()
                .toList();
    }

    private List<Integer> positions(int start, int end) {
        return IntStream.range(0, tokens.size())
                .filter(i -> tokens.get(i).start() < end && tokens.get(i).end() > start)
                .mapToObj(i -> i + 1)
                .toList();
    }

    /** Matches a normalised phrase, with any blanks between its words, where no longer word goes on before or behind it. */
    private static Pattern whole(String phrase) {
        String words = Arrays.stream(phrase.split("\\s+")).map(Pattern::quote).collect(Collectors.joining("\\s+"));
        String before = phrase.substring(0, phrase.offsetByCodePoints(0, 1)).matches(PART_OF_WORD) ? "(?<!" + PART_OF_WORD + ")" : "";
        String after = phrase.substring(phrase.offsetByCodePoints(phrase.length(), -1)).matches(PART_OF_WORD) ? "(?!" + PART_OF_WORD + ")" : "";
        return Pattern.compile(before + words + after, Pattern.UNICODE_CHARACTER_CLASS);
    }
}
