package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Picture;
import io.heddle.image.PictureRecipe;
import io.heddle.image.PngText;
import io.heddle.image.Size;
import io.heddle.random.TorchGenerator;
import io.heddle.testkit.SharedFiles;
import io.heddle.weights.SafetensorsFile;
import io.heddle.weights.SafetensorsWriter;
import io.heddle.weights.StoredType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerateCommandTest {
    private static final String MODEL_A = "fixtures/model_a";

    @TempDir
    Path folder;

    @Test
    void severalPrompts_areRowsOfOneRun_eachWithItsPicture() {
        Path out = folder.resolve("pictures");
        CommandRun run = heddle(
                "generate", "-m", SharedFiles.locate("toy_sd").toString(), "-p", "a red ball", "-p", "", "--steps", "2", "--seed", "3", "--json",
                "-o",
                out.toString(), "--latents-out", folder.resolve("l.safetensors").toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json().get("seed").getAsLong()).isEqualTo(3);
        assertThat(run.json().getAsJsonArray("pictures")).hasSize(2);
        assertThat(Picture.read(out.resolve("1.png")).size()).isEqualTo(Size.square(128));
        assertThat(PictureRecipe.details(PngText.read(out.resolve("0.png"))).orElseThrow().get("prompt").getAsString()).isEqualTo("a red ball");
    }

    @Test
    void randomSeed_isToldAndMakesTheSamePictureAgain() throws IOException {
        String[] request =
                {"generate", "-m", SharedFiles.locate("toy_sd").toString(), "-p", "a cat", "--steps", "1", "--no-metadata", "--json", "-o"};
        CommandRun first = heddle(with(request, folder.resolve("1.png").toString()));
        String seed = first.json().get("seed").getAsString();
        heddle(with(request, folder.resolve("2.png").toString(), "--seed", seed));
        assertThat(Files.readAllBytes(folder.resolve("2.png"))).isEqualTo(Files.readAllBytes(folder.resolve("1.png")));
        assertThat(PngText.read(folder.resolve("1.png"))).isEmpty();
    }

    @Test
    void existingFile_stopsTheRunBeforeItBegins() throws IOException {
        Path file = Files.writeString(folder.resolve("keep.png"), "mine");
        CommandRun run = heddle("generate", "-m", "no-model", "-p", "a cat", "-o", file.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("keep.png").contains("exists").hasLineCount(1);
        assertThat(file).hasContent("mine");
    }

    static Stream<List<String>> impossibleRequests() {
        return Stream.of(
                List.of("-W", "100"),
                List.of("-H", "0"),
                List.of("--steps", "0"),
                List.of("--steps", "5000"),
                List.of("--scheduler", "heun"),
                List.of("--guidance-scale", "NaN"),
                List.of("-p", "word ".repeat(90)),
                List.of("--latents-in", "missing.safetensors"),
                List.of("--latents-out", "missing/folder/l.safetensors"),
                List.of("-o", "cat.jpg"),
                List.of("-o", "cat.WebP"),
                List.of("-n", "word ".repeat(90)));
    }

    @ParameterizedTest
    @MethodSource("impossibleRequests")
    void impossibleRequest_endsWithOneSentence_andLeavesNothingBehind(List<String> request) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("generate", "-m", SharedFiles.locate(MODEL_A).toString(), "-p", "a cat", "--steps", "1", "-o",
                        folder.resolve("p.png").toString()));
        if (request.contains("--steps")) {
            arguments.removeAll(List.of("--steps", "1"));
        }
        if (request.contains("-o")) {
            arguments.subList(arguments.size() - 2, arguments.size()).clear();
        }
        arguments.addAll(request);
        CommandRun run = heddle(arguments.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).startsWith("heddle: ").hasLineCount(1);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void latentsOfAnotherShape_areRefused() {
        Path file = folder.resolve("l.safetensors");
        new SafetensorsWriter().add("latents", StoredType.F32, List.of(1L, 3L, 8L, 8L), () -> new float[192]).write(
                file, Existing.REFUSE);
        CommandRun run = heddle("generate", "-m", SharedFiles.locate(MODEL_A).toString(), "-p", "a cat", "--latents-in", file.toString(), "-o",
                folder.resolve("p.png").toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("[1, 3, 8, 8]").contains("[1, 4, ");
    }

    @Test
    void latentsIn_isTheNoiseThatASeedDraws_andGivesTheSize() {
        Path file = folder.resolve("l.safetensors");
        float[] noise = new TorchGenerator(5).randn(4 * 8 * 12);
        new SafetensorsWriter().add("latents", StoredType.F32, List.of(1L, 4L, 8L, 12L), () -> noise).write(
                file, Existing.REFUSE);
        String model = SharedFiles.locate(MODEL_A).toString();
        heddle("generate", "-m", model, "-p", "a cat", "--steps", "1", "--latents-in", file.toString(), "-o",
                folder.resolve("a.png").toString(),
                "--latents-out",
                folder.resolve("a.safetensors").toString());
        heddle("generate", "-m", model, "-p", "a cat", "--steps", "1", "--seed", "5", "-H", "64", "-W", "96", "-o",
                folder.resolve("b.png").toString(),
                "--latents-out", folder.resolve("b.safetensors").toString());
        assertThat(Picture.read(folder.resolve("a.png")).size()).isEqualTo(new Size(96, 64));
        assertThat(latents(folder.resolve("a.safetensors"))).isEqualTo(latents(folder.resolve("b.safetensors")));
        assertThat(recipe("a.png").keySet()).contains("latentsIn", "latentsFingerprint").doesNotContain("seed");
        assertThat(recipe("b.png").keySet()).contains("seed").doesNotContain("latentsIn");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void longPrompt_isCutOnRequest(boolean truncate) {
        List<String> arguments =
                new ArrayList<>(List.of("generate", "-m", SharedFiles.locate("toy_sd").toString(), "-p", "ball ".repeat(40), "--steps", "1", "-o",
                        folder.resolve("p.png").toString()));
        if (truncate) {
            arguments.add("--truncate");
        }
        assertThat(heddle(arguments.toArray(String[]::new)).code()).isEqualTo(truncate ? 0 : 2);
    }

    @Test
    void recipe_namesTheModelAndTheSampler() {
        String model = SharedFiles.locate("toy_sd").toString();
        heddle("generate", "-m", model, "-p", "a cat", "--steps", "1", "--scheduler", "config", "-o", folder.resolve("a.png").toString());
        assertThat(recipe("a.png").get("model").getAsString()).isEqualTo(model);
        assertThat(recipe("a.png").get("scheduler").getAsString()).isEqualTo("ddim");
        assertThat(PngText.read(folder.resolve("a.png")).get(PictureRecipe.PARAMETERS)).contains("Sampler: DDIM", "Model: ");
    }

    private JsonObject recipe(String name) {
        return PictureRecipe.details(PngText.read(folder.resolve(name))).orElseThrow();
    }

    private static float[] latents(Path file) {
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            return opened.tensor("latents").toFloats();
        }
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }
}
