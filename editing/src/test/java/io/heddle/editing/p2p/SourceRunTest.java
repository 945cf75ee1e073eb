package io.heddle.editing.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.attention.Step;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edits of a recorded source are those of a source in the batch, to the last bit, at half the work. */
class SourceRunTest {
    private static final String SOURCE = "a big red ball on the grass";
    private static final String BLUE = "a big blue ball on the grass";
    private static final String PURPLE = "a big purple ball on the grass";
    private static final String DOTTED = "a big red dotted ball on the grass";

    private static ToyRuns runs;

    @BeforeAll
    static void open() {
        runs = ToyRuns.open();
    }

    @AfterAll
    static void close() {
        if (runs != null) {
            runs.close();
        }
    }

    @Test
    void laterEdits_haveTheSameBits_inMemoryAndOnDisk(@TempDir Path folder) {
        LocalBlend blend = LocalBlend.of(List.of(List.of("ball"), List.of("ball"))).withThresholds(0.4, 0.3);
        List<EditSettings> edits = List.of(
                EditSettings.DEFAULTS,
                EditSettings.DEFAULTS.withBlend(blend),
                EditSettings.DEFAULTS.asPublished().withBlend(blend).withEqualizer(Map.of("ball", 2.0)),
                EditSettings.DEFAULTS.withCrossReplaceByWord(Map.of("ball", new StepWindow(0.2, 0.6))));
        for (TensorStore store : List.of(TensorStore.inMemory(), TensorStore.onDisk(folder))) {
            try (SourceRun source = runs.record(SOURCE, EditSettings.DEFAULTS, store)) {
                for (EditSettings settings : edits) {
                    String target = settings.reference() ? PURPLE : BLUE;
                    List<float[]> beside = runs.edited(settings, SOURCE, target);

                    assertThat(runs.editedAfter(source, settings, SOURCE, target)).containsExactlyElementsOf(runs.rows(beside, 1, 1));
                    assertThat(source.latents(ToyRuns.STEPS - 1).toArray()).isEqualTo(runs.rows(beside, 0, 1).getLast());
                }
                List<float[]> beside = runs.edited(EditSettings.DEFAULTS, SOURCE, BLUE, DOTTED);
                assertThat(runs.editedAfter(source, EditSettings.DEFAULTS, SOURCE, BLUE, DOTTED))
                        .containsExactlyElementsOf(runs.rows(beside, 1, 2));
            }
        }
    }

    @Test
    void textThatChangesFromStepToStep_isRecordedForEachChange() {
        Conditioning changing = new Conditioning() {
            private final Conditioning first = runs.conditioning(List.of(SOURCE, BLUE));
            private final Conditioning second = runs.conditioning(List.of(PURPLE, BLUE));

            @Override
            public List<Integer> prompts() {
                return first.prompts();
            }

            @Override
            public TextEmbedding conditional(Step step, int prompt) {
                return (step.index() < 2 ? first : second).conditional(step, prompt);
            }

            @Override
            public TextEmbedding unconditional(Step step, int prompt) {
                return first.unconditional(step, prompt);
            }
        };
        try (SourceRun source = new SourceRun(runs.run, SOURCE, EditSettings.DEFAULTS, TensorStore.inMemory());
                PromptToPrompt beside = PromptToPrompt.of(runs.run, List.of(SOURCE, BLUE), EditSettings.DEFAULTS)) {
            runs.sample(source.recipe(changing, ToyRuns.GUIDANCE));
            try (PromptToPrompt after = PromptToPrompt.after(source, List.of(BLUE), EditSettings.DEFAULTS)) {
                assertThat(runs.sample(after.recipe(changing, ToyRuns.GUIDANCE)))
                        .containsExactlyElementsOf(runs.rows(runs.sample(beside.recipe(changing, ToyRuns.GUIDANCE)), 1, 1));
            }
        }
    }

    @Test
    void laterEdit_takesTwoEvaluationsForEachStep() {
        runs.evaluations = 0;
        runs.edited(EditSettings.DEFAULTS, SOURCE, BLUE);
        assertThat(runs.evaluations).isEqualTo(4 * ToyRuns.STEPS);
        try (SourceRun source = runs.record(SOURCE, EditSettings.DEFAULTS, TensorStore.inMemory())) {
            runs.evaluations = 0;
            runs.editedAfter(source, EditSettings.DEFAULTS, SOURCE, BLUE);
            assertThat(runs.evaluations).isEqualTo(2 * ToyRuns.STEPS);
        }
    }

    @Test
    void averageMaps_areTheSame_ofTheSourceToo() {
        try (SourceRun source = runs.record(SOURCE, EditSettings.DEFAULTS, TensorStore.inMemory());
                PromptToPrompt beside = PromptToPrompt.of(runs.run, List.of(SOURCE, PURPLE), EditSettings.DEFAULTS);
                PromptToPrompt after = PromptToPrompt.after(source, List.of(PURPLE), EditSettings.DEFAULTS);
                AverageMaps mapsBeside = beside.averageMaps();
                AverageMaps mapsAfter = after.averageMaps()) {
            runs.sample(beside.recipe(runs.conditioning(List.of(SOURCE, PURPLE)), ToyRuns.GUIDANCE).withTaps(mapsBeside.taps()));
            runs.sample(after.recipe(runs.conditioning(List.of(SOURCE, PURPLE)), ToyRuns.GUIDANCE).withTaps(mapsAfter.taps()));
            for (int prompt = 0; prompt < 2; prompt++) {
                assertThat(mapsAfter.of(prompt).toArray()).isEqualTo(mapsBeside.of(prompt).toArray());
            }
        }
    }

    @Test
    void plannedBytes_areTheBytesThatAreStored() {
        long[] stored = {0};
        TensorStore counting = new TensorStore() {
            private final TensorStore store = TensorStore.inMemory();

            @Override
            public Supplier<Tensor> keep(Tensor tensor) {
                stored[0] += Float.BYTES * tensor.size();
                return store.keep(tensor);
            }

            @Override
            public void close() {
                store.close();
            }
        };
        try (SourceRun source = runs.record(SOURCE, EditSettings.DEFAULTS.withSelfReplace(new StepWindow(0.2, 0.6)), counting)) {
            assertThat(source.bytes()).isEqualTo(stored[0]);
        }
    }

    @Test
    void storeOnDisk_leavesNothingBehind(@TempDir Path folder) throws IOException {
        TensorStore store = TensorStore.onDisk(folder);
        store.keep(runs.start);
        store.close();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void edit_thatNeedsMoreThanWasRecorded_isRefused() {
        EditSettings narrow = EditSettings.DEFAULTS.withCrossReplace(StepWindow.until(0.2));
        try (SourceRun source = runs.record(SOURCE, narrow, TensorStore.inMemory())) {
            assertThatThrownBy(() -> PromptToPrompt.after(source, List.of(BLUE), EditSettings.DEFAULTS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("was not recorded: record the source with wider windows");
        }
    }

    @Test
    void edit_ofASourceThatWasNotRun_isRefused() {
        try (SourceRun source = new SourceRun(runs.run, SOURCE, EditSettings.DEFAULTS, TensorStore.inMemory())) {
            assertThatThrownBy(() -> PromptToPrompt.after(source, List.of(BLUE), EditSettings.DEFAULTS))
                    .hasMessage("the source was run for 0 of 5 calls: run its recipe first");
        }
    }
}
