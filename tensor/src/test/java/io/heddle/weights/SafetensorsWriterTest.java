package io.heddle.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.AtomicFile.Existing;
import io.heddle.files.OutputException;
import io.heddle.testkit.SharedFiles;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir
    Path folder;

    @Test
    void rewrittenReferenceFile_isTheSameByteForByte() throws IOException {
        for (String name : List.of("fixtures/model_a/vae/diffusion_pytorch_model.safetensors",
                "fixtures/model_a/unet/diffusion_pytorch_model.safetensors")) {
            Path reference = SharedFiles.locate(name);
            Path copy = folder.resolve("copy.safetensors");
            try (SafetensorsFile file = SafetensorsFile.open(reference)) {
                SafetensorsWriter writer = new SafetensorsWriter();
                file.metadata().forEach(writer::metadata);
                List<StoredTensor> shuffled = new ArrayList<>(file.tensors().values()).reversed();
                for (StoredTensor tensor : shuffled) {
                    if (tensor.type() == StoredType.F64) {
                        writer.addStored(tensor);
                    } else {
                        writer.add(tensor.name(), tensor.type(), tensor.shape(), tensor::toFloats);
                    }
                }
                writer.write(copy, Existing.REPLACE);
            }
            assertThat(Files.mismatch(reference, copy)).isEqualTo(-1);
        }
    }

    @Test
    void tensors_areSortedByTypeThenName_andTheHeaderIsPadded() throws IOException {
        Path path = folder.resolve("x.safetensors");
        new SafetensorsWriter()
                .add("b", StoredType.F16, List.of(2L), () -> new float[] {1, 2})
                .add("z", StoredType.F32, List.of(1L), () -> new float[] {3})
                .add("a", StoredType.F16, List.of(), () -> new float[] {4})
                .addStored("ids", StoredType.I64, List.of(1L, 1L), () -> MemorySegment.ofArray(new long[] {5}))
                .write(path, Existing.REFUSE);
        byte[] bytes = Files.readAllBytes(path);
        int length = (int) Elements.headerLength(MemorySegment.ofArray(bytes));
        String header = new String(bytes, Long.BYTES, length, StandardCharsets.UTF_8);
        assertThat(length % Long.BYTES).isZero();
        assertThat(header.strip()).isEqualTo("{\"ids\":{\"dtype\":\"I64\",\"shape\":[1,1],\"data_offsets\":[0,8]},"
                + "\"z\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
                + "\"a\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[12,14]},"
                + "\"b\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[14,18]}}");
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.tensor("b").toFloats()).containsExactly(1, 2);
            assertThat(file.tensor("ids").toLongs()).containsExactly(5);
        }
    }

    @Test
    void manyChunks_keepEveryElement() {
        float[] values = new float[300_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 2048;
        }
        Path path = folder.resolve("x.safetensors");
        new SafetensorsWriter()
                .add("single", StoredType.F32, List.of(300_001L), () -> values)
                .add("half", StoredType.F16, List.of(300_001L), () -> values)
                .addStored("raw", StoredType.F32, List.of(300_001L), () -> MemorySegment.ofArray(values))
                .write(path, Existing.REFUSE);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.tensor("single").toFloats()).isEqualTo(values);
            assertThat(file.tensor("half").toFloats()).isEqualTo(values);
            assertThat(file.tensor("raw").toFloats()).isEqualTo(values);
        }
    }

    @Test
    void metadata_survivesAnyText() {
        Path path = folder.resolve("x.safetensors");
        String text = "\"quoted\" \\ \n \u0001 \u2028 é 😀 <html>";
        new SafetensorsWriter().metadata("a prompt", text).write(path, Existing.REFUSE);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.metadata()).containsEntry("a prompt", text);
        }
    }

    @Test
    void valueBeyondHalfPrecision_isRefusedAndNothingIsLeft() {
        Path path = folder.resolve("x.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter().add("x", StoredType.F16, List.of(2L), () -> new float[] {1, 70_000});
        assertThatThrownBy(() -> writer.write(path, Existing.REFUSE))
                .isInstanceOf(WeightException.Unsupported.class)
                .hasMessageContaining("tensor x: element 1 is 70000.0");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void infinity_isWrittenAsHalfPrecision() {
        Path path = folder.resolve("x.safetensors");
        new SafetensorsWriter().add("x", StoredType.F16, List.of(1L), () -> new float[] {Float.NEGATIVE_INFINITY}).write(path, Existing.REFUSE);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.tensor("x").toFloats()).containsExactly(Float.NEGATIVE_INFINITY);
        }
    }

    @Test
    void existingFile_isKept() throws IOException {
        Path path = Files.writeString(folder.resolve("x.safetensors"), "old");
        assertThatThrownBy(() -> new SafetensorsWriter().write(path, Existing.REFUSE)).isInstanceOf(OutputException.class);
        assertThat(path).hasContent("old");
    }

    @Test
    void wrongLengthTakenNameAndOtherTypes_areTheCallersMistakes() {
        SafetensorsWriter writer = new SafetensorsWriter().add("x", StoredType.F32, List.of(3L), () -> new float[2]);
        assertThatThrownBy(() -> writer.write(folder.resolve("x"), Existing.REFUSE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("should have 3 elements");
        assertThatThrownBy(() -> writer.add("x", StoredType.F32, List.of(), () -> new float[1])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.add("y", StoredType.BF16, List.of(), () -> new float[1])).isInstanceOf(IllegalArgumentException.class);
        assertThat(folder).isEmptyDirectory();
    }
}
