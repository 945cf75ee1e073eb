package io.heddle.clip;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.reflect.TypeToken;
import io.heddle.clip.BytePairEncoding.Pair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tokenizer's folder: {@code vocab.json} and {@code merges.txt}, or {@code tokenizer.json} alone (as transformers 5 writes it), with the special
 * tokens of {@code special_tokens_map.json} and {@code tokenizer_config.json} and the further tokens of {@code added_tokens.json} where they exist. The map
 * wins over the config, unless the config lists its added tokens itself: neither the map nor {@code added_tokens.json} counts then.
 */
final class TokenizerFiles {
    private static final String BEGIN = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    private static final int USUAL_CONTEXT_LENGTH = 77;
    private static final int LARGEST_CONTEXT_LENGTH = 1 << 20;
    private static final long LARGEST_FILE = 1L << 28;

    private static final Gson JSON = new GsonBuilder()
            .setStrictness(Strictness.STRICT)
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .registerTypeAdapter(AddedToken.class, new AddedToken.Reader())
            .create();

    private final Path folder;
    private final Map<String, Integer> vocabulary = new HashMap<>();
    private final List<Pair> merges = new ArrayList<>();
    private final Map<String, AddedToken> added = new LinkedHashMap<>();
    private final List<String> words = new ArrayList<>();

    private record WholeTokenizer(@Nullable Model model, @Nullable List<AddedToken> addedTokens) {}

    private record Model(@Nullable HashMap<String, Integer> vocab, @Nullable List<Object> merges) {}

    private record Config(@Nullable Map<Integer, AddedToken> addedTokensDecoder, @Nullable Double modelMaxLength) {}

    private record SpecialTokens(
            @Nullable AddedToken bosToken, @Nullable AddedToken eosToken, @Nullable AddedToken unkToken, @Nullable AddedToken padToken) {}

    private TokenizerFiles(Path folder) {
        this.folder = folder;
    }

    static TokenizerDefinition read(Path folder) {
        return new TokenizerFiles(folder).read();
    }

    private TokenizerDefinition read() {
        if (exists("vocab.json") && exists("merges.txt")) {
            addVocabulary("vocab.json", parse("vocab.json", new TypeToken<HashMap<String, Integer>>() {}));
            addMerges();
        } else if (exists("tokenizer.json")) {
            addWholeTokenizer();
        } else {
            throw new TokenizerFormatException(folder + " needs vocab.json and merges.txt, or tokenizer.json; it holds " + contents());
        }
        Config config = new Config(null, null);
        SpecialTokens fromConfig = new SpecialTokens(null, null, null, null);
        SpecialTokens fromMap = fromConfig;
        if (exists("tokenizer_config.json")) {
            config = parse("tokenizer_config.json", TypeToken.get(Config.class));
            fromConfig = parse("tokenizer_config.json", TypeToken.get(SpecialTokens.class));
        }
        if (config.addedTokensDecoder() != null) {
            config.addedTokensDecoder().forEach((id, token) -> add(token, id));
        } else {
            if (exists("special_tokens_map.json")) {
                fromMap = parse("special_tokens_map.json", TypeToken.get(SpecialTokens.class));
            }
            if (exists("added_tokens.json")) {
                addWords();
            }
        }
        return new TokenizerDefinition(
                folder,
                vocabulary,
                merges,
                special("bos_token", BEGIN, fromMap.bosToken(), fromConfig.bosToken()),
                special("eos_token", END, fromMap.eosToken(), fromConfig.eosToken()),
                special("unk_token", END, fromMap.unkToken(), fromConfig.unkToken()),
                special("pad_token", END, fromMap.padToken(), fromConfig.padToken()),
                addedTokens(),
                contextLength(config));
    }

    private void addVocabulary(String file, @Nullable Map<String, Integer> ids) {
        if (ids == null || ids.isEmpty()) {
            throw new TokenizerFormatException(folder.resolve(file) + " holds no vocabulary");
        }
        requireIds(file, ids);
        vocabulary.putAll(ids);
    }

    private void requireIds(String file, Map<String, Integer> ids) {
        ids.forEach((token, id) -> {
            if (id == null || id < 0) {
                throw new TokenizerFormatException(folder.resolve(file) + ": the id of \"" + token + "\" must be 0 or more, but is " + id);
            }
        });
    }

    /** The tokens that versions before transformers 4.34 added: a word of textual inversion is declared nowhere else. */
    private void addWords() {
        Map<String, Integer> ids = parse("added_tokens.json", new TypeToken<LinkedHashMap<String, Integer>>() {});
        requireIds("added_tokens.json", ids);
        if (ids.containsKey("")) {
            throw new TokenizerFormatException(folder.resolve("added_tokens.json") + ": an added token without content");
        }
        ids.forEach(vocabulary::putIfAbsent);
        words.addAll(ids.keySet());
    }

