package io.heddle.clip;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Byte-pair encoding of one piece of text. Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword Units", on bytes instead of
 * characters.
 */
final class BytePairEncoding {
    /** Marks the last symbol of a piece in the vocabulary. */
    static final String END_OF_WORD = "</w>";

    private static final int CACHE_ENTRIES = 10_000;

    private final int[] symbols = new int[256];
    private final int[] lastSymbols = new int[256];
    private final Map<Long, Merge> merges;
    private final Map<String, Encoded> cache = new ConcurrentHashMap<>();

    /** A ranked pair: {@code left right} becomes {@code result}. */
    private record Merge(int rank, int result) {}

    /** The tokens of a piece, each with the index after its last byte. */
    record Encoded(List<Integer> ids, List<Integer> ends) {}

    /** Takes the vocabulary and the merges of a tokenizer; bytes that the vocabulary lacks become {@code unknown}. */
    BytePairEncoding(TokenizerDefinition definition, int unknown) {
        Map<String, Integer> vocabulary = definition.vocabulary();
        for (int value = 0; value < symbols.length; value++) {
            String symbol = String.valueOf(ByteAlphabet.character(value));
            symbols[value] = vocabulary.getOrDefault(symbol, unknown);
            lastSymbols[value] = vocabulary.getOrDefault(symbol + END_OF_WORD, unknown);
        }
        List<Pair> pairs = definition.merges();
        merges = HashMap.newHashMap(pairs.size());
        for (int rank = 0; rank < pairs.size(); rank++) {
            Pair pair = pairs.get(rank);
            Integer left = vocabulary.get(pair.left());
            Integer right = vocabulary.get(pair.right());
            Integer result = vocabulary.get(pair.left() + pair.right());
            if (left == null || right == null || result == null) {
                throw new TokenizerFormatException(definition.folder() + ": merge " + (rank + 1) + " joins \"" + pair.left() + "\" and \""
                        + pair.right()
                        + "\", but the vocabulary lacks one of them or the result: the files belong to different tokenizers or one is damaged");
            }
            merges.putIfAbsent(key(left, right), new Merge(rank, result));
        }
    }

    /** Two neighbouring symbols that are merged. */
    record Pair(String left, String right) {}

    /** The tokens of a piece that is not empty. */
    Encoded encode(String piece) {
        Encoded known = cache.get(piece);
        if (known != null) {
            return known;
        }
        if (cache.size() >= CACHE_ENTRIES) {
            cache.clear();
        }
        Encoded encoded = merge(piece.getBytes(StandardCharsets.UTF_8));
        cache.put(piece, encoded);
        return encoded;
    }

    private Encoded merge(byte[] bytes) {
        int count = bytes.length;
        int[] ids = new int[count];
        int[] ends = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (i < count - 1 ? symbols : lastSymbols)[Byte.toUnsignedInt(bytes[i])];
            ends[i] = i + 1;
        }
        for (Merge best = best(ids, count); best != null; best = best(ids, count)) {
            int kept = 0;
            for (int i = 0; i < count; kept++) {
                boolean merged = i + 1 < count && merges.get(key(ids[i], ids[i + 1])) == best;
                ids[kept] = merged ? best.result() : ids[i];
                i += merged ? 2 : 1;
                ends[kept] = ends[i - 1];
            }
            count = kept;
        }
        return new Encoded(
                Arrays.stream(ids, 0, count).boxed().toList(),
                Arrays.stream(ends, 0, count).boxed().toList());
    }

    private @Nullable Merge best(int[] ids, int count) {
        Merge best = null;
        for (int i = 0; i + 1 < count; i++) {
            Merge merge = merges.get(key(ids[i], ids[i + 1]));
            if (merge != null && (best == null || merge.rank() < best.rank())) {
                best = merge;
            }
        }
        return best;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }
}
