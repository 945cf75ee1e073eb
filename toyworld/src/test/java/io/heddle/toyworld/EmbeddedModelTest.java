package io.heddle.toyworld;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.clip.Tokenizer;
import io.heddle.clip.Words;
import io.heddle.editing.StableDiffusion;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Fidelity;
import io.heddle.image.Picture;
import io.heddle.image.Size;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedModelTest {
    private static final long LARGEST = 12_000_000;

    /** What the autoencoder's validation reached on whole pictures, less what one picture may differ by. */
    private static final double LEAST_DECIBELS = 34;

    @Test
    void files_takeLessThanTwelveMegabytes() throws Exception {
        try (Stream<Path> all = Files.walk(EmbeddedModel.locate().path())) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            long bytes = 0;
            for (Path file : files) {
                bytes += Files.size(file);
            }
            assertThat(files).anyMatch(file -> file.endsWith("README.md"));
            assertThat(bytes).isLessThan(LARGEST);
        }
    }

    @Test
    void everyFileThatTrainingMade_isThere() throws Exception {
        Path resources = Path.of(EmbeddedModel.class.getResource("model").toURI());
        assertThat(filesIn(EmbeddedModel.locate().path())).isEqualTo(filesIn(resources));
    }

    private static Set<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString()).collect(Collectors.toSet());
        }
    }

    @Test
    void everyWordOfTheWorld_isKnownToItsTokenizer() {
        Tokenizer tokenizer = Tokenizer.load(EmbeddedModel.locate().tokenizerFolder());
        assertThat(Captions.words()).allSatisfy(word -> assertThat(Words.exact(tokenizer, word).list().getFirst().positions()).hasSizeBetween(1, 2));
    }

    @Test
    void vocabulary_isStillWhatTheWeightsWereTrainedWith(@TempDir Path folder) throws IOException {
        Vocabulary.ofCaptions().write(folder, Existing.REFUSE);
        for (String file : List.of("vocab.json", "merges.txt")) {
            assertThat(folder.resolve(file)).hasSameTextualContentAs(EmbeddedModel.locate().tokenizerFolder().resolve(file));
        }
    }

    @Test
    void heldOutPicture_survivesTheAutoencoder() {
        try (Device device = Device.cpu(); StableDiffusion model = StableDiffusion.load(EmbeddedModel.locate(), device)) {
            Picture picture = Rendering.of(Split.EVALUATION.scene(1, SceneMix.SINGLES)).picture();
            Tensor latent = model.encode(picture);
            Picture decoded = model.pictures(latent).getFirst();
            assertThat(decoded.size()).isEqualTo(Size.square(Rendering.SIDE));
            assertThat(Fidelity.between(picture, decoded).psnr()).isGreaterThan(LEAST_DECIBELS);
        }
    }
}
