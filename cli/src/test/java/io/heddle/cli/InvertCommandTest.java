package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.inversion.DdimInversion;
import io.heddle.editing.inversion.InversionFile;
import io.heddle.editing.inversion.InversionRun;
import io.heddle.editing.inversion.Inverter;
import io.heddle.editing.inversion.SourceText;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Picture;
import io.heddle.image.PictureRecipe;
import io.heddle.image.PngText;
import io.heddle.image.Size;
import io.heddle.tensor.Device;
import io.heddle.testkit.SharedFiles;
import io.heddle.weights.ModelLocation;
import io.heddle.weights.SafetensorsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real pictures on the command line: inverted, and edited with the inversion. */
class InvertCommandTest {
    private static final String SOURCE = "a red ball on the grass";
    private static final String TARGET = "a blue ball on the grass";

    @TempDir
    Path folder;

    private Path image;

    @BeforeEach
    void drawPicture() {
        image = folder.resolve("picture.png");
        byte[] samples = new byte[80 * 48 * 3];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i % 3 == 0 ? i / 240 * 5 : i / 3 % 80 * 3);
        }
        Picture.of(new Size(80, 48), samples).write(image, Map.of(), Existing.REFUSE);
    }

    @Test
    void invert_writesWhatTheFormatSays_andReusesIt() throws Exception {
        Path file = folder.resolve("ball.safetensors");
        CommandRun first = invert(file, "--method", "null-text", "--inner-steps", "1", "--json");
        assertThat(first.code()).as(first.err()).isZero();
        JsonObject report = first.json().getAsJsonObject("report");
        assertThat(report.get("forward").getAsInt()).isEqualTo(2 + 2 * 3);
        assertThat(report.getAsJsonObject("autoencoder").get("psnr").getAsDouble()).isPositive();
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            assertThat(stored.tensor("trajectory").shape()).startsWith(3L, 4L).hasSize(4);
            assertThat(stored.tensor("embeddings").shape()).startsWith(2L).hasSize(3);
            assertThat(stored.metadata()).containsKey("recipe");
        }
        byte[] written = Files.readAllBytes(file);
        CommandRun again = invert(file, "--method", "null-text", "--inner-steps", "1");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).contains("holds this inversion already");
        assertThat(again.out()).contains("PSNR");
        assertThat(Files.readAllBytes(file)).isEqualTo(written);
        CommandRun other = invert(file, "--method", "ddim");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("exists already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ddim", "negative-prompt", "direct", "null-text"})
    void p2p_editsAPictureInvertedBefore(String method) {
        Path file = folder.resolve("ball.safetensors");
        assertThat(invert(file, "--method", method).code()).isZero();
        CommandRun run = edit("p2p", "--source-prompt", SOURCE, "--target-prompt", TARGET, "--inversion", file.toString());
        assertThat(run.code()).as(run.err()).isZero();
        Picture source = Picture.read(folder.resolve("out/source.png"));
        assertThat(source.width()).isGreaterThan(source.height());
        assertThat(Picture.read(folder.resolve("out/target.png"))).isNotEqualTo(source);
    }

    @Test
    void p2p_invertsAPictureOnTheWay() {
        CommandRun run = edit(
                "p2p", "--source-prompt", SOURCE, "--target-prompt", TARGET, "--image", image.toString(), "--inversion-method", "direct");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(folder.resolve("out/target.png")).exists();
    }

    @Test
    void pti_writesAPictureForEachEta_andAStrip() {
        CommandRun run = edit("pti", "--target-prompt", TARGET, "--image", image.toString(), "--inner-steps", "1", "--eta", "0,1");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(folder.resolve("out")).isDirectoryContaining(f -> f.endsWith("eta-0.0.png")).isDirectoryContaining(f -> f.endsWith("strip.png"));
        assertThat(Picture.read(folder.resolve("out/eta-0.0.png"))).isNotEqualTo(Picture.read(folder.resolve("out/eta-1.0.png")));
    }

    @Test
    void edit_takesStepsAndGuidanceFromTheInversion_unlessTheyAreGiven() {
        Path file = folder.resolve("ball.safetensors");
        assertThat(invert(file, "--method", "null-text", "--inner-steps", "1", "--guidance-scale", "5").code()).isZero();
        String[] swap = {"edit", "p2p", "-m", SharedFiles.locate("toy_sd").toString(), "--source-prompt", SOURCE, "--target-prompt", TARGET,
            "--inversion", file.toString(), "-o", folder.resolve("out").toString()};
        CommandRun run = heddle(swap);
        assertThat(run.code()).as(run.err()).isZero();
        JsonObject recipe = PictureRecipe.details(PngText.read(folder.resolve("out/target.png"))).orElseThrow();
        assertThat(recipe.get("steps").getAsInt()).isEqualTo(2);
        assertThat(recipe.has("seed")).as("a seed that nothing was drawn by").isFalse();
        assertThat(recipe.get("guidanceScale").getAsDouble()).isEqualTo(5);
        for (List<String> conflict : List.of(List.of("--steps", "3"), List.of("--guidance-scale", "7.5"))) {
            List<String> arguments = new ArrayList<>(List.of(swap));
            arguments.addAll(conflict);
            arguments.add("--overwrite");
            CommandRun refused = heddle(arguments.toArray(String[]::new));
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).startsWith("heddle: ").hasLineCount(1);
        }
    }

    @Test
    void interruptedEdit_goesOnFromWhatItsInversionKept() {
        String[] swap = {"p2p", "--source-prompt", SOURCE, "--target-prompt", TARGET, "--image", square().toString(), "--method", "ddim"};
        assertThat(edit(swap).code()).isZero();
        Picture whole = Picture.read(folder.resolve("out/target.png"));
        InversionFile kept = new InversionFile(folder.resolve("out/.inversion.safetensors"));
        assertThat(kept.partial()).doesNotExist();
        try (Device device = Device.open("cpu", 0);
                StableDiffusion model =
                        StableDiffusion.load(ModelLocation.resolve(SharedFiles.locate("toy_sd").toString(), Optional.empty()), device);
                SourceText text = SourceText.of(model, SOURCE)) {
            InversionRun begun = Inverter.of(model, 2, 7.5, false).prepare(model.encode(Picture.read(square())), text, new DdimInversion());
            assertThatThrownBy(() -> kept.advance(begun, run -> {
                if (run.done() == 3) {
                    throw new IllegalStateException("killed");
                }
            })).hasMessage("killed");
        }
        CommandRun resumed = edit(Stream.concat(Stream.of(swap), Stream.of("--overwrite")).toArray(String[]::new));
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("going on from").contains("3 of 4 steps");
        assertThat(Picture.read(folder.resolve("out/target.png"))).isEqualTo(whole);
        assertThat(kept.partial()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--width=160", "--height=96"})
    void oneSide_givesTheOtherInThePicturesProportions(String side) {
        Path file = folder.resolve("ball.safetensors");
        CommandRun run = invert(file, "--method", "ddim", side);
        assertThat(run.code()).as(run.err()).isZero();
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            assertThat(stored.tensor("trajectory").shape()).endsWith(96L / 4, 160L / 4);
        }
    }

    @Test
    void vaeSample_isDrawnByItsSeed() {
        JsonObject mean = inputs("mean");
        assertThat(inputs("first", "--vae-sample", "1")).isNotEqualTo(mean).isEqualTo(inputs("again", "--vae-sample", "1"));
        assertThat(inputs("second", "--vae-sample", "2")).isNotEqualTo(inputs("default", "--vae-sample"));
        assertThat(inputs("zero", "--vae-sample", "0")).isEqualTo(inputs("default", "--vae-sample", "--overwrite"));
    }

    /** What the bits of an inversion without optimisation depend on. */
    private JsonObject inputs(String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--method", "direct", "--json"));
        arguments.addAll(List.of(more));
        CommandRun run = invert(folder.resolve(name + ".safetensors"), arguments.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
        return run.json().getAsJsonObject("recipe");
    }

    /** A picture of the size that the model was trained for. */
    private Path square() {
        Path file = folder.resolve("square.png");
        byte[] samples = new byte[128 * 128 * 3];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i % 3 == 0 ? i / 384 : i / 3 % 128);
        }
        Picture.of(new Size(128, 128), samples).write(file, Map.of(), Existing.REPLACE);
        return file;
    }

    static Stream<List<String>> impossibleEdits() {
        return Stream.of(
                List.of("pti", "--target-prompt", TARGET),
                List.of("pti", "--target-prompt", TARGET, "--image", "missing.png"),
                List.of("pti", "--target-prompt", TARGET, "--image", "IMAGE", "--eta", "2"),
                List.of("pti", "--target-prompt", TARGET, "--image", "IMAGE", "--method", "direct"),
                List.of("pti", "--target-prompt", TARGET, "--image", "IMAGE", "--scheduler", "pndm"),
                List.of("pti", "--target-prompt", TARGET, "--image", "IMAGE", "--inversion", "IMAGE"),
                List.of("pti", "--target-prompt", TARGET, "--inversion", "IMAGE"),
                List.of("p2p", "--source-prompt", SOURCE, "--target-prompt", TARGET, "--image", "IMAGE", "--method", "magic"),
                List.of("p2p", "--source-prompt", SOURCE, "--target-prompt", TARGET, "--image", "IMAGE", "--method", "ddim", "--inner-steps", "3"),
                List.of("p2p", "--source-prompt", SOURCE, "--target-prompt", TARGET, "--image", "IMAGE", "-n", "rain"));
    }

    @ParameterizedTest
    @MethodSource("impossibleEdits")
    void impossibleEdit_endsWithOneSentence(List<String> arguments) {
        CommandRun run = edit(arguments.stream().map(a -> a.equals("IMAGE") ? image.toString() : a).toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).startsWith("heddle: ");
    }

    private CommandRun invert(Path file, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "invert", "-m", SharedFiles.locate("toy_sd").toString(), "--image", image.toString(), "--prompt", SOURCE, "--steps", "2", "-o",
                file.toString()));
        arguments.addAll(List.of(more));
        return heddle(arguments.toArray(String[]::new));
    }

    private CommandRun edit(String... methodAndMore) {
        List<String> arguments = new ArrayList<>(List.of("edit"));
        arguments.addAll(List.of(methodAndMore));
        arguments.addAll(List.of("-m", SharedFiles.locate("toy_sd").toString(), "--steps", "2", "-o", folder.resolve("out").toString()));
        return heddle(arguments.toArray(String[]::new));
    }
}
