package io.heddle.clip;

import org.jspecify.annotations.Nullable;

/** A tokenizer's files are missing, damaged or do not fit together. */
public final class TokenizerFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    TokenizerFormatException(String message) {
        this(message, null);
    }

    TokenizerFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
