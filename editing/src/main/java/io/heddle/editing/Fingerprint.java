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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

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
        return new Fingerprint().addWeights(unet.parameters(), UnaryOperator.identity()).hex();
    }

    /**
     * What tells a model from others whatever device it is on: the names of all its weights and the first elements of each, rounded to halves, as devices of
     * that precision hold them.
     */
    public static String of(StableDiffusion model) {
        Fingerprint fingerprint = new Fingerprint();
        Stream.of(model.textEncoder().parameters(), model.unet().parameters(), model.vae().parameters())
                .forEach(weights -> fingerprint.addWeights(weights, Fingerprint::halves));
        return fingerprint.hex();
    }

    private static float[] halves(float[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
        }
        return rounded;
    }

    private Fingerprint addWeights(Map<String, Parameter> parameters, UnaryOperator<float[]> held) {
        for (Map.Entry<String, Parameter> parameter : new TreeMap<>(parameters).entrySet()) {
            Tensor weights = parameter.getValue().tensor();
            try (Scope _ = weights.device().scope()) {
                Tensor first = weights.reshape(-1).slice(0, 0, (int) Math.min(SAMPLED, weights.size()));
                add(parameter.getKey()).add(held.apply(first.toArray()));
            }
        }
        return this;
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
