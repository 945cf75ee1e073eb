package io.heddle.toyworld;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The vocabulary of captions in CLIP's format: 256 byte symbols, the same at the end of words, what byte-pair encoding (Sennrich et al. 2016, algorithm 1)
 * merges on random captions until every word is one token, and the two special tokens.
 *
 * <p>Three words stay two tokens, {@code pur|ple}, {@code flo|wer} and {@code stri|ped}: no pair that would cross their cut is ever merged. So each of
 * colours, kinds and textures has a word that edits must align two to one.
 */
public final class Vocabulary {
    /** Tokens of a padded caption, begin and end included. */
    public static final int CONTEXT_LENGTH = 24;

    private static final String BEGIN = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    private static final String END_OF_WORD = "</w>";
    private static final Map<String, Integer> CUTS = Map.of("purple", 3, "flower", 3, "striped", 4);
    private static final int CAPTIONS = 10_000;
    private static final float BOTH_WAYS = 0.5f;
    private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    private final List<Pair> merges;
    private final SequencedMap<String, Integer> ids = new LinkedHashMap<>();

    private record Pair(String left, String right) implements Comparable<Pair> {
        private static final Comparator<Pair> ALPHABETICAL = Comparator.comparing(Pair::left).thenComparing(Pair::right);

        @Override
        public int compareTo(Pair other) {
            return ALPHABETICAL.compare(this, other);
        }
    }

    private Vocabulary(List<Pair> merges) {
        this.merges = merges;
        List<String> bytes = byteSymbols();
        bytes.forEach(this::add);
        bytes.forEach(symbol -> add(symbol + END_OF_WORD));
        merges.forEach(pair -> add(pair.left() + pair.right()));
        add(BEGIN);
        add(END);
    }

    /** Counts the words of captions and merges their pairs, always the same way. */
    public static Vocabulary ofCaptions() {
        Map<String, Integer> counts = new TreeMap<>();
        Captions.words().forEach(word -> counts.put(word, 1));
        for (int i = 0; i < CAPTIONS; i++) {
            var random = Split.TRAINING.random(i);
            for (String word : Captions.training(Scene.draw(random, SceneMix.CAPTIONED), random, BOTH_WAYS).split(" ")) {
                counts.merge(word, 1, Integer::sum);
            }
        }
        return new Vocabulary(merges(counts));
    }

    /** The number of tokens, special ones included. */
    public int size() {
        return ids.size();
    }

    /** The token that begins every caption. */
    public int begin() {
        return ids.get(BEGIN);
    }

    /** The token that ends every caption and fills what is left. */
    public int end() {
        return ids.get(END);
    }

    /**
     * Writes the files of a tokenizer in the layout of the diffusers library: {@code vocab.json}, {@code merges.txt}, {@code tokenizer_config.json} and
     * {@code special_tokens_map.json}.
     *
     * @param folder is made if it does not exist
     * @throws io.heddle.files.OutputException if a file cannot be written, or exists and may not be replaced
     */
    public void write(Path folder, Existing existing) {
        StringBuilder pairs = new StringBuilder("#version: 0.2\n");
        merges.forEach(pair -> pairs.append(pair.left()).append(' ').append(pair.right()).append('\n'));
        Map<String, Object> special = new LinkedHashMap<>();
        special.put("bos_token", BEGIN);
        special.put("eos_token", END);
        special.put("pad_token", END);
        special.put("unk_token", END);
        Map<String, Object> config = new LinkedHashMap<>(special);
        config.put("model_max_length", CONTEXT_LENGTH);
        config.put("tokenizer_class", "CLIPTokenizer");
        write(folder.resolve("vocab.json"), JSON.toJson(ids), existing);
        write(folder.resolve("merges.txt"), pairs.toString(), existing);
        write(folder.resolve("tokenizer_config.json"), JSON.toJson(config), existing);
        write(folder.resolve("special_tokens_map.json"), JSON.toJson(special), existing);
    }

    private static void write(Path file, String text, Existing existing) {
        AtomicFile.write(file, existing, temporary -> Files.writeString(temporary, text));
    }

    private void add(String symbol) {
        ids.put(symbol, ids.size());
    }

    private static List<Pair> merges(Map<String, Integer> counts) {
        Map<String, List<String>> pieces = new TreeMap<>();
        counts.keySet().forEach(word -> pieces.put(word, letters(word)));
        List<Pair> merges = new ArrayList<>();
        while (true) {
            Map<Pair, Integer> pairs = pairs(pieces, counts);
            if (pairs.isEmpty()) {
                return List.copyOf(merges);
            }
            // the least of equally frequent pairs, so that the order of counting does not matter
            Pair best = pairs.entrySet().stream()
                    .max(Map.Entry.<Pair, Integer>comparingByValue().thenComparing(Map.Entry.<Pair, Integer>comparingByKey().reversed()))
                    .orElseThrow()
                    .getKey();
            merges.add(best);
            pieces.replaceAll((word, symbols) -> merged(symbols, best));
        }
    }

    private static Map<Pair, Integer> pairs(Map<String, List<String>> pieces, Map<String, Integer> counts) {
        Map<Pair, Integer> pairs = new TreeMap<>();
        List<Pair> forbidden = new ArrayList<>();
        pieces.forEach((word, symbols) -> {
            int position = 0;
            for (int i = 1; i < symbols.size(); i++) {
                Pair pair = new Pair(symbols.get(i - 1), symbols.get(i));
                position += pair.left().length();
                if (position == CUTS.getOrDefault(word, 0)) {
                    forbidden.add(pair);
                }
                pairs.merge(pair, counts.get(word), Integer::sum);
            }
        });
        forbidden.forEach(pairs::remove);
        return pairs;
    }

    private static List<String> letters(String word) {
        List<String> letters = new ArrayList<>(List.of(word.split("")));
        letters.add(letters.removeLast() + END_OF_WORD);
        return letters;
    }

    private static List<String> merged(List<String> symbols, Pair pair) {
        List<String> merged = new ArrayList<>();
        for (int i = 0; i < symbols.size(); i++) {
            boolean found = i + 1 < symbols.size() && symbols.get(i).equals(pair.left()) && symbols.get(i + 1).equals(pair.right());
            merged.add(found ? pair.left() + pair.right() : symbols.get(i));
            i += found ? 1 : 0;
        }
        return merged;
    }

    /** The characters that stand for bytes in CLIP's files: printable ones for themselves, the others moved behind U+0100. */
    private static List<String> byteSymbols() {
        List<String> printable = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            if (value >= '!' && value <= '~' || value >= '¡' && value <= '¬' || value >= '®') {
                printable.add(Character.toString(value));
            } else {
                others.add(Character.toString(256 + others.size()));
            }
        }
        printable.addAll(others);
        return printable;
    }
}
