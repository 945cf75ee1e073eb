package io.heddle.clip;

import java.util.ArrayList;
import java.util.List;

/** Words as the published Prompt-to-Prompt code finds them. */
record ReferenceWords(String prompt, List<Word> words, boolean overrun) implements Words {
    static ReferenceWords walk(Tokenizer tokenizer, String prompt) {
        String[] texts = prompt.split(" ", -1);
        List<List<Integer>> positions = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            positions.add(new ArrayList<>());
        }
        List<Token> tokens = tokenizer.tokenize(prompt);
        int word = 0;
        int counted = 0;
        for (int i = 0; i < tokens.size() && word < texts.length; i++) {
            positions.get(word).add(i + 1);
            counted += length(withoutHashes(tokenizer.decode(tokens.get(i).id())));
            if (counted >= length(texts[word])) {
                word++;
                counted = 0;
            }
        }
        List<Word> words = new ArrayList<>();
        int placed = 0;
        int start = 0;
        for (int i = 0; i < texts.length; i++) {
            words.add(new Word(texts[i], start, positions.get(i)));
            placed += positions.get(i).size();
            start += texts[i].length() + 1;
        }
        return new ReferenceWords(prompt, words, placed < tokens.size());
    }

    @Override
    public List<Word> list() {
        if (overrun) {
            throw new IllegalArgumentException(
                    "the published code cannot tell the words of the prompt \"" + prompt + "\": some tokens remain behind the last word");
        }
        return words;
    }

    @Override
    public List<Integer> positions(String word) {
        if (words.stream().noneMatch(candidate -> candidate.text().equals(word))) {
            return List.of();
        }
        return list().stream()
                .filter(candidate -> candidate.text().equals(word))
                .flatMap(found -> found.positions().stream())
                .toList();
    }

    private static String withoutHashes(String token) {
        return token.replaceAll("^#+|#+$", "");
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
