package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Picture;
import io.heddle.image.Size;
import io.heddle.testkit.SharedFiles;
import io.heddle.weights.SafetensorsFile;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Imagic on the command line, on the embedded model. */
class EditImagicCommandTest {
    private static final String TARGET = "a blue ball on the grass";

    @TempDir
    Path folder;

    private Path image;

    @BeforeEach
    void drawPicture() {
        image = folder.resolve("picture.png");
        byte[] samples = new byte[64 * 64 * 3];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i % 3 == 0 ? i / 192 * 3 : i / 3 % 64 * 4);
        }
        Picture.of(Size.square(64), samples).write(image, Map.of(), Existing.REFUSE);
    }

    private List<String> arguments(Path out, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "edit", "imagic", "--target-prompt", TARGET, "--steps", "2", "--eta", "0,1", "-o", out.toString()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private CommandRun edit(Path out, String... more) {
        return heddle(arguments(out, more).toArray(String[]::new));
    }

    private static String[] steps(int embedding, int network) {
        return new String[] {"--embedding-steps", Integer.toString(embedding), "--finetune-steps", Integer.toString(network)};
    }

    private String[] withImage(int embedding, int network, String... more) {
        return Stream.of(new String[] {"--image", image.toString(), "--batch", "1"}, steps(embedding, network), more).flatMap(Stream::of)
                .toArray(String[]::new);
    }

    @Test
    void sweep_hasAPictureForEachEta_aStrip_andScores() throws IOException {
        Path out = folder.resolve("out");
        CommandRun run = edit(out, withImage(2, 2, "--json"));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("tuning takes about");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("eta-0.0.png", "eta-1.0.png", "strip.png");
        }
        assertThat(run.json().getAsJsonArray("scores")).hasSize(2);
        JsonObject report = run.json().getAsJsonObject("report");
        assertThat(report.getAsJsonArray("networkLosses")).hasSize(2);
        assertThat(report.getAsJsonArray("measuredLosses")).hasSize(3);
        assertThat(heddle("info", out.resolve("strip.png").toString(), "--json").out()).contains("\"method\":\"edit imagic\"", "0.0,1.0",
                "\"start\":\"picture\"");
    }

    @Test
    void tunedWeights_areKeptAndReused() throws IOException {
        Path tuned = folder.resolve("tuned");
        CommandRun first = edit(folder.resolve("first"), withImage(2, 2, "--no-scores", "--tuned-out", tuned.toString()));
        assertThat(first.code()).as(first.err()).isZero();
        try (SafetensorsFile file = SafetensorsFile.open(tuned.resolve("imagic.safetensors"))) {
            assertThat(file.tensors()).containsKeys("embedding", "latent", "unet.conv_in.weight");
            assertThat(file.metadata()).containsKeys("recipe", "report");
        }
        CommandRun again = edit(folder.resolve("again"), "--no-scores", "--tuned", tuned.toString());
        assertThat(again.code()).as(again.err()).isZero();
        assertSamePictures("first/", "again/");
        CommandRun same = edit(folder.resolve("same"), withImage(2, 2, "--no-scores", "--tuned-out", tuned.toString()));
        assertThat(same.err()).contains("holds this tuning already");
        assertSamePictures("first/", "same/");
        CommandRun other = edit(folder.resolve("other"), "--target-prompt", "a cat", "--tuned", tuned.toString());
        assertThat(other.code()).isEqualTo(2);
    }

    @Test
    void killedRun_goesOnWithTheSameBits() throws Exception {
        String[] steps = withImage(30, 30, "--no-scores");
        assertThat(edit(folder.resolve("whole.png"), steps).code()).isZero();
        Path out = folder.resolve("killed.png");
        Path partial = folder.resolve(".killed.png.imagic.safetensors.partial");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules", "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Heddle.class.getName()));
        command.addAll(arguments(out, steps));
        File log = folder.resolve("killed.log").toFile();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.to(log)).start();
        while (process.isAlive() && !Files.exists(partial)) {
            process.waitFor(5, TimeUnit.MILLISECONDS);
        }
        process.destroyForcibly().waitFor();
        assertThat(partial).as(Files.readString(log.toPath())).exists();
        assertThat(edit(folder.resolve("other.png"), withImage(1, 1, "--no-scores")).code()).isZero();
        CommandRun resumed = edit(out, steps);
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("going on from");
        assertSamePictures("whole-", "killed-");
        assertThat(partial).doesNotExist();
    }

    @Test
    void tuningThatAnInterruptedRunLeft_isReplacedByAnotherOne() throws IOException {
        Path tuned = folder.resolve("tuned");
        assertThat(edit(folder.resolve("first"), withImage(1, 1, "--no-scores", "--tuned-out", tuned.toString())).code()).isZero();
        Path left = Files.createDirectory(folder.resolve("out")).resolve(".imagic.safetensors");
        Files.move(tuned.resolve("imagic.safetensors"), left);
        CommandRun run = edit(folder.resolve("out"), withImage(2, 1, "--no-scores"));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(left).doesNotExist();
    }

    private void assertSamePictures(String expected, String actual) {
        for (String name : List.of("eta-0.0.png", "eta-1.0.png")) {
            assertThat(Picture.read(folder.resolve(actual + name))).isEqualTo(Picture.read(folder.resolve(expected + name)));
        }
    }

    @Test
    void checkpointOfASamplerThatIsNotThere_isEdited() throws IOException {
        Path shared = SharedFiles.locate("toy_sd");
        Path model = folder.resolve("model");
        try (Stream<Path> files = Files.walk(shared)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(shared.relativize(file)));
            }
        }
        Path scheduler = model.resolve("scheduler/scheduler_config.json");
        String ancestral = Files.readString(scheduler).replaceAll("\\w+Scheduler", "EulerAncestralDiscreteScheduler");
        Files.delete(scheduler);
        Files.writeString(scheduler, ancestral);
        CommandRun run = edit(folder.resolve("out"), withImage(1, 1, "-m", model.toString()));
        assertThat(run.code()).as(run.err()).isZero();
    }

    static Stream<List<String>> impossibleEdits() {
        return Stream.of(
                List.of(),
                List.of("--image", "missing.png"),
                List.of("--image", "IMAGE", "--eta", "3"),
                List.of("--image", "IMAGE", "--train", "lora"),
                List.of("--image", "IMAGE", "--embedding-steps", "-1"),
                List.of("--image", "IMAGE", "--tuned", "IMAGE"),
                List.of("--tuned", "missing"),
                List.of("--tuned", "a", "--tuned-out", "b"));
    }

    @ParameterizedTest
    @MethodSource("impossibleEdits")
    void impossibleEdit_endsWithOneSentence(List<String> more) {
        CommandRun run = edit(folder.resolve("out"), more.stream().map(a -> a.equals("IMAGE") ? image.toString() : a).toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains("heddle: ").doesNotContain("Exception");
    }
}
