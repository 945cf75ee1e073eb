package io.heddle.toyworld.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DenoiserCourseTest {
    private static List<Integer> late(DenoiserCourse course, double part) {
        return IntStream.range(0, 4).filter(place -> course.isLate(part, place)).boxed().toList();
    }

    @Test
    void order_beginsWithLateExamplesAlone_andGoesOnWithEveryOther() {
        assertThat(late(DenoiserCourse.ORDER, 0)).containsExactly(0, 1, 2, 3);
        assertThat(late(DenoiserCourse.ORDER, 0.5)).containsExactly(0, 2);
    }

    @Test
    void otherCourses_haveNone() {
        assertThat(late(DenoiserCourse.FIRST, 0)).isEmpty();
        assertThat(late(DenoiserCourse.PAIRS, 0)).isEmpty();
    }
}
