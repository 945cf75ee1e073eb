package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AxesTest {
    @Test
    void merged_joinsWhatBothOperandsTraverseInOneRun() {
        Axes merged = new Axes(new int[] {2, 3, 1, 5}, new int[] {15, 5, 5, 1}, new int[] {0, 5, 5, 1}).merged();

        assertThat(merged.dims()).containsExactly(2, 15);
        assertThat(merged.a()).containsExactly(15, 1);
        assertThat(merged.b()).containsExactly(0, 1);
    }

    @Test
    void merged_ofEqualShapes_isOneRun() {
        Axes merged = new Axes(new int[] {2, 3, 4}, new int[] {12, 4, 1}, new int[] {12, 4, 1}).merged();

        assertThat(merged.dims()).containsExactly(24);
        assertThat(merged.a()).containsExactly(1);
    }

    @Test
    void merged_ofSingleElements_hasNoDimension() {
        assertThat(Axes.of(new int[] {1, 1}, new int[] {1, 1}).merged().dims()).isEmpty();
    }

    @Test
    void words_areRankSizesAndSteps() {
        int[] words = new Axes(new int[] {3, 4}, new int[] {4, 1}, new int[] {0, 7}).words();

        assertThat(words).hasSize(25).startsWith(2, 3, 4);
        assertThat(words[9]).isEqualTo(4);
        assertThat(words[18]).isEqualTo(7);
    }

    @Test
    void tooManyDimensions_areRefused() {
        assertThatThrownBy(() -> Axes.of(new int[9], new int[9])).hasMessageContaining("more dimensions");
    }
}
