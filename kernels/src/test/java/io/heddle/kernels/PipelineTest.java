package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.attention.Step.Purpose;
import io.heddle.attention.TextEmbedding;
import io.heddle.clip.Tokenizer;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Latents;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.dragon.Drag;
import io.heddle.editing.dragon.DragonDiffusion;
import io.heddle.editing.dragon.DragonSettings;
import io.heddle.editing.dragon.Mask;
import io.heddle.editing.dragon.MemoryBank;
import io.heddle.editing.dragon.Network;
import io.heddle.editing.dragon.Point;
import io.heddle.editing.inversion.SourceText;
import io.heddle.editing.p2p.EditKind;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.EditedRun;
import io.heddle.editing.p2p.PromptToPrompt;
import io.heddle.editing.p2p.StepWindow;
import io.heddle.nn.ParameterScope;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.Schedule;
import io.heddle.schedulers.Solver;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Fixture;
import io.heddle.testkit.FormulaWeights;
import io.heddle.testkit.SharedFiles;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import io.heddle.unet.UNet;
import io.heddle.unet.UNetConfig;
import io.heddle.unet.UNetConfig.Level;
import io.heddle.weights.ModelLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole steps on the device: against what the reference libraries computed, and without new memory. */
class PipelineTest {
    private static final Guidance GUIDANCE = Guidance.classifierFree(7.5);
    private static final int STEPS = 10;
    private static final int EDITS = 50;

    private CudaBackend backend;
    private Device device;

    @BeforeEach
    void open() {
        backend = TestDevice.open(TestDevice.cublas());
        device = Device.of(backend);
    }

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void generation_firstStepsAreTheReferences() {
        Fixture fixture = Fixture.of("07_generate_a_ddim");
        try (Scope _ = device.scope();
                StableDiffusion model = model()) {
            String prompt = fixture.json().getAsJsonObject("inputs").get("prompt").getAsString();
            String negative = fixture.json().getAsJsonObject("inputs").get("negative_prompt").getAsString();
            Conditioning conditioning = Conditioning.of(List.of(model.encode(prompt)), model.encode(negative));
            Tensor start = fixture.channelsLast(device, "in.latent");

            assertFirstSteps(fixture, model, DdimConfig.stableDiffusion().steps(STEPS), start, EditRecipe.plain(conditioning, GUIDANCE));
        }
    }

    @Test
    void promptToPrompt_firstStepsAreThePublishedCodes() {
        Fixture fixture = Fixture.of("08_p2p_replace_shrink");
        try (Scope _ = device.scope();
                StableDiffusion model = model()) {
            List<String> prompts = fixture.json().getAsJsonObject("inputs").getAsJsonArray("prompts").asList().stream()
                    .map(prompt -> prompt.getAsString())
                    .toList();
            EditSettings settings = EditSettings.DEFAULTS
                    .asPublished()
                    .withKind(EditKind.REPLACE)
                    .withCrossReplace(StepWindow.until(fixture.settings().get("cross_replace_steps").getAsDouble()))
                    .withSelfReplace(StepWindow.until(fixture.settings().get("self_replace_steps").getAsDouble()))
                    .withSelfReplaceMaxTokens(fixture.settings().get("self_limit_pixels").getAsInt());
            Tensor context = fixture.tensor(device, "in.context");
            Conditioning conditioning = Conditioning.of(
                    IntStream.range(0, prompts.size()).mapToObj(p -> TextEmbedding.of(context.row(p))).toList(),
                    TextEmbedding.of(fixture.tensor(device, "in.uncond")));
            Tensor start = fixture.channelsLast(device, "in.latent");
            Schedule schedule = DdimConfig.stableDiffusion().steps(STEPS);
            EditedRun run = EditedRun.of(model, new Extent(start.dim(1), start.dim(2)), STEPS, schedule);
            try (PromptToPrompt edit = PromptToPrompt.of(run, prompts, settings)) {
                assertFirstSteps(fixture, model, schedule, start, edit.recipe(conditioning, GUIDANCE));
            }
        }
    }

    @Test
    void inversion_firstStepIsTheReferences() {
        Fixture fixture = Fixture.of("09_ddim_inversion");
        try (Scope _ = device.scope();
                StableDiffusion model = model()) {
            TextEmbedding text = TextEmbedding.of(fixture.tensor(device, "in.context").row(0));
            EditRecipe recipe = EditRecipe.plain(Conditioning.of(List.of(text), text), Guidance.classifierFree(1));
            Tensor clean = fixture.channelsLast(device, "z0");
            Schedule reversed = DdimConfig.stableDiffusion().steps(STEPS).reversed();
            Sampler sampler = new Sampler(model.unet()::predict, reversed, Purpose.INVERT);

            float[] actual = steps(sampler, reversed, clean, recipe, 1);

            float[] expected = fixture.floats("inverted_cond");
            fixture.assertMatches("inverted_cond", actual, Arrays.copyOfRange(expected, actual.length, 2 * actual.length));
        }
    }

    @Test
    void guidedStepsOfADrag_areTheCpus() {
        float[] found = dragged(device);
        try (Device cpu = Device.open("cpu", 1)) {
            TensorAssert.assertClose("latent", found, dragged(cpu), Tolerances.DRAGGED_LATENT);
        }
    }

