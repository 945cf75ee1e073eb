package io.heddle.editing.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.testkit.reference.ReferenceBackend;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gates, mappers and weights are those of the published code, to the bit. */
class PublishedCoefficientsTest {
    private static final Device DEVICE = Device.of(new ReferenceBackend());

    @AfterAll
    static void closeDevice() {
        DEVICE.close();
    }

    static Object[] edits() {
        return PublishedEdit.all().toArray();
    }

    @ParameterizedTest
    @MethodSource("edits")
    void gates(PublishedEdit edit) {
        int tokens = edit.tokenizer().contextLength();
        List<CrossEdit> targets = crossEdits(edit).build();
        float[] gates = new float[(edit.steps() + 1) * targets.size() * tokens];
        for (int i = 0; i < gates.length; i++) {
            int row = i / tokens;
            gates[i] = targets.get(row % targets.size()).gate(row / targets.size()).get(i % tokens) ? 1 : 0;
        }
        assertThat(gates).isEqualTo(edit.fixture().floats("gate"));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void mappers(PublishedEdit edit) {
        if (edit.fixture().contains("mapper")) {
            assertThat(mapper(edit)).isEqualTo(edit.fixture().floats("mapper"));
        }
        if (edit.fixture().contains("refine_index")) {
            int tokens = edit.tokenizer().contextLength();
            long[] index = edit.fixture().longs("refine_index");
            float[] injected = edit.fixture().floats("refine_beta");
            float[] expected = new float[index.length * tokens];
            for (int i = 0; i < index.length; i++) {
                if (injected[i] == 1) {
                    expected[(i / tokens * tokens + (int) index[i]) * tokens + i % tokens] = 1;
                }
            }
            assertThat(mapper(edit)).isEqualTo(expected);
            assertThat(injected(edit)).isEqualTo(injected);
        }
    }

    @ParameterizedTest
    @MethodSource("edits")
    void weights(PublishedEdit edit) {
        if (edit.fixture().contains("equalizer")) {
            CrossEdits edits = crossEdits(edit);
            assertThat(edits.weights(edits.prompts().getLast())).isEqualTo(edit.fixture().floats("equalizer"));
        }
    }

    /** {@code [targets, source's tokens, target's tokens]}. */
    private static float[] mapper(PublishedEdit edit) {
        List<TokenAlignment> alignments = alignments(edit);
        int tokens = edit.tokenizer().contextLength();
        float[] mapper = new float[alignments.size() * tokens * tokens];
        for (int i = 0; i < mapper.length; i++) {
            mapper[i] = alignments.get(i / tokens / tokens).weight(i / tokens % tokens, i % tokens);
        }
        return mapper;
    }

    /** {@code [targets, target's tokens]}. */
    private static float[] injected(PublishedEdit edit) {
        List<TokenAlignment> alignments = alignments(edit);
        int tokens = edit.tokenizer().contextLength();
        float[] injected = new float[alignments.size() * tokens];
        for (int i = 0; i < injected.length; i++) {
            injected[i] = alignments.get(i / tokens).isInjected(i % tokens) ? 1 : 0;
        }
        return injected;
    }

    private static List<TokenAlignment> alignments(PublishedEdit edit) {
        CrossEdits edits = crossEdits(edit);
        return edits.prompts().stream().skip(1).map(edits::alignment).toList();
    }

    private static CrossEdits crossEdits(PublishedEdit edit) {
        EditedRun run = new EditedRun(DEVICE, edit.tokenizer(), List.of(), new Extent(32, 32), edit.steps(), edit.steps());
        List<Prompt> prompts = edit.prompts().stream().map(prompt -> Prompt.of(prompt, run.tokenizer(), true)).toList();
        return new CrossEdits(run, prompts, edit.settings());
    }
}
