package io.heddle.editing.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.attention.AttentionPlan;
import io.heddle.attention.Route;
import io.heddle.attention.Step;
import io.heddle.attention.Step.Purpose;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.LatentBlend;
import io.heddle.editing.Sampler;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.PndmConfig;
import io.heddle.spi.Extent;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an edit may not change, to the last bit, on the small trained model. */
class InvariantsTest {
    private static final String SOURCE = "a big red ball on the grass";
    private static final String BLUE = "a big blue ball on the grass";
    private static final String PURPLE = "a big purple ball on the grass";
    private static final String CAT = "a big red cat on the sand";

    private static final LocalBlend BLEND = LocalBlend.of(List.of(List.of("ball"), List.of("ball"))).withThresholds(0.4, 0.3);

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
    void source_isTheSameAlone_besideTargets_andWithMoreThreads() {
        List<float[]> alone = runs.plain(SOURCE);

        assertThat(runs.rows(runs.edited(EditSettings.DEFAULTS, SOURCE, BLUE), 0, 1)).containsExactlyElementsOf(alone);
        List<float[]> besideThree = runs.edited(EditSettings.DEFAULTS, SOURCE, BLUE, PURPLE, CAT);
        assertThat(runs.rows(besideThree, 0, 1)).containsExactlyElementsOf(alone);
        try (ToyRuns twoThreads = new ToyRuns(2, new Extent(32, 32), DdimConfig.stableDiffusion())) {
            assertThat(twoThreads.edited(EditSettings.DEFAULTS, SOURCE, BLUE, PURPLE, CAT)).containsExactlyElementsOf(besideThree);
        }
    }

    @Test
    void target_isTheSameWhateverTheOtherTargetsAre() {
        List<float[]> besideOthers = runs.edited(EditSettings.DEFAULTS, SOURCE, BLUE, PURPLE, CAT);

        assertThat(runs.rows(besideOthers, 2, 1)).containsExactlyElementsOf(runs.rows(runs.edited(EditSettings.DEFAULTS, SOURCE, PURPLE), 1, 1));
    }

    @Test
    void targetWithTheSourcesPrompt_isTheSource() {
        EditSettings replace = EditSettings.DEFAULTS.withKind(EditKind.REPLACE);
        for (EditSettings settings : List.of(replace, replace.asPublished(), replace.withKind(EditKind.REFINE))) {
            List<float[]> both = runs.edited(settings, SOURCE, SOURCE);

            assertThat(runs.rows(both, 1, 1)).containsExactlyElementsOf(runs.rows(both, 0, 1));
        }
    }

    @Test
    void emptyWindows_arePlainSampling() {
        EditSettings nothing = EditSettings.DEFAULTS.withCrossReplace(StepWindow.NEVER).withSelfReplace(StepWindow.NEVER);

        assertThat(runs.edited(nothing, SOURCE, BLUE)).containsExactlyElementsOf(runs.plain(SOURCE, BLUE));
    }

    @Test
    void edit_changesItsTarget() {
        List<float[]> edited = runs.edited(EditSettings.DEFAULTS, SOURCE, BLUE);

        assertThat(runs.rows(edited, 1, 1).getLast()).isNotEqualTo(runs.plain(BLUE).getLast()).isNotEqualTo(runs.rows(edited, 0, 1).getLast());
    }

    @Test
    void mapsReadBesideAnEdit_changeNothing() {
        try (PromptToPrompt edit = PromptToPrompt.of(runs.run, List.of(SOURCE, BLUE), EditSettings.DEFAULTS);
                AverageMaps maps = edit.averageMaps()) {
            EditRecipe recipe = edit.recipe(runs.conditioning(List.of(SOURCE, BLUE)), ToyRuns.GUIDANCE);

            assertThat(runs.sample(recipe.withTaps(maps.taps()))).containsExactlyElementsOf(runs.edited(EditSettings.DEFAULTS, SOURCE, BLUE));
        }
    }

    @Test
    void blendWithEverythingOpen_changesNothing_andWithNothingOpen_keepsTheSource() {
        List<float[]> free = runs.edited(EditSettings.DEFAULTS, SOURCE, BLUE);

        LocalBlend everywhere = BLEND.withThresholds(0, 0).withStart(0);
        assertThat(runs.edited(EditSettings.DEFAULTS.withBlend(everywhere), SOURCE, BLUE)).containsExactlyElementsOf(free);
        LocalBlend nowhere = everywhere.withSubstruct(List.of(List.of("ball"), List.of("ball")));
        List<float[]> kept = runs.edited(EditSettings.DEFAULTS.withBlend(nowhere), SOURCE, BLUE);
        assertThat(runs.rows(kept, 1, 1)).containsExactlyElementsOf(runs.rows(free, 0, 1));
    }

