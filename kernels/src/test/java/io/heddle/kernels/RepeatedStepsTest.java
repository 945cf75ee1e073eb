package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.attention.AttentionTaps;
import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.attention.Where;
import io.heddle.clip.Tokenizer;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Latents;
import io.heddle.editing.NoisePredictor;
import io.heddle.editing.Sampler;
import io.heddle.editing.p2p.EditKind;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.EditedRun;
import io.heddle.editing.p2p.PromptToPrompt;
import io.heddle.editing.p2p.SourceRun;
import io.heddle.editing.p2p.StepWindow;
import io.heddle.editing.p2p.TensorStore;
import io.heddle.kernels.emulator.EmulatedDriver;
import io.heddle.nn.Parameter;
import io.heddle.nn.ParameterScope;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.Schedule;
import io.heddle.spi.Extent;
import io.heddle.spi.Precision;
import io.heddle.tensor.Device;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.FormulaWeights;
import io.heddle.testkit.SharedFiles;
import io.heddle.testkit.TensorAssert;
import io.heddle.unet.UNet;
import io.heddle.unet.UNetConfig;
import io.heddle.unet.UNetConfig.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps of the UNet that are repeated as one graph: they have the bits of steps done call by call. What the driver is asked for is counted. */
class RepeatedStepsTest {
    private static final Guidance GUIDANCE = Guidance.classifierFree(7.5);
    private static final int STEPS = 5;
    private static final Extent SIZE = new Extent(4, 4);
    /** A reader keeps steps from being repeated and changes no bit. */
    private static final AttentionTaps CALL_BY_CALL = AttentionTaps.none().readProjections(Where.everywhere(), (_, _) -> {});
    /** Cross-attention in calls 1 and 2, self-attention in calls 0 and 1. */
    private static final EditSettings OPENING_AND_CLOSING =
            EditSettings.DEFAULTS.withCrossReplace(new StepWindow(0.2, 0.6)).withSelfReplace(StepWindow.until(0.4));

    private final List<TextEmbedding> texts = new ArrayList<>();
    private final Schedule schedule = DdimConfig.stableDiffusion().steps(STEPS);
    private CudaBackend backend;
    private Device device;
    private Scope scope;
    private UNet unet;

    @BeforeEach
    void open() {
        open(Precision.FLOAT32);
    }

    private void open(Precision precision) {
        backend = TestDevice.open(TestDevice.cublas(), precision);
        device = Device.of(backend);
        scope = device.scope();
        List<Level> levels = List.of(new Level(16, 2, true, true, 1), new Level(16, 2, false, false, 1));
        UNetConfig config = new UNetConfig(8, 4, 4, true, 0, levels, 1, 4, 1e-5f, 8, false);
        unet = UNet.load(ParameterScope.root(device, new FormulaWeights()), config);
    }

    @AfterEach
    void close() {
        texts.forEach(TextEmbedding::close);
        unet.close();
        scope.close();
        long left = device.memory().liveBytes();
        device.close();
        assertThat(left).as("bytes left").isZero();
    }

    /** What the driver is asked for, such as by one evaluation of the network. */
    private record Asked(long kernels, long launches, long graphs, long allocations) {
        static final Asked ONE_LAUNCH = new Asked(0, 1, 0, 0);

        Asked since(Asked before) {
            return new Asked(kernels - before.kernels, launches - before.launches, graphs - before.graphs, allocations - before.allocations);
        }
    }

    private Asked asked() {
        return new Asked(calls("cuLaunchKernel"), calls("cuGraphLaunch"), calls("cuGraphInstantiate"), backend.pool().allocations());
    }

    private static long calls(String function) {
        return TestDevice.isReal() ? 0 : EmulatedDriver.load().calls(function);
    }

    /**
     * A run with what each step led to and its evaluation asked for.
     *
     * @param all what all of it asked for
     */
    private record Run(List<float[]> latents, List<Asked> asked, Asked all) {
        /** The calls of the network that were recorded as a graph. */
        List<Integer> recorded() {
            return IntStream.range(0, asked.size()).filter(call -> asked.get(call).graphs > 0).boxed().toList();
        }

        /** The calls of the network that were one launch of a graph and nothing else. */
        List<Integer> repeated() {
            return IntStream.range(0, asked.size()).filter(call -> asked.get(call).equals(Asked.ONE_LAUNCH)).boxed().toList();
        }
    }

