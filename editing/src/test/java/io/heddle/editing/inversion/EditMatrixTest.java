package io.heddle.editing.inversion;

import static io.heddle.editing.inversion.InvertedFixture.GUIDANCE;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Guidance;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.EditedRun;
import io.heddle.editing.p2p.PromptToPrompt;
import io.heddle.editing.p2p.SourceRun;
import io.heddle.editing.p2p.TensorStore;
import io.heddle.schedulers.DdimSchedule;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.TensorAssert;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every inversion with Prompt-to-Prompt, with the source in the batch and recorded before. */
class EditMatrixTest {
    private static final int STEPS = 2;
    private static final String TARGET = "a photo of a dog next to a tree";

    static Stream<InversionMethod> methods() {
        Tuning tuning = new Tuning(1, 0.01, OptionalDouble.empty());
        return Stream.of(new DdimInversion(), new NegativePromptInversion(), new DirectInversion(), new NullTextInversion(tuning),
                new PromptTuningInversion(tuning));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void promptToPrompt_keepsTheReconstruction_andEditsARecordedSourceToTheSameBits(InversionMethod method) {
        try (Device device = Device.open("cpu", 2);
                Scope _ = device.scope();
                InvertedFixture given = InvertedFixture.of("09_null_text", device);
                Inversion inversion = given.invert(method, STEPS, GUIDANCE)) {
            DdimSchedule schedule = InvertedFixture.schedule(STEPS);
            Sampler sampler = new Sampler(given.model.unet()::predict, schedule);
            Guidance guidance = Guidance.classifierFree(GUIDANCE);
            List<TextEmbedding> targets = List.of(given.context(1));
            EditedRun run = EditedRun.of(given.model, new Extent(given.clean.dim(1), given.clean.dim(2)), STEPS, schedule);
            try (PromptToPrompt edit = PromptToPrompt.of(run, List.of(inversion.prompt(), TARGET), EditSettings.DEFAULTS);
                    SourceRun source = new SourceRun(run, inversion.prompt(), EditSettings.DEFAULTS, TensorStore.inMemory())) {
                Tensor both = sampler.run(
                        inversion.start(), inversion.pin(edit.recipe(inversion.conditioning(targets), guidance)), SamplingListener.NONE);
                TensorAssert.assertSameBits("source", both.row(0).toArray(), inversion.reconstruction().getLast().toArray());

                sampler.run(inversion.start(), inversion.pin(source.recipe(inversion.source(), guidance)), SamplingListener.NONE);
                try (PromptToPrompt later = PromptToPrompt.after(source, List.of(TARGET), EditSettings.DEFAULTS)) {
                    Tensor target = sampler.run(
                            inversion.start(), inversion.pin(later.recipe(inversion.conditioning(targets), guidance)), SamplingListener.NONE);
                    TensorAssert.assertSameBits("target", target.toArray(), both.row(1).toArray());
                }
            }
        }
    }
}
