package io.heddle.weights;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.AtomicFile.Existing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignFormatTest {
    private static final byte[] POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 492265168\n"
            .getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "model.bin, pickle", "sd-v1-4.CKPT, pickle", "model.pt, pickle", "model.pth, pickle", "model.pkl, pickle", "model.msgpack, Flax",
        "model.onnx, ONNX", "model.gguf, GGUF", "openvino_model.xml, OpenVINO", "tf_model.h5, TensorFlow"
    })
    void weightsOfAnotherFormat_areRefusedByName(String name, String format) {
        Path file = RawSafetensors.write(folder.resolve(name), new byte[100]);
        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(WeightException.Unsupported.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(format)
                .hasMessageContaining("safetensors");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void pickleUnderAnotherName_isRefusedAsPickle(int protocol) {
        byte[] content = new byte[100];
        content[0] = (byte) 0x80;
        content[1] = (byte) protocol;
        Arrays.fill(content, 2, 8, (byte) '}');
        assertRefused(content, "pickle checkpoint; pickles can execute code");
    }

    @Test
    void zipUnderAnotherName_isRefusedAsPickle() {
        byte[] content = Arrays.copyOf(new byte[] {'P', 'K', 3, 4, 0, 0, 8, 8}, 200);
        assertRefused(content, "pickle checkpoint; pickles can execute code");
    }

    @Test
    void zipWhoseFirstBytesAreAPlausibleLength_isRefusedAsPickle() {
        assertRefused(Arrays.copyOf(new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0}, 200), "pickle");
    }

    @Test
    void otherMagicNumbers_areRefusedByFormat() {
        assertRefused(Arrays.copyOf("GGUF\3\0\0\0\1\0".getBytes(StandardCharsets.ISO_8859_1), 64), "GGUF");
        assertRefused(Arrays.copyOf("\u0089HDF\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1), 64), "HDF5");
    }

    @Test
    void pointerInsteadOfWeights_isRefusedWithTheCommand() {
        assertRefused(POINTER, "Git LFS pointer and not the file itself: run git lfs pull");
    }

    @Test
    void pointerInsteadOfConfiguration_isRefusedWithTheCommand() {
        Path file = RawSafetensors.write(folder.resolve("config.json"), POINTER);
        assertThatThrownBy(() -> ConfigReader.read(file)).isInstanceOf(WeightException.Unsupported.class).hasMessageContaining("run git lfs pull");
    }

    @Test
    void pickleBesideTheConfiguration_isNamedWithWhatIsWanted() {
        RawSafetensors.write(folder.resolve("config.json"), "{}".getBytes(StandardCharsets.US_ASCII));
        RawSafetensors.write(folder.resolve("diffusion_pytorch_model.bin"), new byte[8]);
        assertThatThrownBy(() -> WeightFiles.find(folder, "diffusion_pytorch_model", Optional.empty()))
                .isInstanceOf(WeightException.Unsupported.class)
                .hasMessage(folder
                        + " holds no diffusion_pytorch_model.safetensors; found diffusion_pytorch_model.bin, which is a pickle checkpoint; pickles can"
                        + " execute code when they are loaded and are never read: convert it to safetensors");
    }

    @Test
    void emptySafetensorsFile_isNotForeign() {
        Path file = folder.resolve("x.safetensors");
        new SafetensorsWriter().metadata("format", "pt").add("a", StoredType.F32, List.of(0L), () -> new float[0]).write(file, Existing.REFUSE);
        Checkpoint.open(file).close();
    }

    private void assertRefused(byte[] content, String reason) {
        Path file = RawSafetensors.write(folder.resolve("x.safetensors"), content);
        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(WeightException.Unsupported.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason);
    }
}
