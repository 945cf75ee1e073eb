package io.heddle.editing.p2p;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which of the source's tokens each token of a target takes its attention from. A token either takes {@code Σ_w P₀[w]·M[w, n]} of the source's map, or has
 * no counterpart and keeps its own.
 */
final class TokenAlignment {
    private final int tokens;
    private final float[] mapper;
    private final BitSet own = new BitSet();

    /**
     * What an injection needs: {@code P' = P₀·A + P·diag(c)}.
     *
     * @param mapper {@code A [tokens, tokens]}, row-major; null for the identity
     * @param keep {@code c [tokens]}; null for zero
     */
    record Coefficients(float @Nullable [] mapper, float @Nullable [] keep) {}

    /** An alignment in which no token takes anything yet. */
    TokenAlignment(int tokens) {
        this.tokens = tokens;
        this.mapper = new float[tokens * tokens];
    }

    /** Every token takes the attention of the source's token at its position. */
    static TokenAlignment identity(int tokens) {
        TokenAlignment alignment = new TokenAlignment(tokens);
        for (int token = 0; token < tokens; token++) {
            alignment.map(token, token, 1);
        }
        return alignment;
    }

    /** A target's token takes a share of a source's token. */
    void map(int source, int target, float weight) {
        mapper[source * tokens + target] = weight;
    }

    /** A target's token keeps its own attention. */
    void keepOwn(int target) {
        own.set(target);
    }

    /** Padding takes the attention of the source's padding at its position; where the source still has text, it keeps its own. */
    void mapPadding(int sourceLength, int targetLength) {
        for (int n = targetLength; n < tokens; n++) {
            if (n < sourceLength) {
                keepOwn(n);
            } else {
                map(n, n, 1);
            }
        }
    }

    /** The number of tokens, padding included. */
    int tokens() {
        return tokens;
    }

    /** The share {@code M[source, target]}. */
    float weight(int source, int target) {
        return mapper[source * tokens + target];
    }

    /** Whether a target's token takes attention of the source. */
    boolean isInjected(int target) {
        return !own.get(target);
    }

    /**
     * The injection with weights {@code e} for the tokens whose gates {@code g} are on: with {@code β = 1} for injected tokens,
     * {@code A = M·diag(g·e·β)} and {@code c = g·e·(1 − β) + (1 − g)}. Hertz et al. 2022, the three edits in one form.
     */
    Coefficients coefficients(BitSet gate, float[] weights) {
        float[] a = new float[tokens * tokens];
        float[] c = new float[tokens];
        for (int n = 0; n < tokens; n++) {
            boolean injected = gate.get(n) && isInjected(n);
            c[n] = injected ? 0 : gate.get(n) ? weights[n] : 1;
            for (int w = 0; injected && w < tokens; w++) {
                a[w * tokens + n] = weight(w, n) * weights[n];
            }
        }
        return new Coefficients(isIdentity(a) ? null : a, Arrays.equals(c, new float[tokens]) ? null : c);
    }

    private boolean isIdentity(float[] matrix) {
        for (int i = 0; i < matrix.length; i++) {
            if (matrix[i] != (i / tokens == i % tokens ? 1 : 0)) {
                return false;
            }
        }
        return true;
    }
}
