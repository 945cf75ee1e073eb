package io.heddle.editing.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.attention.Attention;
import io.heddle.attention.AttentionSite;
import io.heddle.attention.AttentionTaps;
import io.heddle.attention.Injection;
import io.heddle.attention.Pass;
import io.heddle.attention.Row;
import io.heddle.attention.Row.Branch;
import io.heddle.attention.Step;
import io.heddle.attention.Step.Purpose;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.nn.ParameterScope;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import io.heddle.testkit.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The maps of one attention layer under an edit, against the published formulas written out. */
class InjectionTest {
    private static final Device DEVICE = Device.of(new ReferenceBackend());
    private static final int HEADS = 2;
    private static final int HEAD_DIM = 3;
    private static final int WIDTH = HEADS * HEAD_DIM;
    private static final int TEXT_WIDTH = 5;
    private static final Extent GRID = new Extent(2, 3);
    private static final AttentionSite CROSS = new AttentionSite("attn2", AttentionSite.Stage.DOWN, AttentionSite.Kind.CROSS, HEADS, HEAD_DIM, 0);
    private static final AttentionSite SELF = new AttentionSite("attn1", AttentionSite.Stage.DOWN, AttentionSite.Kind.SELF, HEADS, HEAD_DIM, 0);

    static Object[] edits() {
        return PublishedEdit.all().toArray();
    }

    @ParameterizedTest
    @MethodSource("edits")
    void crossMaps_areMixedAsPublished(PublishedEdit published) {
        EditedRun run = run(published);
        CrossEdits edits = new CrossEdits(run, prompts(published), published.settings());
        for (int call : List.of(0, published.steps() / 3, published.steps() - 1)) {
            try (PromptToPrompt edit = PromptToPrompt.of(run, published.prompts(), published.settings())) {
                int prompts = published.prompts().size();
                Map<Integer, float[]> own = maps(CROSS, call, prompts, run.tokens(), AttentionTaps.none());
                Map<Integer, float[]> edited = maps(CROSS, call, prompts, run.tokens(), edit.taps());
                for (int row = 0; row < 2 * prompts; row++) {
                    int target = row - prompts;
                    double[] expected = target < 1
                            ? TensorAssert.doubles(own.get(row))
                            : mixed(edits, target, edits.build().get(target - 1).gate(call), own.get(prompts), own.get(row));
                    TensorAssert.assertClose("row " + row + " in call " + call, TensorAssert.doubles(edited.get(row)), expected,
                            Tolerances.sum(run.tokens()));
                }
            }
        }
    }

    /** {@code R·α + (1 − α)·A} with {@code R} of the kind of edit, times the equalizer. */
    private static double[] mixed(CrossEdits edits, int target, BitSet gate, float[] source, float[] own) {
        TokenAlignment alignment = edits.alignment(edits.prompts().get(target));
        float[] weights = edits.weights(edits.prompts().get(target));
        int tokens = alignment.tokens();
        double[] mixed = new double[own.length];
        for (int i = 0; i < own.length; i++) {
            int n = i % tokens;
            double injected = alignment.isInjected(n) ? 0 : own[i];
            for (int w = 0; w < tokens; w++) {
                injected += source[i - n + w] * (double) alignment.weight(w, n);
            }
            mixed[i] = gate.get(n) ? injected * weights[n] : own[i];
        }
        return mixed;
    }

    @Test
    void wordSwapOfEqualTokens_isAnExactRemap_andNothingWhereAllGatesAreOff() {
        PublishedEdit published = PublishedEdit.load("08_p2p_replace_equal");
        EditedRun run = run(published);
        CrossEdit edit = new CrossEdits(run, prompts(published), published.settings()).build().getFirst();
        Injection.Source source = new Injection.OfRow(3);

        assertThat(edit.injection(7, source)).isEqualTo(Injection.replaceBy(source));
        assertThat(edit.injection(8, source)).isNull();
    }

    @Test
    void fusedOutput_isThatOfTheMixedMaps() {
        PublishedEdit published = PublishedEdit.load("08_p2p_replace_reweight");
        EditedRun run = run(published);
        try (PromptToPrompt edit = PromptToPrompt.of(run, published.prompts(), published.settings())) {
            Tensor fused = output(CROSS, 0, 2, run.tokens(), edit.taps());
            Tensor materialised = output(CROSS, 0, 2, run.tokens(), edit.taps().edit(_ -> true, (_, map) -> map));

            TensorAssert.assertClose("output", fused.toArray(), materialised.toArray(), Tolerances.sum(run.tokens()));
        }
    }

