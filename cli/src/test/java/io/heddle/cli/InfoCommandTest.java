package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Picture;
import io.heddle.image.PictureRecipe;
import io.heddle.image.Size;
import io.heddle.testkit.SharedFiles;
import io.heddle.weights.SafetensorsWriter;
import io.heddle.weights.StoredType;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoCommandTest {
    @TempDir
    Path folder;

    @Test
    void ourPicture_tellsItsRecipe() {
        JsonObject details = new JsonObject();
        details.addProperty("seed", 8888L);
        Path file = png(new PictureRecipe("a cat", "", Map.of("Steps", "50"), details).toText());
        JsonObject json = heddle("info", file.toString(), "--json").json();
        assertThat(json.get("width").getAsInt()).isEqualTo(4);
        assertThat(json.get("recipe")).isEqualTo(details);
        assertThat(json.getAsJsonObject("texts").get("parameters").getAsString()).isEqualTo("a cat\nSteps: 50");
        assertThat(heddle("info", file.toString()).out()).contains("\"seed\": 8888").contains("Steps: 50");
    }

    @Test
    void pictureOfAnotherProgram_isNamedByItsKeyword() {
        assertThat(heddle("info", png(Map.of("workflow", "{}")).toString()).out()).contains("ComfyUI");
        assertThat(heddle("info", png(Map.of("invokeai_metadata", "{}")).toString()).out()).contains("InvokeAI");
        assertThat(heddle("info", png(Map.of()).toString()).out()).contains("nothing of how it was made");
    }

    @Test
    void tensorFile_isSummed_andListedOnRequest() {
        Path file = folder.resolve("t.safetensors");
        new SafetensorsWriter().add("a", StoredType.F32, List.of(2L, 3L), () -> new float[6])
                .add("b", StoredType.F16, List.of(4L), () -> new float[4]).write(
                        file, Existing.REFUSE);
        JsonObject json = heddle("info", file.toString(), "--json", "--tensors").json();
        assertThat(json.get("values").getAsLong()).isEqualTo(10);
        assertThat(json.get("bytes").getAsLong()).isEqualTo(32);
        assertThat(json.getAsJsonArray("list")).hasSize(2);
        assertThat(heddle("info", file.toString()).out()).isEqualTo(file + ": 2 tensors with 4 F16, 6 F32 values, 32 bytes\n");
    }

    @Test
    void damagedTensorFile_isRefused() throws Exception {
        Path file = Files.write(folder.resolve("bad.safetensors"), new byte[] {1, 2, 3});
        CommandRun run = heddle("info", file.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("bad.safetensors").hasLineCount(1);
    }

    @Test
    void modelFolder_isSummedByNetwork() {
        JsonObject json = heddle("info", SharedFiles.locate("toy_sd").toString(), "--json").json();
        assertThat(json.getAsJsonObject("unet").get("values").getAsLong()).isEqualTo(3_705_636);
        assertThat(json.get("scheduler").getAsString()).isEqualTo("DDIMScheduler, epsilon");
    }

    @Test
    void modelOfOneVariant_isShownByItsName() throws Exception {
        Path model = SharedFiles.locate("toy_sd");
        for (String part : List.of("model_index.json", "scheduler", "tokenizer")) {
            Files.createSymbolicLink(folder.resolve(part), model.resolve(part));
        }
        for (String part : List.of("unet", "vae", "text_encoder")) {
            Files.createDirectory(folder.resolve(part));
            for (File file : model.resolve(part).toFile().listFiles()) {
                Files.createSymbolicLink(folder.resolve(part).resolve(file.getName().replace(".safetensors", ".fp16.safetensors")), file.toPath());
            }
        }
        assertThat(heddle("info", folder.toString()).err()).contains("fp16");
        CommandRun run = heddle("info", folder.toString(), "--variant", "fp16", "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json().getAsJsonObject("unet").get("values").getAsLong()).isEqualTo(3_705_636);
    }

    @Test
    void modelWithoutScheduler_isToldForWhatItIs() throws Exception {
        Path model = SharedFiles.locate("toy_sd");
        for (String part : List.of("model_index.json", "unet", "vae", "text_encoder", "tokenizer")) {
            Files.createSymbolicLink(folder.resolve(part), model.resolve(part));
        }
        JsonObject json = heddle("info", folder.toString(), "--json").json();
        assertThat(json.getAsJsonObject("unet").get("values").getAsLong()).isEqualTo(3_705_636);
        assertThat(json.get("scheduler").getAsString()).startsWith("no scheduler: ").contains("scheduler_config.json");
    }

    private Path png(Map<String, String> texts) {
        Path file = folder.resolve("p.png");
        Picture.filled(new Size(4, 2), 0x102030).write(file, texts, Existing.REPLACE);
        return file;
    }
}
