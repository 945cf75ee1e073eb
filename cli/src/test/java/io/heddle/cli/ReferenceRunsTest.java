package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.heddle.testkit.Fixture;
import io.heddle.testkit.SharedFiles;
import io.heddle.weights.SafetensorsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line reproduces the reference libraries' runs from model folder, prompts, seed and options alone. */
class ReferenceRunsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {
        "07_generate_a_ddim", "07_generate_a_pndm", "07_generate_a_euler", "07_generate_a_dpmpp2m", "07_generate_b_ddim", "07_generate_b_pndm",
        "07_generate_b_dpmpp2m", "13_toy_generate"
    })
    void generate(String name) {
        Fixture fixture = Fixture.of(name);
        JsonObject inputs = fixture.json().getAsJsonObject("inputs");
        List<String> arguments = new ArrayList<>(List.of("generate", "--negative-prompt", inputs.get("negative_prompt").getAsString()));
        if (inputs.has("prompts")) {
            inputs.getAsJsonArray("prompts").forEach(prompt -> arguments.addAll(List.of("-p", prompt.getAsString())));
        } else {
            arguments.addAll(List.of("-p", inputs.get("prompt").getAsString()));
        }
        String scheduler = fixture.settings().get("scheduler").getAsString();
        arguments.addAll(List.of("--scheduler", switch (scheduler) {
            case "PNDMScheduler" -> "pndm";
            case "EulerDiscreteScheduler" -> "euler";
            case "DPMSolverMultistepScheduler" -> "dpmsolver++";
            default -> "ddim";
        }));
        run(fixture, arguments);
        if (fixture.contains("latents_per_step")) {
            fixture.assertMatches("latents_per_step", stepsAfterTheStart(fixture.dims("latents_per_step")[0]));
        } else {
            fixture.assertMatches("latents_last", tensor("latents.safetensors", "latents"));
            float[] all = tensor("trajectory.safetensors", "latents");
            int latent = fixture.floats("latents_first").length;
            fixture.assertMatches("latents_first", Arrays.copyOfRange(all, latent, 2 * latent));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "08_p2p_b_refine_blend", "08_p2p_blend_v1", "08_p2p_blend_v2_512", "08_p2p_blend_v2_sub", "08_p2p_refine", "08_p2p_refine_reweight_blend",
        "08_p2p_replace_equal", "08_p2p_replace_reweight", "08_p2p_replace_shrink", "08_p2p_replace_unequal", "08_p2p_reweight", "08_p2p_word_steps",
        "13_toy_p2p_refine_reweight", "13_toy_p2p_replace", "13_toy_p2p_replace_blend"
    })
    void editP2p(String name) {
        Fixture fixture = Fixture.of(name);
        JsonObject settings = fixture.settings();
        List<String> arguments = new ArrayList<>(List.of("edit", "p2p", "--reference"));
        List<String> prompts = strings(fixture.json().getAsJsonObject("inputs").getAsJsonArray("prompts"));
        arguments.addAll(List.of("--source-prompt", prompts.getFirst()));
        prompts.stream().skip(1).forEach(target -> arguments.addAll(List.of("--target-prompt", target)));
        String controller = settings.get("controller").getAsString();
        arguments.addAll(List.of("--edit", controller.split(" ")[0]));
        arguments.addAll(List.of("--cross-replace-steps", crossWindows(settings.get("cross_replace_steps"))));
        arguments.addAll(List.of("--self-replace-steps", window(settings.get("self_replace_steps"))));
        arguments.addAll(List.of("--self-replace-max-tokens", settings.get("self_limit_pixels").getAsString()));
        if (!settings.get("equalizer").isJsonNull()) {
            List<String> words = strings(settings.getAsJsonArray("equalizer").get(0).getAsJsonArray());
            List<String> factors = strings(settings.getAsJsonArray("equalizer").get(1).getAsJsonArray());
            List<String> pairs = new ArrayList<>();
            for (int i = 0; i < words.size(); i++) {
                pairs.add(words.get(i) + "=" + factors.get(i));
            }
            arguments.addAll(List.of("--equalizer", String.join(",", pairs)));
        }
        if (!settings.get("local_blend").isJsonNull()) {
            addBlend(arguments, settings.getAsJsonObject("local_blend"));
        }
        Path maps = folder.resolve("maps.safetensors");
        arguments.addAll(List.of("--maps-out", maps.toString()));
        run(fixture, arguments);
        if (fixture.contains("latents_per_step")) {
            fixture.assertMatches("latents_per_step", stepsAfterTheStart(settings.get("steps").getAsInt()));
        } else {
            float[] expected = fixture.floats("latents_steps_0_4_9");
            float[] all = stepsAfterTheStart(settings.get("steps").getAsInt());
            int step = all.length / settings.get("steps").getAsInt();
            float[] chosen = new float[expected.length];
            int[] kept = {0, 4, 9};
            for (int i = 0; i < kept.length; i++) {
                System.arraycopy(all, kept[i] * step, chosen, i * step, step);
            }
            fixture.assertMatches("latents_steps_0_4_9", chosen);
        }
        float[] average = new float[fixture.floats("average_maps").length];
        int part = average.length / prompts.size();
        for (int prompt = 0; prompt < prompts.size(); prompt++) {
            System.arraycopy(tensor("maps.safetensors", "prompt/" + prompt), 0, average, prompt * part, part);
        }
        fixture.assertMatches("average_maps", average);
    }

    private void run(Fixture fixture, List<String> arguments) {
        JsonObject settings = fixture.settings();
        String model = fixture.json().get("model").getAsString();
        int[] latent = fixture.dims("in.latent");
        int factor = model.endsWith("toy_sd") ? 4 : 8;
        arguments.addAll(List.of(
                "--model", SharedFiles.locate("fixtures/" + model).toString(),
                "--device", "cpu",
                "--seed", fixture.json().get("seed").getAsString(),
                "--steps", settings.get("steps").getAsString(),
                "--guidance-scale", settings.get("guidance_scale").getAsString(),
                "--height", Integer.toString(latent[2] * factor),
                "--width", Integer.toString(latent[3] * factor),
                "--latents-out", folder.resolve("latents.safetensors").toString(),
                "--trajectory-out", folder.resolve("trajectory.safetensors").toString(),
                "-o", folder.resolve("picture.png").toString()));
        CommandRun run = heddle(arguments.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
    }

    private float[] stepsAfterTheStart(int steps) {
        float[] all = tensor("trajectory.safetensors", "latents");
        return Arrays.copyOfRange(all, all.length / (steps + 1), all.length);
    }

    private float[] tensor(String file, String name) {
        try (SafetensorsFile opened = SafetensorsFile.open(folder.resolve(file))) {
            return opened.tensor(name).toFloats();
        }
    }

    private static void addBlend(List<String> arguments, JsonObject blend) {
        arguments.addAll(List.of("--blend-words", lists(blend.getAsJsonArray("words"))));
        arguments.addAll(List.of("--blend-threshold", String.join(",", strings(blend.getAsJsonArray("th")))));
        if (blend.has("version")) {
            arguments.addAll(List.of("--blend-version", "v1"));
        } else {
            arguments.addAll(List.of("--blend-start", blend.get("start").getAsString()));
        }
        if (blend.has("sub")) {
            arguments.addAll(List.of("--substruct-words", lists(blend.getAsJsonArray("sub"))));
        }
    }

    private static String lists(JsonArray lists) {
        return lists.asList().stream()
                .map(list -> list.isJsonArray() ? String.join(" ", strings(list.getAsJsonArray())) : list.getAsString())
                .collect(Collectors.joining(";"));
    }

    private static String crossWindows(JsonElement windows) {
        if (!windows.isJsonObject()) {
            return window(windows);
        }
        return windows.getAsJsonObject().entrySet().stream()
                .map(entry -> (entry.getKey().equals("default_") ? "default" : entry.getKey()) + "=" + window(entry.getValue()))
                .collect(Collectors.joining(","));
    }

    private static String window(JsonElement window) {
        return window.isJsonArray() ? String.join("-", strings(window.getAsJsonArray())) : window.getAsString();
    }

    private static List<String> strings(JsonArray array) {
        return array.asList().stream().map(JsonElement::getAsString).toList();
    }
}
