package io.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class IntervalTest {
    private static final double PRINTED = 5e-4;

    @Test
    void rates_haveWilsonsInterval() {
        Interval none = Interval.ofShare(0, 10);
        assertThat(none.low()).isZero();
        assertThat(none.high()).isCloseTo(0.278, within(PRINTED));
        Interval half = Interval.ofShare(0.5, 10);
        assertThat(half.mean()).isEqualTo(0.5);
        assertThat(half.low()).isCloseTo(0.237, within(PRINTED));
        assertThat(half.high()).isCloseTo(0.763, within(PRINTED));
    }

    @Test
    void means_haveTheStandardErrorsInterval() {
        Interval interval = Interval.ofMean(List.of(30.0, 32.0, 34.0));
        assertThat(interval.mean()).isEqualTo(32);
        assertThat(interval.high() - interval.mean()).isCloseTo(1.96 * 2 / Math.sqrt(3), within(PRINTED));
    }

    @Test
    void shares_doNotReachBeyondOne() {
        Interval interval = Interval.ofMean(List.of(1.0, 1.0, 0.9)).within(0, 1);
        assertThat(interval.high()).isEqualTo(1);
        assertThat(interval.low()).isBetween(0.85, 0.95);
        assertThat(interval.n()).isEqualTo(3);
    }

    @Test
    void singleItem_hasNoWidth() {
        assertThat(Interval.ofMean(List.of(0.7))).isEqualTo(new Interval(1, 0.7, 0.7, 0.7));
    }
}
