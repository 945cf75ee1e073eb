package io.heddle.clip;

import io.heddle.testkit.SharedFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The published tokenizers, read once for all tests. */
final class Vocabularies {
    private static final Map<Path, Tokenizer> LOADED = new ConcurrentHashMap<>();

    private Vocabularies() {}

    /** Padding with the end token. */
    static Tokenizer stableDiffusion1() {
        return LOADED.computeIfAbsent(SharedFiles.locate("data/clip"), Tokenizer::load);
    }

    /** Padding with the exclamation mark, which is special. */
    static Tokenizer stableDiffusion2() {
        return LOADED.computeIfAbsent(SharedFiles.locate("fixtures/model_b/tokenizer"), Tokenizer::load);
    }
}