    /** Special tokens are among them already and stay as they are; other words are looked for in the normalised text. */
    private List<AddedToken> addedTokens() {
        words.forEach(word -> added.putIfAbsent(word, new AddedToken(word, true, null)));
        return List.copyOf(added.values());
    }

    private void addMerges() {
        String text = text("merges.txt");
        String withoutHeader = text.substring(text.startsWith("#version") ? text.indexOf('\n') + 1 : 0);
        withoutHeader.lines().forEach(line -> addMerge("merges.txt", List.of(line.split(" ", -1))));
    }

    private void addWholeTokenizer() {
        WholeTokenizer whole = parse("tokenizer.json", TypeToken.get(WholeTokenizer.class));
        if (whole.model() == null || whole.model().merges() == null) {
            throw new TokenizerFormatException(
                    folder.resolve("tokenizer.json") + " describes no byte-pair encoding: expected a model with vocab and merges");
        }
        addVocabulary("tokenizer.json", whole.model().vocab());
        for (Object merge : whole.model().merges()) {
            // A pair is a list of two strings; before version 0.20 of the tokenizers library it was one string with a space between them.
            Collection<?> symbols = merge instanceof String line ? List.of(line.split(" ", -1)) : merge instanceof List<?> list ? list : List.of();
            addMerge("tokenizer.json", symbols.stream().map(String::valueOf).toList());
        }
        if (whole.addedTokens() != null) {
            whole.addedTokens().forEach(token -> add(token, token.id()));
        }
    }

    private void addMerge(String file, List<String> symbols) {
        if (symbols.size() != 2) {
            throw new TokenizerFormatException(folder.resolve(file) + ": merge " + (merges.size() + 1)
                    + " must be two symbols with one space between them, but is \"" + String.join(" ", symbols) + "\"");
        }
        merges.add(new Pair(symbols.get(0), symbols.get(1)));
    }

    private void add(@Nullable AddedToken token, @Nullable Integer id) {
        if (token == null) {
            throw new TokenizerFormatException(folder + ": an added token is null");
        }
        added.putIfAbsent(token.content(), token);
        if (id != null) {
            vocabulary.putIfAbsent(token.content(), id);
        }
    }

    /** The token that plays {@code role}: said by the map, else by the config, else CLIP's own. */
    private String special(String role, String usual, @Nullable AddedToken fromMap, @Nullable AddedToken fromConfig) {
        AddedToken token = fromMap != null ? fromMap : fromConfig != null ? fromConfig : new AddedToken(usual, true, null);
        if (!vocabulary.containsKey(token.content())) {
            throw new TokenizerFormatException(folder + ": the vocabulary lacks \"" + token.content() + "\", the " + role);
        }
        add(token, null);
        return token.content();
    }

    private int contextLength(Config config) {
        double length = config.modelMaxLength() == null ? Double.MAX_VALUE : config.modelMaxLength();
        if (length < 2) {
            throw new TokenizerFormatException(folder.resolve("tokenizer_config.json") + ": model_max_length must be 2 or more, but is " + length);
        }
        return length > LARGEST_CONTEXT_LENGTH ? USUAL_CONTEXT_LENGTH : (int) length;
    }

    private boolean exists(String file) {
        return Files.isRegularFile(folder.resolve(file));
    }

    private <T> T parse(String file, TypeToken<T> type) {
        T value;
        try {
            value = JSON.fromJson(text(file), type);
        } catch (JsonParseException | NumberFormatException e) {
            throw new TokenizerFormatException(folder.resolve(file) + " is not what a tokenizer's JSON must be: " + e.getMessage(), e);
        }
        if (value == null) {
            throw new TokenizerFormatException(folder.resolve(file) + " is empty");
        }
        return value;
    }

    private String text(String file) {
        Path path = folder.resolve(file);
        try {
            if (Files.size(path) > LARGEST_FILE) {
                throw new TokenizerFormatException(path + " has " + Files.size(path) + " bytes, more than any vocabulary needs");
            }
            String text = Files.readString(path);
            if (text.startsWith("version https://git-lfs")) {
                throw new TokenizerFormatException(path + " is a Git LFS pointer, not the file: run git lfs pull");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new TokenizerFormatException(path + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private String contents() {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
            return names.isEmpty() ? "nothing" : String.join(", ", names);
        } catch (IOException e) {
            return "nothing that can be listed (" + e.getMessage() + ")";
        }
    }
}
