package io.heddle.cli.standin;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A vocabulary in CLIP's files, learned from a list of words: the commonest pair of neighbouring symbols is merged until each word is one token.
 * Sennrich et al. 2016, algorithm 1.
 */
final class Vocabulary {
    private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final String END_OF_WORD = "</w>";
    private static final String BEGIN = "<|startoftext|>";
    private static final String END = "<|endoftext|>";

    private final SequencedMap<String, Integer> ids = new LinkedHashMap<>();
    private final List<Pair> merges = new ArrayList<>();

    private record Pair(String left, String right) implements Comparable<Pair> {
        private static final Comparator<Pair> ORDER = Comparator.comparing(Pair::left).thenComparing(Pair::right);

        @Override
        public int compareTo(Pair other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * Learns the vocabulary.
     *
     * @param words in lower case and without blanks; {@code pur|ple} becomes two tokens
     */
    Vocabulary(List<String> words) {
        for (String suffix : List.of("", END_OF_WORD)) {
            for (char visible = '!'; visible <= '~'; visible++) {
                add(visible + suffix);
            }
        }
        List<List<String>> pieces = new ArrayList<>();
        words.forEach(word -> pieces.addAll(pieces(word)));
        for (Map<Pair, Integer> counts = count(pieces); !counts.isEmpty(); counts = count(pieces)) {
            int most = counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
            Pair commonest = counts.entrySet().stream().filter(entry -> entry.getValue() == most).map(Map.Entry::getKey).findFirst().orElseThrow();
            merges.add(commonest);
            add(commonest.left + commonest.right);
            pieces.forEach(piece -> merge(piece, commonest));
        }
        add(BEGIN);
        add(END);
    }

    /** The number of tokens. */
    int size() {
        return ids.size();
    }

    /** Writes {@code vocab.json} and {@code merges.txt}. */
    void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("vocab.json"), JSON.toJson(ids));
        StringBuilder lines = new StringBuilder("#version: 0.2\n");
        merges.forEach(merge -> lines.append(merge.left).append(' ').append(merge.right).append('\n'));
        Files.writeString(folder.resolve("merges.txt"), lines);
    }

    private void add(String symbol) {
        ids.putIfAbsent(symbol, ids.size());
    }

    private static List<List<String>> pieces(String word) {
        List<List<String>> pieces = new ArrayList<>();
        for (String part : word.split("\\|")) {
            pieces.add(new ArrayList<>(Arrays.asList(part.split(""))));
        }
        List<String> last = pieces.getLast();
        last.set(last.size() - 1, last.getLast() + END_OF_WORD);
        return pieces;
    }

    private static Map<Pair, Integer> count(List<List<String>> pieces) {
        Map<Pair, Integer> counts = new TreeMap<>();
        for (List<String> piece : pieces) {
            for (int i = 1; i < piece.size(); i++) {
                counts.merge(new Pair(piece.get(i - 1), piece.get(i)), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static void merge(List<String> piece, Pair pair) {
        for (int i = 1; i < piece.size(); i++) {
            if (piece.get(i - 1).equals(pair.left) && piece.get(i).equals(pair.right)) {
                piece.set(i - 1, pair.left + pair.right);
                piece.remove(i);
            }
        }
    }
}
