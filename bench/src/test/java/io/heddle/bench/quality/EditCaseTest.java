package io.heddle.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.toyworld.SceneMix;
import io.heddle.toyworld.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EditCaseTest {
    private static final int SCENES = 50;

    @Test
    void everyScene_hasEveryEdit() {
        for (int i = 0; i < SCENES; i++) {
            assertThat(cases(i).stream().map(EditCase::row))
                    .containsExactly("colour", "kind", "background", "texture", "texture added", "colour added", "pose");
        }
    }

    @Test
    void additions_addOneWord() {
        for (int i = 0; i < SCENES; i++) {
            for (EditCase edit : cases(i)) {
                if (edit.row().endsWith("added")) {
                    List<String> added = new ArrayList<>(words(edit.targetPrompt()));
                    words(edit.sourcePrompt()).forEach(added::remove);
                    added.removeIf(List.of("a", "an")::contains);
                    assertThat(added).as("%s -> %s", edit.sourcePrompt(), edit.targetPrompt()).hasSize(1);
                }
            }
        }
    }

    @Test
    void swaps_changeThePrompt() {
        for (int i = 0; i < SCENES; i++) {
            for (EditCase edit : cases(i)) {
                assertThat(edit.targetPrompt()).isNotEqualTo(edit.sourcePrompt());
            }
        }
    }

    @Test
    void edits_areTheSameEveryTime() {
        assertThat(cases(3)).isEqualTo(cases(3));
    }

    private static List<String> words(String prompt) {
        return Arrays.asList(prompt.split(" "));
    }

    private static List<EditCase> cases(int item) {
        return EditCase.of(Split.EVALUATION.scene(item, SceneMix.SINGLES), new Random(item));
    }
}