    @Test
    void usersMask_keepsTheSourceWhereItIsZero() {
        List<float[]> free = runs.edited(EditSettings.DEFAULTS, SOURCE, BLUE);
        float[] left = new float[8 * 8];
        IntStream.range(0, left.length).forEach(i -> left[i] = i % 8 < 4 ? 1 : 0);
        try (PromptToPrompt edit = PromptToPrompt.of(runs.run, List.of(SOURCE, BLUE), EditSettings.DEFAULTS);
                Tensor mask = runs.device.tensor(Shape.of(1, 8, 8, 1), left)) {
            EditRecipe recipe = edit.recipe(runs.conditioning(List.of(SOURCE, BLUE)), ToyRuns.GUIDANCE);
            LatentBlend blend = recipe.blend().then(edit.blendByMask(mask));
            List<float[]> masked = runs.sample(new EditRecipe(recipe.conditioning(), recipe.taps(), recipe.guidance(), blend));

            float[] source = runs.rows(masked, 0, 1).getLast();
            float[] target = runs.rows(masked, 1, 1).getLast();
            assertThat(source).isEqualTo(runs.rows(free, 0, 1).getLast());
            for (int i = 0; i < source.length; i++) {
                boolean open = i / 4 % 32 < 16;
                assertThat(target[i] == source[i]).as("element %d is the source's", i).isEqualTo(!open);
            }
        }
    }

    @Test
    void edit_leavesEveryKernelFused() {
        try (PromptToPrompt edit = PromptToPrompt.of(
                runs.run, List.of(SOURCE, PURPLE), EditSettings.DEFAULTS.withBlend(BLEND).withEqualizer(Map.of("ball", 2.0)))) {
            EditRecipe recipe = edit.recipe(runs.conditioning(List.of(SOURCE, PURPLE)), ToyRuns.GUIDANCE);
            Step step = new Step(0, ToyRuns.STEPS, 0, Purpose.SAMPLE);

            AttentionPlan plan = runs.model.unet().plan(runs.run.latent(), Sampler.pass(1, recipe, step));

            assertThat(plan.lines()).extracting(AttentionPlan.Line::route).containsOnly(Route.FUSED);
        }
    }

    @Test
    void edit_thatHasSummedAttention_refusesASecondRun() {
        try (PromptToPrompt edit = PromptToPrompt.of(runs.run, List.of(SOURCE, BLUE), EditSettings.DEFAULTS.withBlend(BLEND))) {
            EditRecipe recipe = edit.recipe(runs.conditioning(List.of(SOURCE, BLUE)), ToyRuns.GUIDANCE);
            runs.sample(recipe);

            assertThatThrownBy(() -> runs.sample(recipe)).hasMessageContaining("an edit serves one run");
        }
    }

    @Test
    void memory_isGivenBack() {
        runs.edited(EditSettings.DEFAULTS.withBlend(BLEND), SOURCE, BLUE);
        long before = runs.device.memory().liveBytes();
        runs.edited(EditSettings.DEFAULTS.withBlend(BLEND), SOURCE, BLUE);

        assertThat(runs.device.memory().liveBytes()).isEqualTo(before);
    }

    @Test
    void blendAndMaps_workAtAnySize() {
        try (ToyRuns wide = new ToyRuns(1, new Extent(24, 40), PndmConfig.stableDiffusion());
                PromptToPrompt edit = PromptToPrompt.of(
                        wide.run, List.of(SOURCE, PURPLE), EditSettings.DEFAULTS.withBlend(BLEND).withEqualizer(Map.of("purple", 2.0)));
                AverageMaps maps = edit.averageMaps()) {
            EditRecipe recipe = edit.recipe(wide.conditioning(List.of(SOURCE, PURPLE)), ToyRuns.GUIDANCE);
            List<float[]> trajectory = wide.sample(recipe.withTaps(maps.taps()));

            assertThat(trajectory).hasSize(ToyRuns.STEPS + 1);
            assertThat(wide.rows(trajectory, 0, 1)).containsExactlyElementsOf(wide.plain(SOURCE));
            assertThat(maps.of(1).shape()).isEqualTo(Shape.of(10, 12, 20));
        }
    }
}
