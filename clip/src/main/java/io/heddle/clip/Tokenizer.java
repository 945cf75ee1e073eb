package io.heddle.clip;

import io.heddle.clip.BytePairEncoding.Encoded;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CLIP's byte-level tokenizer: text becomes the indices that the text encoder reads.
 *
 * <p>Text is put into Unicode NFC and lower case (code point by code point), cut at special tokens, split into contractions, runs of letters, single
 * digits and runs of other characters, and each piece is byte-pair encoded. That is the behaviour of {@code CLIPTokenizerFast} and of transformers from
 * version 5; the older Python tokenizers differ on control characters, curly quotes, ligatures and ideographs. A special token is special in a prompt too:
 * with Stable Diffusion 2, whose padding is {@code !}, an exclamation mark is one padding token.
 *
 * <p>A tokenizer is immutable and may be used by many threads.
 */
public final class Tokenizer {
    private static final Pattern PIECE = Pattern.compile("'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private final Map<Integer, String> symbols;
    private final Map<Integer, String> literals = new HashMap<>();
    private final Literals asGiven;
    private final Literals normalized;
    private final BytePairEncoding encoding;
    private final int begin;
    private final int end;
    private final int pad;
    private final int contextLength;

    private Tokenizer(TokenizerDefinition definition) {
        Map<String, Integer> ids = definition.vocabulary();
        Map<String, Integer> plain = new HashMap<>();
        Map<String, Integer> lowered = new HashMap<>();
        for (AddedToken token : definition.added()) {
            int id = ids.get(token.content());
            literals.put(id, token.content());
            if (token.normalized()) {
                lowered.putIfAbsent(NormalizedText.of(token.content()).text(), id);
            } else {
                plain.put(token.content(), id);
            }
        }
        asGiven = new Literals(plain);
        normalized = new Literals(lowered);
        symbols = symbols(definition);
        encoding = new BytePairEncoding(definition, ids.get(definition.unknown()));
        begin = ids.get(definition.begin());
        end = ids.get(definition.end());
        pad = ids.get(definition.pad());
        contextLength = definition.contextLength();
    }

    /**
     * Reads the tokenizer in {@code folder}: {@code vocab.json} and {@code merges.txt}, or {@code tokenizer.json} alone; {@code tokenizer_config.json},
     * {@code special_tokens_map.json} and {@code added_tokens.json} where they exist.
     *
     * @throws TokenizerFormatException if a file is missing, damaged or does not fit the others
     */
    public static Tokenizer load(Path folder) {
        return new Tokenizer(TokenizerFiles.read(folder));
    }

    /** The tokens of a text, without begin and end, however many they are. */
    public List<Token> tokenize(String text) {
        List<Token> tokens = new ArrayList<>();
        asGiven.split(
                text,
                (start, stop) -> tokenize(NormalizedText.of(text, start, stop), tokens),
                (id, start, stop) -> tokens.add(new Token(id, start, stop)));
        return tokens;
    }

    /** The whole sequence of a text: begin, its tokens, end. Neither padded nor truncated. */
    public int[] encode(String text) {
        List<Token> tokens = tokenize(text);
        int[] ids = new int[tokens.size() + 2];
        Arrays.setAll(ids, i -> i == 0 ? begin : i <= tokens.size() ? tokens.get(i - 1).id() : end);
        return ids;
    }

    /**
     * What the text encoder reads: the sequence of the text, padded on the right to the {@linkplain #contextLength context length}.
     *
     * @throws PromptTooLongException if the text has more tokens than fit
     */
    public int[] encodePadded(String text) {
        List<Token> tokens = tokenize(text);
        int places = contextLength - 2;
        if (tokens.size() > places) {
            throw new PromptTooLongException(tokens.size(), places, wordAt(text, tokens.get(places)));
        }
        return encodeTruncated(text);
    }

    /** As {@link #encodePadded}, but of a text that is too long only the tokens that fit. */
    public int[] encodeTruncated(String text) {
        int[] ids = encode(text);
        int length = ids.length;
        int[] padded = Arrays.copyOf(ids, contextLength);
        if (length < contextLength) {
            Arrays.fill(padded, length, contextLength, pad);
        }
        padded[Math.min(length, contextLength) - 1] = end;
        return padded;
    }

    /**
     * The text of a single token: {@code cat} for {@code cat</w>}. Bytes that are no whole character become U+FFFD.
     *
     * @throws IllegalArgumentException if the vocabulary has no such id
     */
    public String decode(int id) {
        String symbol = symbol(id);
        if (literals.containsKey(id)) {
            return symbol;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (char character : symbol.replace(BytePairEncoding.END_OF_WORD, " ").toCharArray()) {
            if (ByteAlphabet.contains(character)) {
                bytes.write(ByteAlphabet.value(character));
            } else {
                bytes.writeBytes(String.valueOf(character).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8).strip();
    }

    /**
     * A token as the vocabulary writes it: {@code cat</w>}.
     *
     * @throws IllegalArgumentException if the vocabulary has no such id
     */
    public String symbol(int id) {
        String symbol = symbols.get(id);
        if (symbol == null) {
            throw new IllegalArgumentException("the vocabulary of " + symbols.size() + " tokens has no id " + id);
        }
        return symbol;
    }

    /** Tokens of a padded sequence, begin and end included: 77 for all published models. */
    public int contextLength() {
        return contextLength;
    }

    /** How many tokens there are: one more than the largest id. */
    public int vocabularySize() {
        return symbols.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
    }

    private void tokenize(NormalizedText text, List<Token> tokens) {
        String characters = text.text();
        normalized.split(
                characters,
                (start, stop) -> {
                    for (Matcher piece = PIECE.matcher(characters).region(start, stop); piece.find();) {
                        encode(text, piece.start(), piece.group(), tokens);
                    }
                },
                (id, start, stop) -> tokens.add(new Token(id, text.sourceStart(start), text.sourceEnd(stop - 1))));
    }

    private void encode(NormalizedText text, int offset, String piece, List<Token> tokens) {
        Encoded encoded = encoding.encode(piece);
        int[] characters = characterOfEachByte(piece);
        int first = 0;
        for (int i = 0; i < encoded.ids().size(); i++) {
            int last = encoded.ends().get(i) - 1;
            tokens.add(new Token(
                    encoded.ids().get(i), text.sourceStart(offset + characters[first]), text.sourceEnd(offset + characters[last])));
            first = last + 1;
        }
    }

    private static int[] characterOfEachByte(String piece) {
        int[] characters = new int[piece.getBytes(StandardCharsets.UTF_8).length];
        int written = 0;
        for (int i = 0; i < piece.length(); i += Character.charCount(piece.codePointAt(i))) {
            int width = Character.toString(piece.codePointAt(i)).getBytes(StandardCharsets.UTF_8).length;
            Arrays.fill(characters, written, written + width, i);
            written += width;
        }
        return characters;
    }

    private static String wordAt(String text, Token token) {
        return new ExactWords(text, List.of(token))
                .list().stream()
                .filter(word -> !word.positions().isEmpty())
                .findFirst()
                .map(Word::text)
                .orElseThrow();
    }

    private static Map<Integer, String> symbols(TokenizerDefinition definition) {
        Map<Integer, String> symbols = HashMap.newHashMap(definition.vocabulary().size());
        definition.vocabulary().forEach((symbol, id) -> {
            String other = symbols.put(id, symbol);
            if (other != null) {
                throw new TokenizerFormatException(
                        definition.folder() + ": the vocabulary gives id " + id + " to both \"" + other + "\" and \"" + symbol + "\"");
            }
        });
        return symbols;
    }
}