    private Run run(EditRecipe recipe, int seed, Extent size) {
        List<float[]> steps = new ArrayList<>();
        List<Asked> evaluations = new ArrayList<>();
        NoisePredictor counted = (latents, pass) -> {
            Asked before = asked();
            Tensor predicted = unet.predict(latents, pass);
            evaluations.add(asked().since(before));
            return predicted;
        };
        Asked before = asked();
        try (Scope _ = device.scope()) {
            Tensor noise = Latents.noise(device, seed, 1, size, 4);
            new Sampler(counted, schedule).run(noise, recipe, (_, latents) -> steps.add(latents.toArray()));
        }
        return new Run(steps, evaluations, asked().since(before));
    }

    /** A real driver does not count calls. */
    private static void assertCalls(List<Integer> actual, Integer... expected) {
        if (!TestDevice.isReal()) {
            assertThat(actual).containsExactly(expected);
        }
    }

    private void assertSameBits(Run actual, Run expected) {
        for (int call = 0; call < STEPS; call++) {
            TensorAssert.assertSameBits("latents after call " + call, actual.latents.get(call), expected.latents.get(call));
        }
    }

    private void assertSameBitsCallByCall(Run actual, EditRecipe recipe, int seed, Extent size) {
        Run expected = run(recipe.withTaps(CALL_BY_CALL), seed, size);
        assertCalls(expected.recorded());
        assertCalls(expected.repeated());
        assertSameBits(actual, expected);
    }

    private TextEmbedding encoding(String name) {
        return TextEmbedding.of(device.tensor(Shape.of(1, 77, 8), FormulaWeights.input(name, 77 * 8)));
    }

    /** An encoding that ends with the test. */
    private TextEmbedding text(String name) {
        TextEmbedding text = encoding(name);
        texts.add(text);
        return text;
    }

    private EditRecipe plain(String prompt) {
        return EditRecipe.plain(Conditioning.of(List.of(text(prompt)), text("empty")), GUIDANCE);
    }

    @Test
    void generation_isOneLaunchForEachStepAfterTheFirst() {
        EditRecipe recipe = plain("a red cat");

        Run run = run(recipe, 1, SIZE);

        assertCalls(run.recorded(), 0);
        assertCalls(run.repeated(), 1, 2, 3, 4);
        assertSameBitsCallByCall(run, recipe, 1, SIZE);
    }

    @Test
    void generationInHalves_hasItsBitsToo() {
        close();
        open(Precision.FLOAT16);
        EditRecipe recipe = plain("a red cat");

        Run run = run(recipe, 1, SIZE);

        assertCalls(run.repeated(), 1, 2, 3, 4);
        assertSameBitsCallByCall(run, recipe, 1, SIZE);
    }

    @Test
    void otherLatentsAndPrompts_areTheSamePlan() {
        run(plain("a red cat"), 1, SIZE);
        EditRecipe recipe = plain("two dogs");

        Run run = run(recipe, 2, SIZE);

        assertCalls(run.recorded());
        // The first call also makes the keys and values of the new texts.
        assertCalls(run.repeated(), 1, 2, 3, 4);
        assertSameBitsCallByCall(run, recipe, 2, SIZE);
    }

    @Test
    void embeddingsOfEachStep_areTheSamePlan() {
        List<TextEmbedding> empty = IntStream.range(0, STEPS).mapToObj(call -> text("empty " + call)).toList();
        TextEmbedding prompt = text("a red cat");
        EditRecipe recipe = EditRecipe.plain(new Conditioning() {
            @Override
            public List<Integer> prompts() {
                return List.of(0);
            }

            @Override
            public TextEmbedding conditional(Step step, int number) {
                return prompt;
            }

            @Override
            public TextEmbedding unconditional(Step step, int number) {
                return empty.get(step.index());
            }
        }, GUIDANCE);

        Run run = run(recipe, 1, SIZE);

        assertCalls(run.recorded(), 0);
        assertSameBitsCallByCall(run, recipe, 1, SIZE);
    }

    @Test
    void eachSize_hasItsGraph() {
        Extent wide = new Extent(4, 6);
        EditRecipe recipe = plain("a red cat");
        run(recipe, 1, SIZE);

        Run other = run(recipe, 1, wide);
        Run again = run(recipe, 1, SIZE);

        assertCalls(other.recorded(), 0);
        assertCalls(again.recorded());
        assertSameBitsCallByCall(other, recipe, 1, wide);
        assertSameBitsCallByCall(again, recipe, 1, SIZE);
    }

    @Test
    void otherWeights_areAnotherPlan() {
        EditRecipe recipe = plain("a red cat");
        run(recipe, 1, SIZE);
        Parameter bias = unet.parameters().get("conv_in.bias");
        bias.assign(FormulaWeights.input("another bias", 16));

        Run run = run(recipe, 1, SIZE);

        assertCalls(run.recorded(), 0);
        assertSameBitsCallByCall(run, recipe, 1, SIZE);
    }

