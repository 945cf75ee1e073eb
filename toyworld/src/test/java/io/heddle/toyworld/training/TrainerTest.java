package io.heddle.toyworld.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.heddle.editing.Latents;
import io.heddle.editing.StableDiffusion;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import io.heddle.weights.Component;
import io.heddle.weights.ModelLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    @TempDir
    private Path folder;

    private final List<Progress> reports = new ArrayList<>();
    private final List<String> stages = new ArrayList<>();

    /** Hears a training and may stop it at the first report of a network. */
    private final class Listener implements TrainingListener {
        private final String network;
        private Trainer trainer;

        Listener(String network) {
            this.network = network;
        }

        @Override
        public void stage(String description) {
            stages.add(description);
        }

        @Override
        public void progress(Progress progress) {
            reports.add(progress);
            if (progress.network().equals(network)) {
                trainer.stop();
            }
        }
    }

    private Trainer trainer(String name, TrainingSettings settings, String stopAt) {
        Listener listener = new Listener(stopAt);
        Trainer trainer = new Trainer(settings, folder.resolve(name), listener);
        listener.trainer = trainer;
        return trainer;
    }

    @Test
    void sameSeed_givesTheSameBits_forAnyThreadsAndInterruptions() throws IOException {
        TrainingSettings settings = TinyTraining.settings(1);
        Path whole = trainer("whole", settings, "none").run("cpu", 1);
        assertThat(denoiserReports().getLast().loss()).as("loss at the end").isLessThan(denoiserReports().getFirst().loss());
        for (String network : List.of("autoencoder", "denoiser", "pairs", "order", "decoder")) {
            assertThatThrownBy(() -> trainer("parts", settings, network).run("cpu", 2)).isInstanceOf(TrainingInterrupted.class)
                    .hasMessageContaining(network)
                    .hasMessageContaining("after step 20 of 40");
        }
        Path parts = trainer("parts", settings, "none").run("cpu", 2);
        for (Component component : Component.values()) {
            assertThat(ModelWriter.weights(parts, component)).hasSameBinaryContentAs(ModelWriter.weights(whole, component));
        }
        assertLoads(whole);
        Path other = trainer("other", TinyTraining.settings(2), "none").run("cpu", 2);
        assertThat(Files.mismatch(ModelWriter.weights(whole, Component.UNET), ModelWriter.weights(other, Component.UNET))).isNotNegative();
    }

    private List<Progress> denoiserReports() {
        return reports.stream().filter(report -> report.network().equals("denoiser")).toList();
    }

    private static void assertLoads(Path model) {
        try (Device device = Device.open("cpu", 1);
                StableDiffusion loaded = StableDiffusion.load(ModelLocation.resolve(model.toString(), Optional.empty()), device)) {
            assertThat(loaded.encode("a big red ball on the grass").tensor().dim(1)).isEqualTo(24);
            Tensor picture = loaded.vae().decode(Latents.noise(device, 0, 1, new Extent(4, 4), 4));
            assertThat(picture.shape().dims()).containsExactly(1, 32, 32, 3);
        }
    }

    @Test
    void interruption_saysWhereItEnded_andTheSameCallSaysWhereItGoesOn() {
        TrainingSettings settings = TinyTraining.settings(1);
        assertThatThrownBy(() -> trainer("interrupted", settings, "autoencoder").run("cpu", 1)).isInstanceOf(TrainingInterrupted.class);
        assertThat(stages).last().asString().isEqualTo(
                "the training of the autoencoder was interrupted after step 20 of 40; the same command goes on from there");
        assertThatThrownBy(() -> trainer("interrupted", settings, "autoencoder").run("cpu", 1)).isInstanceOf(TrainingInterrupted.class);
        assertThat(stages).contains("autoencoder: 20 of 40 steps are done");
    }

    @Test
    void folderOfOtherSettings_isRefused() {
        Trainer first = trainer("folder", TinyTraining.settings(1), "autoencoder");
        assertThatThrownBy(() -> first.run("cpu", 1)).isInstanceOf(TrainingInterrupted.class);
        assertThatThrownBy(() -> trainer("folder", TinyTraining.settings(2), "none").run("cpu", 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("training.json");
    }

    @Test
    void settings_haveTheSameText_inWhateverOrderTheNetworksAreGiven() {
        TrainingSettings settings = TinyTraining.settings(1);
        Architecture given = settings.architecture();
        Map<Component, JsonObject> turned = new LinkedHashMap<>();
        new ArrayList<>(given.files().keySet()).reversed().forEach(component -> turned.put(component, given.files().get(component)));
        Architecture other = new Architecture(turned, given.autoencoderWork(), given.decoderWork(), given.denoiserWork());
        assertThat(new TrainingSettings(other, settings.seed(), settings.autoencoder(), settings.denoiser(), settings.pairs(), settings.order(),
                settings.decoder(), settings.crop(), settings.pool(), settings.pairPool(), settings.validation(), settings.shards()).toJson())
                .isEqualTo(settings.toJson());
    }
}
