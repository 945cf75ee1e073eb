package io.heddle.editing.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.attention.AttentionSite;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.testkit.reference.ReferenceBackend;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** What a user gets wrong is said in one sentence. */
class EditRefusalsTest {
    private static final AttentionSite SITE = new AttentionSite("attn2", AttentionSite.Stage.DOWN, AttentionSite.Kind.CROSS, 2, 4, 1);
    private final EditedRun run = new EditedRun(
            Device.of(new ReferenceBackend()), PublishedEdit.load("08_p2p_replace_equal").tokenizer(), List.of(SITE), new Extent(24, 32), 10, 10);
    private static final String SOURCE = "a photo of a cat";
    private static final String TARGET = "a photo of a dog";

    @Test
    void unknownWords_areNamed() {
        assertRefused(EditSettings.DEFAULTS.withEqualizer(Map.of("tiger", 2.0)), TARGET)
                .hasMessage("the equalizer is given for the word \"tiger\", which no target has; targets: a photo of a dog");
        assertRefused(EditSettings.DEFAULTS.withCrossReplaceByWord(Map.of("tiger", StepWindow.ALWAYS)), TARGET)
                .hasMessage("a window of steps is given for the word \"tiger\", which no target has; targets: a photo of a dog");
        assertRefused(EditSettings.DEFAULTS.withBlend(LocalBlend.of(List.of(List.of("cat"), List.of("cat")))), TARGET)
                .hasMessage("the word \"cat\" is not in the prompt; its words are: a photo of a dog");
    }

    @Test
    void blendWordsBehindTheCut_areNamed() {
        EditSettings settings = EditSettings.DEFAULTS.withBlend(LocalBlend.of(List.of(List.of("cat"), List.of("dog"))));

        assertRefused(settings, "a photo of" + " a".repeat(72) + " dog")
                .hasMessageContaining("the word \"dog\" begins at token 76")
                .hasMessageContaining("reads 75");
    }

    @Test
    void unknownWords_areIgnoredAsPublished() {
        EditSettings settings = EditSettings.DEFAULTS.withEqualizer(Map.of("tiger", 2.0)).withCrossReplaceByWord(Map.of("tiger", StepWindow.ALWAYS));

        PromptToPrompt.of(run, List.of(SOURCE, TARGET), settings.asPublished()).close();
    }

    @Test
    void blend_needsWordsForEachPrompt() {
        assertRefused(EditSettings.DEFAULTS.withBlend(LocalBlend.of(List.of(List.of("cat")))), TARGET)
                .hasMessage("the blend needs a list of blend words for each of 2 prompts, the source first, but got 1");
    }

    @Test
    void publishedBlend_needsItsGrid() {
        EditSettings settings = EditSettings.DEFAULTS.withBlend(LocalBlend.of(List.of(List.of("cat"), List.of("dog"))));

        PromptToPrompt.of(run, List.of(SOURCE, TARGET), settings).close();
        assertRefused(settings.asPublished(), TARGET)
                .hasMessage("the published blend reads maps of 16 by 16, but the nearest here are 12 by 16: choose another picture size or leave the"
                        + " reference mode");
    }

    @Test
    void reweighting_keepsThePrompt() {
        EditSettings settings = EditSettings.DEFAULTS.withKind(EditKind.REWEIGHT);

        assertRefused(settings, TARGET).hasMessageContaining("re-weighting keeps the prompt, but \"a photo of a cat\" became \"a photo of a dog\"");
        PromptToPrompt.of(run, List.of(SOURCE, "A  photo of a CAT"), settings).close();
    }

    @Test
    void edits_needATarget() {
        assertThatThrownBy(() -> PromptToPrompt.of(run, List.of(SOURCE), EditSettings.DEFAULTS))
                .hasMessage("an edit needs a source prompt and at least one target prompt, but got 1 in all");
    }

    @Test
    void windowsAndThresholds_areShares() {
        assertThatThrownBy(() -> new StepWindow(0.5, 0.2)).hasMessageContaining("but got 0.5 to 0.2");
        assertThatThrownBy(() -> StepWindow.parse("most")).hasMessageContaining("but got \"most\"");
        assertThatThrownBy(() -> LocalBlend.of(List.of()).withThresholds(1.5, 0)).hasMessageContaining("the blend's threshold");
        assertThat(StepWindow.parse("0.1-0.5")).isEqualTo(new StepWindow(0.1, 0.5));
        assertThat(StepWindow.parse("0.8")).isEqualTo(StepWindow.until(0.8));
    }

    @Test
    void kindOfEdit_followsFromThePrompts() {
        assertThat(EditKind.between("a red ball", "a blue ball")).isEqualTo(EditKind.REPLACE);
        assertThat(EditKind.between("a ball", "a blue ball")).isEqualTo(EditKind.REFINE);
        assertThat(EditKind.between("a ball", " a ball")).isEqualTo(EditKind.REWEIGHT);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(EditSettings settings, String target) {
        return assertThatThrownBy(() -> PromptToPrompt.of(run, List.of(SOURCE, target), settings)).isInstanceOf(IllegalArgumentException.class);
    }
}