    private Run edit(List<String> prompts, EditSettings settings, int seed, AttentionTaps more) {
        Tokenizer tokenizer = Tokenizer.load(SharedFiles.locate("fixtures/model_a/tokenizer"));
        EditedRun edited = new EditedRun(device, tokenizer, unet.sites(), SIZE, STEPS, schedule.calls());
        try (Scope _ = device.scope();
                TextEmbedding source = encoding(prompts.getFirst());
                TextEmbedding target = encoding("target " + prompts.getLast());
                TextEmbedding empty = encoding("empty");
                PromptToPrompt edit = PromptToPrompt.of(edited, prompts, settings)) {
            Conditioning conditioning = Conditioning.of(List.of(source, target), empty);
            return run(edit.recipe(conditioning, GUIDANCE).withTaps(more), seed, SIZE);
        }
    }

    private void assertEditIsRecorded(List<String> prompts, EditSettings settings, Integer... calls) {
        Run first = edit(prompts, settings, 1, AttentionTaps.none());
        Run second = edit(prompts, settings, 2, AttentionTaps.none());

        assertCalls(first.recorded(), calls);
        assertCalls(second.recorded());
        assertCalls(second.repeated(), 0, 1, 2, 3, 4);
        assertThat(second.all.allocations).as("blocks from the driver").isZero();
        assertSameBits(first, edit(prompts, settings, 1, CALL_BY_CALL));
        assertSameBits(second, edit(prompts, settings, 2, CALL_BY_CALL));
    }

    @Test
    void replacing_isRecordedAnewWhenAWindowOpensOrCloses() {
        assertEditIsRecorded(List.of("a red cat", "a blue cat"), OPENING_AND_CLOSING.withKind(EditKind.REPLACE), 0, 1, 2, 3);
    }

    @Test
    void refining_isRecordedAnewWhenAWindowOpensOrCloses() {
        assertEditIsRecorded(List.of("a cat", "a cat on a mat"), OPENING_AND_CLOSING.withKind(EditKind.REFINE), 0, 1, 2, 3);
    }

    @Test
    void reweighting_isRecordedAnewWhenAWindowOpensOrCloses() {
        EditSettings settings = OPENING_AND_CLOSING.withKind(EditKind.REWEIGHT).withEqualizer(Map.of("red", 2.0));
        assertEditIsRecorded(List.of("a red cat", "a red cat"), settings, 0, 1, 2, 3);
    }

    @Test
    void windowsOfWords_changeTensorsAndNotThePlan() {
        EditSettings settings = EditSettings.DEFAULTS
                .withCrossReplace(StepWindow.ALWAYS)
                .withCrossReplaceByWord(Map.of("blue", StepWindow.until(0.4), "cat", new StepWindow(0.4, 1)))
                .withSelfReplace(StepWindow.NEVER);

        // The first call starts from one latent, the others from one for each prompt.
        assertEditIsRecorded(List.of("a red cat", "a blue cat"), settings, 0, 1);
    }

    @Test
    void attentionOfAnEarlierRun_isCopiedIntoTheGraph() {
        Tokenizer tokenizer = Tokenizer.load(SharedFiles.locate("fixtures/model_a/tokenizer"));
        EditedRun edited = new EditedRun(device, tokenizer, unet.sites(), SIZE, STEPS, schedule.calls());
        Conditioning conditioning = Conditioning.of(List.of(text("source"), text("target")), text("empty"));
        try (SourceRun source = new SourceRun(edited, "a red cat", EditSettings.DEFAULTS, TensorStore.inMemory())) {
            run(source.recipe(conditioning, GUIDANCE), 1, SIZE);
            try (PromptToPrompt edit = PromptToPrompt.after(source, List.of("a blue cat"), EditSettings.DEFAULTS)) {
                EditRecipe recipe = edit.recipe(conditioning, GUIDANCE);

                Run run = run(recipe, 1, SIZE);

                assertCalls(run.recorded(), 0, 2, 4);
                assertCalls(run.repeated(), 1, 3);
                assertSameBitsCallByCall(run, recipe, 1, SIZE);
            }
        }
    }

    @Test
    void gradients_areDoneCallByCall() {
        Pass pass = Pass.of(Step.at(500), TextConditioning.of(text("a red cat")));
        Tensor latent = Latents.noise(device, 1, 1, SIZE, 4);
        Asked before = asked();

        try (Recording tape = Recording.open()) {
            Tensor watched = tape.watch(latent);
            assertThat(tape.gradients(unet.predict(watched, pass).sum()).of(watched).shape()).isEqualTo(latent.shape());
        }

        Asked asked = asked().since(before);
        assertThat(asked.launches).isZero();
        assertThat(asked.graphs).isZero();
    }
}