    /** The latent after inversion into a memory bank and sampling with the gradients of a drag's energies, two calls each way. */
    private static float[] dragged(Device device) {
        Extent latent = new Extent(8, 8);
        Extent picture = new Extent(64, 64);
        List<Level> levels = List.of(
                new Level(8, 2, true, true, 1), new Level(8, 2, true, true, 1), new Level(16, 2, true, true, 1), new Level(16, 2, false, false, 1));
        UNetConfig config = new UNetConfig(8, 4, 4, true, 0, levels, 1, 4, 1e-5f, 8, false);
        Drag drag = new Drag(
                List.of(new Drag.Handle(new Point(20, 20), new Point(40, 30))), Mask.rectangle(picture, new Point(8, 8), new Point(48, 40)));
        DragonSettings settings = DragonSettings.of(drag);
        try (Scope _ = device.scope();
                UNet unet = UNet.load(ParameterScope.root(device, new FormulaWeights()), config)) {
            Network network = new Network(unet, DdimConfig.stableDiffusion().steps(2));
            SourceText text = new SourceText("source", text(device, "source"), text(device, "empty"));
            MemoryBank bank = MemoryBank.invert(network, Latents.noise(device, 1, 1, latent, 4), text, settings);
            return DragonDiffusion.of(network, picture, bank, drag, settings).run(SamplingListener.NONE).toArray();
        }
    }

    @Test
    void fiftyEdits_allocateNothingAfterTheFirst_andLeaveNothing() {
        List<Level> levels = List.of(new Level(16, 2, true, true, 1), new Level(16, 2, false, false, 1));
        UNetConfig config = new UNetConfig(8, 4, 4, true, 0, levels, 1, 4, 1e-5f, 8, false);
        Tokenizer tokenizer = Tokenizer.load(SharedFiles.locate("fixtures/model_a/tokenizer"));
        try (Scope _ = device.scope();
                UNet unet = UNet.load(ParameterScope.root(device, new FormulaWeights()), config)) {
            edit(unet, tokenizer, 0);
            long live = device.memory().liveBytes();
            long allocations = backend.pool().allocations();
            for (int i = 1; i < EDITS; i++) {
                edit(unet, tokenizer, i);
                assertThat(device.memory().liveBytes()).as("bytes in use after edit %d", i).isEqualTo(live);
            }
            assertThat(backend.pool().allocations()).as("allocations after the first edit").isEqualTo(allocations);
        }
        assertThat(device.memory().liveBytes()).as("bytes left").isZero();
    }

    private void edit(UNet unet, Tokenizer tokenizer, int seed) {
        Extent latent = new Extent(4, 4);
        Schedule schedule = DdimConfig.stableDiffusion().steps(2);
        EditedRun run = new EditedRun(device, tokenizer, unet.sites(), latent, 2, schedule.calls());
        try (Scope _ = device.scope();
                TextEmbedding source = text(device, "source");
                TextEmbedding target = text(device, "target");
                TextEmbedding empty = text(device, "empty");
                PromptToPrompt edit = PromptToPrompt.of(run, List.of("a red cat", "a blue cat"), EditSettings.DEFAULTS)) {
            Conditioning conditioning = Conditioning.of(List.of(source, target), empty);
            Tensor start = Latents.noise(device, seed, 1, latent, 4);
            new Sampler(unet::predict, schedule).run(start, edit.recipe(conditioning, GUIDANCE), SamplingListener.NONE).toArray();
        }
    }

    private static TextEmbedding text(Device device, String name) {
        return TextEmbedding.of(device.tensor(Shape.of(1, 77, 8), FormulaWeights.input(name, 77 * 8)));
    }

    private StableDiffusion model() {
        return StableDiffusion.load(ModelLocation.resolve(SharedFiles.locate("fixtures/model_a").toString(), Optional.empty()), device);
    }

    private static void assertFirstSteps(Fixture fixture, StableDiffusion model, Schedule schedule, Tensor start, EditRecipe recipe) {
        float[] actual = steps(new Sampler(model.unet()::predict, schedule), schedule, start, recipe, 2);

        fixture.assertMatches("latents_per_step", actual, Arrays.copyOf(fixture.floats("latents_per_step"), actual.length));
    }

    /** The latents after each of the first steps, channels first. */
    private static float[] steps(Sampler sampler, Schedule schedule, Tensor start, EditRecipe recipe, int count) {
        int prompts = recipe.conditioning().prompts().size();
        List<float[]> taken = new ArrayList<>();
        try (Solver solver = schedule.start()) {
            Tensor latents = start.gatherRows(new int[prompts]);
            for (int call = 0; call < count; call++) {
                Tensor guided = sampler.predict(latents, recipe, sampler.step(call));
                latents = recipe.blend().blend(sampler.step(call), solver.step(guided, call, latents));
                taken.add(Latents.toChannelsFirst(latents));
            }
        }
        float[] all = new float[taken.size() * taken.getFirst().length];
        for (int i = 0; i < taken.size(); i++) {
            System.arraycopy(taken.get(i), 0, all, i * taken.getFirst().length, taken.getFirst().length);
        }
        return all;
    }
}