    @Test
    void selfMaps_areTheSourcesWithinTheirWindow() {
        PublishedEdit published = PublishedEdit.load("08_p2p_replace_unequal");
        EditedRun run = run(published);
        for (int call = 0; call < published.steps(); call++) {
            try (PromptToPrompt edit = PromptToPrompt.of(run, published.prompts(), published.settings())) {
                Map<Integer, float[]> own = maps(SELF, call, 3, run.tokens(), AttentionTaps.none());
                Map<Integer, float[]> edited = maps(SELF, call, 3, run.tokens(), edit.taps());
                boolean inside = 1 <= call && call < 5;
                for (int row = 0; row < 6; row++) {
                    assertThat(edited.get(row)).as("row %d in call %d", row, call).isEqualTo(own.get(inside && row > 3 ? 3 : row));
                }
            }
        }
    }

    @Test
    void selfMaps_ofMoreQueriesThanTheLimit_stay() {
        PublishedEdit published = PublishedEdit.load("08_p2p_replace_equal");
        EditedRun run = run(published);
        EditSettings limited = published.settings().withSelfReplaceMaxTokens(GRID.cells() - 1);
        try (PromptToPrompt edit = PromptToPrompt.of(run, published.prompts(), limited)) {
            assertThat(maps(SELF, 0, 3, run.tokens(), edit.taps()).get(4)).isEqualTo(maps(SELF, 0, 3, run.tokens(), AttentionTaps.none()).get(4));
        }
    }

    @Test
    void passesThatDoNotSample_areLeftAlone() {
        PublishedEdit published = PublishedEdit.load("08_p2p_replace_equal");
        EditedRun run = run(published);
        try (PromptToPrompt edit = PromptToPrompt.of(run, published.prompts(), published.settings())) {
            Step guide = new Step(0, published.steps(), 0, Purpose.GUIDE);
            List<Tensor> outputs = new ArrayList<>();
            for (AttentionTaps taps : List.of(edit.taps(), AttentionTaps.none())) {
                outputs.add(layer(CROSS).forward(input(6, 1), input(6, 2), GRID, pass(guide, 3, run.tokens(), taps)));
            }
            assertThat(outputs.get(0).toArray()).isEqualTo(outputs.get(1).toArray());
        }
    }

    private static EditedRun run(PublishedEdit published) {
        return new EditedRun(DEVICE, published.tokenizer(), List.of(CROSS, SELF), new Extent(16, 16), published.steps(), published.steps());
    }

    private static List<Prompt> prompts(PublishedEdit published) {
        return published.prompts().stream().map(prompt -> Prompt.of(prompt, published.tokenizer(), true)).toList();
    }

    /** The maps of each row of the batch, {@code [heads, queries, keys]}. */
    private static Map<Integer, float[]> maps(AttentionSite site, int call, int prompts, int tokens, AttentionTaps taps) {
        Map<Integer, float[]> maps = new HashMap<>();
        output(site, call, prompts, tokens, taps.read(_ -> true, (_, map) -> {
            for (int row = 0; row < map.rows(); row++) {
                maps.put(row, map.row(row).toArray());
            }
        }));
        return maps;
    }

    private static Tensor output(AttentionSite site, int call, int prompts, int tokens, AttentionTaps taps) {
        Step step = new Step(call, 50, 0, Purpose.SAMPLE);
        return layer(site).forward(input(2 * prompts, 1), input(2 * prompts, 2), GRID, pass(step, prompts, tokens, taps));
    }

    private static Pass pass(Step step, int prompts, int tokens, AttentionTaps taps) {
        TextEmbedding text = TextEmbedding.of(random(new Random(3), 2 * prompts, tokens, TEXT_WIDTH));
        List<Row> rows = IntStream.range(0, 2 * prompts)
                .mapToObj(row -> new Row(row < prompts ? Branch.UNCONDITIONAL : Branch.CONDITIONAL, row % prompts))
                .toList();
        return Pass.of(step, TextConditioning.of(text)).withRows(rows).withTaps(taps);
    }

    private static Attention layer(AttentionSite site) {
        Random random = new Random(4);
        ParameterScope root = ParameterScope.root(DEVICE, (_, shapes) -> elements(random, Arrays.stream(shapes[0]).reduce(1, Math::multiplyExact)));
        return Attention.load(root, site, site.isCross() ? TEXT_WIDTH : WIDTH);
    }

    private static Tensor input(int rows, long seed) {
        return random(new Random(seed), rows, GRID.cells(), WIDTH);
    }

    private static Tensor random(Random random, int... dims) {
        Shape shape = Shape.of(dims);
        return DEVICE.tensor(shape, elements(random, (int) shape.size()));
    }

    private static float[] elements(Random random, int count) {
        float[] elements = new float[count];
        for (int i = 0; i < count; i++) {
            elements[i] = (float) random.nextGaussian();
        }
        return elements;
    }
}
