package io.heddle.editing;

import io.heddle.nn.Parameter;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.unet.UNet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** SHA-256 of everything added, in hexadecimal. */
public final class Fingerprint {
    private static final int SAMPLED = 64;

    private final MessageDigest digest;

    /** Nothing added yet. */
    public Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** What tells a network from others: the names of its weights and the first elements of each, which training changes all. */
    public static String of(UNet unet) {
        Fingerprint fingerprint = new Fingerprint();
        for (Map.Entry<String, Parameter> parameter : new TreeMap<>(unet.parameters()).entrySet()) {
            Tensor weights = parameter.getValue().tensor();
            try (Scope _ = weights.device().scope()) {
                Tensor first = weights.reshape(-1).slice(0, 0, (int) Math.min(SAMPLED, weights.size()));
                fingerprint.add(parameter.getKey()).add(first.toArray());
            }
        }
        return fingerprint.hex();
    }

    /** Adds text. */
    public Fingerprint add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Adds the bits of numbers. */
    public Fingerprint add(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes);
        return this;
    }

    /** The digest, 64 digits. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
