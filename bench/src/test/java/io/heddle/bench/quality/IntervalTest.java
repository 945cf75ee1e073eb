package io.heddle.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class IntervalTest {
    private static final double PRINTED = 5e-4;

    @Test
    void rates_haveWilsonsInterval() {
        Interval none = Interval.of(Metric.SUCCESS, Collections.nCopies(10, 0.0));
        assertThat(none.low()).isZero();
        assertThat(none.high()).isCloseTo(0.278, within(PRINTED));
        Interval half = Interval.of(Metric.SUCCESS, List.of(0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0));
        assertThat(half.mean()).isEqualTo(0.5);
        assertThat(half.low()).isCloseTo(0.237, within(PRINTED));
        assertThat(half.high()).isCloseTo(0.763, within(PRINTED));
    }

    @Test
    void means_haveTheStandardErrorsInterval() {
        Interval interval = Interval.of(Metric.DB_TO_PICTURE, List.of(30.0, 32.0, 34.0));
        assertThat(interval.mean()).isEqualTo(32);
        assertThat(interval.high() - interval.mean()).isCloseTo(1.96 * 2 / Math.sqrt(3), within(PRINTED));
    }

    @Test
    void singleItem_hasNoWidth() {
        assertThat(Interval.of(Metric.MASK_IOU, List.of(0.7))).isEqualTo(new Interval(1, 0.7, 0.7, 0.7));
    }
}
