package io.heddle.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.heddle.files.AtomicFile.Existing;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files end in a {@link WeightException} or are read: never in another exception, a hang, or an allocation out of proportion. */
class MutationTest {
    private static final long SEED = 20260801;
    private static final int HEADERS = 14_000;
    private static final int CONFIGS = 10_000;
    private static final int INDEXES = 2_000;
    private static final long MOST_BYTES_PER_CASE = 8 << 20;
    private static final int LONGEST_MESSAGE = 8000;
    private static final List<String> FRAGMENTS = List.of(
            "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "\\ud800", "\0", "\u00ff", "\uFEFF", "null", "true", "-1", "-0", "1e999", "0.5", "1E400",
            "9223372036854775807", "18446744073709551616", "1" + "0".repeat(2000), "[".repeat(500), "{\"a\":".repeat(500), "\"__metadata__\":{}",
            "..", "/",
            "\"dtype\"", "\"F8_E4M3\"", " ".repeat(1000), "NaN", "Infinity", "//", "/*", "#", "'");
    private static final String CONFIG = """
            {"_class_name": "UNet2DConditionModel", "sample_size": 64, "block_out_channels": [320, 640, 1280, 1280], "norm_eps": 1e-05,
             "attention_head_dim": [5, 10, 20, 20], "flip_sin_to_cos": true, "act_fn": "silu", "down_block_types": ["CrossAttnDownBlock2D",
             "DownBlock2D"], "upcast_attention": null, "only_cross_attention": [false, true], "betas": 0.00085, "nested": {"a": [1, {"b": "\\u00e9"}]}}
            """;

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void mutatedHeaders_areReadOrRefused() throws IOException {
        Path file = folder.resolve("x.safetensors");
        new SafetensorsWriter()
                .metadata("format", "pt")
                .metadata("prompt", "a \"cat\" \u00e9")
                .add("scalar", StoredType.F32, List.of(), () -> new float[1])
                .add("empty", StoredType.F32, List.of(0L, 3L), () -> new float[0])
                .add("down_blocks.0.conv.weight", StoredType.F32, List.of(4L, 2L), () -> new float[8])
                .add("down_blocks.0.conv.bias", StoredType.F16, List.of(4L), () -> new float[4])
                .addStored("ids", StoredType.I64, List.of(1L, 3L), () -> MemorySegment.ofArray(new long[3]))
                .write(file, Existing.REFUSE);
        byte[] whole = Files.readAllBytes(file);
        int headerEnd = Long.BYTES + (int) Elements.headerLength(MemorySegment.ofArray(whole));
        byte[] json = Arrays.copyOfRange(whole, Long.BYTES, headerEnd);
        byte[] data = Arrays.copyOfRange(whole, headerEnd, whole.length);
        Consumer<byte[]> use = bytes -> {
            SafetensorsHeader header = SafetensorsHeader.parse(file, MemorySegment.ofArray(bytes));
            header.tensors().values().stream().filter(t -> t.type() == StoredType.F32).forEach(StoredTensor::toFloats);
        };
        assertThat(mutate(HEADERS / 2, whole, use)).isBetween(1, HEADERS / 2 - 1);
        assertThat(mutate(HEADERS / 2, json, mutated -> use.accept(RawSafetensors.bytes(mutated, data)))).isBetween(1, HEADERS / 2 - 1);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void mutatedConfigurations_areReadOrRefused() {
        int accepted = mutate(CONFIGS, CONFIG.getBytes(StandardCharsets.UTF_8), bytes -> {
            ConfigReader config = ConfigReader.parse("config.json", bytes);
            config.size("sample_size", 64);
            config.sizes("block_out_channels", List.of(1));
            config.sizes("attention_head_dim", 4, List.of(8, 8, 8, 8));
            config.positiveNumber("norm_eps", 1e-5);
            config.number("betas", 1);
            config.flag("flip_sin_to_cos", true);
            config.flag("upcast_attention", false);
            config.flags("only_cross_attention", 2, List.of(false, false));
            config.text("_class_name", "");
            config.texts("down_block_types", List.of("DownBlock2D"));
            config.integer("freq_shift", 0, 0, 1);
            config.requireSupported("act_fn", "silu", "swish");
            config.requireSupported("nested2", 1, true);
        });
        assertThat(accepted).isBetween(1, CONFIGS - 1);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void mutatedShardIndexes_areReadOrRefused() {
        String index =
                "{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a.weight\":\"x-1-of-2.safetensors\",\"b.weight\":\"x-2-of-2.safetensors\"}}";
        int accepted = mutate(INDEXES, index.getBytes(StandardCharsets.UTF_8), bytes -> {
            ShardIndex read = ShardIndex.parse(folder.resolve("x.index.json"), bytes);
            assertThat(read.shardOf().values()).allMatch(name -> folder.resolve(name).getParent().equals(folder));
        });
        assertThat(accepted).isBetween(1, INDEXES - 1);
    }

    /** Runs {@code use} on {@code count} mutations of {@code original}. Returns how many were accepted. */
    private static int mutate(int count, byte[] original, Consumer<byte[]> use) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        SplittableRandom random = new SplittableRandom(SEED);
        int accepted = 0;
        for (int i = 0; i < count; i++) {
            byte[] mutated = original;
            for (int k = random.nextInt(1, 5); k > 0; k--) {
                mutated = mutation(mutated, random);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                use.accept(mutated);
                accepted++;
            } catch (WeightException e) {
                if (e.getMessage().length() > LONGEST_MESSAGE || e.getMessage().contains("\n")) {
                    throw new AssertionError("case " + i + " of seed " + SEED, e);
                }
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("case " + i + " of seed " + SEED + ": " + new String(mutated, StandardCharsets.ISO_8859_1), e);
            }
            if (threads.getCurrentThreadAllocatedBytes() - before > MOST_BYTES_PER_CASE) {
                throw new AssertionError("case " + i + " of seed " + SEED + " allocated too much");
            }
        }
        return accepted;
    }

    private static byte[] mutation(byte[] bytes, SplittableRandom random) {
        int at = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, at + random.nextInt(1, 40));
        return switch (random.nextInt(7)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> replaced(bytes, at, end, new byte[0]);
            case 2 -> replaced(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
            case 3 -> replaced(bytes, at, at, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())).getBytes(StandardCharsets.UTF_8));
            case 4 -> replaced(bytes, at, end, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())).getBytes(StandardCharsets.UTF_8));
            case 5 -> replaced(bytes, at, Math.min(bytes.length, at + 1), new byte[] {(byte) random.nextInt(256)});
            default -> flipped(bytes, random);
        };
    }

    private static byte[] flipped(byte[] bytes, SplittableRandom random) {
        byte[] flipped = bytes.clone();
        if (flipped.length > 0) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
        return flipped;
    }

    private static byte[] replaced(byte[] bytes, int from, int to, byte[] middle) {
        byte[] result = new byte[from + middle.length + bytes.length - to];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(bytes, to, result, from + middle.length, bytes.length - to);
        return result;
    }
}
