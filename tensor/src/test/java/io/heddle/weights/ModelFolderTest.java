package io.heddle.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heddle.files.AtomicFile.Existing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    @Test
    void weightsThatAreRefused_areClosed(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isReadable(MAPPINGS), "skipped: only Linux lists the files that are mapped");
        Files.writeString(folder.resolve("model_index.json"), "{\"_class_name\": \"StableDiffusionPipeline\"}");
        Path weights = Files.createDirectory(folder.resolve("vae")).resolve("diffusion_pytorch_model.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String spelling : List.of("query", "to_q")) {
            writer.add("encoder.mid_block.attentions.0." + spelling + ".weight", StoredType.F32, List.of(1L, 1L), () -> new float[1]);
        }
        writer.write(weights, Existing.REFUSE);
        ModelLocation model = ModelFolder.of(folder, Optional.empty());

        assertThatThrownBy(() -> model.open(Component.VAE)).isInstanceOf(WeightException.Mismatch.class).hasMessageContaining("twice");

        assertThat(Files.readString(MAPPINGS)).doesNotContain(weights.toString());
    }
}
