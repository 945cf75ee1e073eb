package io.heddle.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.heddle.files.AtomicFile.Existing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeFile() {
        file = folder.resolve("model.safetensors");
        write(file, "mid.attn1.to_q.weight", "mid.attn1.to_k.weight", "mid.norm.weight");
    }

    private static void write(Path target, String... names) {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (int i = 0; i < names.length; i++) {
            float value = i;
            writer.add(names[i], StoredType.F32, List.of(2L, 2L), () -> new float[] {value, value, value, value});
        }
        writer.write(target, Existing.REPLACE);
    }

    @Test
    void takenTensor_isRead() {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.take("mid.attn1.to_k.weight", new int[] {2, 2})).containsExactly(1, 1, 1, 1);
            assertThat(checkpoint.names()).containsExactlyInAnyOrder("mid.attn1.to_q.weight", "mid.attn1.to_k.weight", "mid.norm.weight");
        }
    }

    @Test
    void missingTensor_isNamedWithItsShapeAndTheNearestNames() {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThatThrownBy(() -> checkpoint.take("mid.attn1.to_v.weight", new int[] {2, 2}))
                    .isInstanceOf(WeightException.Mismatch.class)
                    .hasMessage(file + " does not fit the model: 1 tensor is missing: mid.attn1.to_v.weight [2, 2]"
                            + " (the names nearest to it in the file are mid.attn1.to_k.weight, mid.attn1.to_q.weight, mid.norm.weight)");
        }
    }

    @Test
    void otherShape_isNamedWithBothShapes() {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThatThrownBy(() -> checkpoint.take("mid.norm.weight", new int[] {4}, new int[] {4, 1}))
                    .isInstanceOf(WeightException.Mismatch.class)
                    .hasMessage(file + " does not fit the model: 1 tensor has another shape: mid.norm.weight is [2, 2] and should be [4] or [4, 1]");
        }
    }

    @Test
    void eitherShape_willDo() {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.take("mid.norm.weight", new int[] {2, 2, 1, 1}, new int[] {2, 2})).hasSize(4);
        }
    }

    @Test
    void load_reportsEverythingThatDoesNotFitAtOnce() {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            WeightException.Mismatch mismatch = catchThrowableOfType(
                    WeightException.Mismatch.class,
                    () -> checkpoint.load(source -> {
                        assertThat(source.take("mid.norm.bias", new int[] {2})).containsOnly(0).hasSize(2);
                        source.take("mid.attn1.to_k.weight", new int[] {4});
                        source.take("out.weight", new int[] {3});
                        return source.take("mid.norm.weight", new int[] {2, 2});
                    }));
            assertThat(mismatch.missing()).containsExactly("mid.norm.bias", "out.weight");
            assertThat(mismatch.misshapen()).containsExactly("mid.attn1.to_k.weight");
            assertThat(mismatch.unexpected()).containsExactly("mid.attn1.to_q.weight");
            assertThat(mismatch)
                    .hasMessageContaining("2 tensors are missing: mid.norm.bias [2], out.weight [3]")
                    .hasMessageContaining("1 tensor has another shape: mid.attn1.to_k.weight is [2, 2] and should be [4]")
                    .hasMessageContaining("1 tensor is not used by the model: mid.attn1.to_q.weight");
        }
    }

    @Test
    void load_neverHandsOutMoreZerosThanTheFileHasElements() {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThatThrownBy(() -> checkpoint.load(source -> source.take("huge", new int[] {100_000, 100_000, 100_000})))
                    .isInstanceOf(WeightException.Mismatch.class)
                    .hasMessageContaining(
                            "does not fit the model so badly that the rest was not looked at: 1 tensor is missing: huge [100000, 100000, 100000]");
        }
    }

    @Test
    void load_givesUpWhenNearlyNothingFits() {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThatThrownBy(() -> checkpoint.load(source -> {
                for (int i = 0; i < 1 << 20; i++) {
                    source.take("layers." + i, new int[] {0});
                }
                return source;
            }))
                    .isInstanceOf(WeightException.Mismatch.class)
                    .hasMessageContaining("1001 tensors are missing");
        }
    }

    @Test
    void load_answersTheModelThatTookEverything() {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            int[] shape = {2, 2};
            assertThat(checkpoint.<Integer>load(source -> checkpoint.names().stream().mapToInt(name -> source.take(name, shape).length).sum()))
                    .isEqualTo(12);
        }
    }

    @Test
    void ignoredTensors_needNotBeTaken() {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            Checkpoint lenient = checkpoint.ignoring(name -> name.startsWith("mid.attn1")).ignoring(name -> name.equals("mid.norm.weight"));
            lenient.requireFullyConsumed();
            assertThatThrownBy(checkpoint::requireFullyConsumed).isInstanceOf(WeightException.Mismatch.class)
                    .hasMessageContaining("3 tensors are not used");
        }
    }

    @Test
    void renamedView_hasTheSameValuesUnderOtherNames() {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            Checkpoint renamed = checkpoint.renamed(name -> name.replace("mid.", "middle."));
            assertThat(renamed.take("middle.norm.weight", new int[] {2, 2})).containsOnly(2);
            assertThat(renamed.contains("mid.norm.weight")).isFalse();
            assertThatThrownBy(() -> checkpoint.renamed(name -> "same")).isInstanceOf(WeightException.Mismatch.class)
                    .hasMessageContaining("same twice");
        }
    }

    @Test
    void manyMissingTensors_makeOneBoundedLine() {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThatThrownBy(() -> checkpoint.load(source -> {
                for (int i = 0; i < 500; i++) {
                    source.take("layer\n" + i, new int[0]);
                }
                return source;
            }))
                    .isInstanceOf(WeightException.Mismatch.class)
                    .hasMessageNotContaining("\n")
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2000));
        }
    }

    @Test
    void shards_areOneCheckpoint() {
        write(folder.resolve("a.safetensors"), "x", "y");
        write(folder.resolve("b.safetensors"), "z");
        try (Checkpoint checkpoint = Checkpoint.open(index("\"x\":\"a.safetensors\",\"y\":\"a.safetensors\",\"z\":\"b.safetensors\""))) {
            assertThat(checkpoint.names()).containsExactlyInAnyOrder("x", "y", "z");
            assertThat(checkpoint.take("y", new int[] {2, 2})).containsOnly(1);
        }
    }

    @Test
    void shardIndex_needsNoMetadata_butAMap() {
        Path lacking = RawSafetensors.write(folder.resolve("x.index.json"), "{\"metadata\":{\"total_size\":1}}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Checkpoint.open(lacking)).isInstanceOf(WeightException.Malformed.class)
                .hasMessageContaining("weight_map is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a.safetensors", "/etc/a.safetensors", "..", "sub/a.safetensors", "sub\\\\a.safetensors", "C:a.safetensors", "",
        "a\\u0000b"})
    void shardOutsideTheFolder_isRefused(String shard) {
        assertThatThrownBy(() -> Checkpoint.open(index("\"x\":\"" + shard + "\"")))
                .isInstanceOf(WeightException.Malformed.class)
                .hasMessageContaining("should be a plain file name");
    }

    @Test
    void absentShard_isNamed() {
        assertThatThrownBy(() -> Checkpoint.open(index("\"x\":\"none.safetensors\"")))
                .isInstanceOf(WeightException.Inaccessible.class)
                .hasMessageContaining("none.safetensors does not exist");
    }

    @Test
    void shardsThatDisagreeWithTheirIndex_areRefused() {
        write(folder.resolve("a.safetensors"), "x", "y");
        write(folder.resolve("b.safetensors"), "x");
        assertThatThrownBy(() -> Checkpoint.open(index("\"x\":\"a.safetensors\"")))
                .isInstanceOf(WeightException.Malformed.class)
                .hasMessageContaining("tensor y is in a.safetensors, but the index places it nowhere");
        assertThatThrownBy(() -> Checkpoint.open(index("\"x\":\"a.safetensors\",\"y\":\"a.safetensors\",\"z\":\"b.safetensors\"")))
                .isInstanceOf(WeightException.Malformed.class)
                .hasMessageContaining("tensor x is in b.safetensors, but the index places it in a.safetensors");
        assertThatThrownBy(() -> Checkpoint.open(index("\"x\":\"b.safetensors\",\"z\":\"b.safetensors\"")))
                .isInstanceOf(WeightException.Malformed.class)
                .hasMessageContaining("no shard holds z");
        assertThatThrownBy(() -> Checkpoint.open(index("\"x\":\"b.safetensors\",\"x\":\"b.safetensors\"")))
                .isInstanceOf(WeightException.Malformed.class)
                .hasMessageContaining("tensor x appears twice");
    }

    @Test
    void nearestNames_areOrderedByEditDistance() {
        assertThat(NearestNames.of("conv_in.weight", Arrays.asList("conv_out.weight", "conv_in.bias", "conv_in.weights", "zzz")))
                .containsExactly("conv_in.weights", "conv_out.weight", "conv_in.bias");
        assertThat(NearestNames.of("abc", List.of("xyz"))).isEmpty();
    }

    private Path index(String map) {
        return RawSafetensors.write(
                folder.resolve("model.safetensors.index.json"), ("{\"weight_map\":{" + map + "}}").getBytes(StandardCharsets.UTF_8));
    }
}
