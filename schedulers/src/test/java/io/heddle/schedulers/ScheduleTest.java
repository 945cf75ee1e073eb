package io.heddle.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.schedulers.DpmSolverConfig.Ending;
import io.heddle.schedulers.TimestepSpacing.Run;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final NoiseSchedule NOISE = NoiseSchedule.stableDiffusion();

    /** The published levels are printed with six decimals. */
    private static final float PRINTED = 5e-7f;

    @Test
    void leading_countsFromTheFirstTrainingStep() {
        assertThat(visited(TimestepSpacing.LEADING, 10, 1)).containsExactly(901, 801, 701, 601, 501, 401, 301, 201, 101, 1);
        assertThat(visited(TimestepSpacing.LEADING, 50, 1)).startsWith(981, 961).endsWith(21, 1);
        assertThat(visited(TimestepSpacing.LEADING, 27, 1)).startsWith(963, 926).endsWith(1);
        assertThat(visited(TimestepSpacing.LEADING, 30, 1)).startsWith(958, 925).endsWith(1);
        assertThat(visited(TimestepSpacing.LEADING, 5, 1)).containsExactly(801, 601, 401, 201, 1);
    }

    @Test
    void trailing_countsFromTheLastTrainingStep() {
        assertThat(visited(TimestepSpacing.TRAILING, 10, 1)).containsExactly(999, 899, 799, 699, 599, 499, 399, 299, 199, 99);
        assertThat(visited(TimestepSpacing.TRAILING, 27, 1)).startsWith(999, 962, 925).endsWith(36);
    }

    @Test
    void trailing_roundsTiesAsNumPy() {
        int[] naive = IntStream.range(0, 48).map(k -> (int) Math.rint(1000 - k * (1000 / 48.0)) - 1).toArray();

        assertThat(visited(TimestepSpacing.TRAILING, 48, 0)).hasSize(48).isNotEqualTo(naive);
        assertThat(naiveDiffers(TimestepSpacing.TRAILING)).isEqualTo(50);
    }

    @Test
    void trailing_visitsExactlyTheStepsAskedFor() {
        for (int steps : List.of(61, 103, 121, 122, 201)) {
            assertThat(Arrays.stream(visited(TimestepSpacing.TRAILING, steps, 0)).boxed()).hasSize(steps).allMatch(t -> t >= 0);
        }
    }

    @Test
    void linspace_includesBothEnds() {
        assertThat(visited(TimestepSpacing.LINSPACE, 10, 1)).containsExactly(999, 888, 777, 666, 555, 444, 333, 222, 111, 0);
        assertThat(visited(TimestepSpacing.LINSPACE, 1, 1)).containsExactly(0);
    }

    @Test
    void spacingForDpmSolver_leavesRoomForOneStepMore() {
        assertThat(TimestepSpacing.LINSPACE.timestepsBeforeLast(new Run(10, 1000, 1))).containsExactly(999, 899, 799, 699, 599, 500, 400, 300, 200,
                100);
        assertThat(TimestepSpacing.LEADING.timestepsBeforeLast(new Run(10, 1000, 1))).startsWith(901, 811).endsWith(91);
    }

    @Test
    void impossibleNumbersOfSteps_areRefused() {
        assertThatThrownBy(() -> DdimConfig.stableDiffusion().steps(0)).hasMessage("the number of steps must be from 1 to 1000, but is 0");
        assertThatThrownBy(() -> DdimConfig.stableDiffusion().steps(1001)).hasMessageContaining("but is 1001");
        assertThatThrownBy(() -> DdimConfig.stableDiffusion().steps(1000)).hasMessageContaining("do not fit into 1000 training steps");
    }

    @Test
    void ddim_hopsByTheStrideWhateverTheSpacing() {
        DdimSchedule schedule = new DdimConfig(NOISE, Prediction.EPSILON, TimestepSpacing.LINSPACE, 0, true, null).steps(10);

        assertThat(schedule.transitions().getFirst()).isEqualTo(new Transition(999, NOISE.alphaBar(999), NOISE.alphaBar(899)));
        assertThat(schedule.transitions().get(1)).isEqualTo(new Transition(888, NOISE.alphaBar(888), NOISE.alphaBar(788)));
        assertThat(schedule.transitions().getLast()).isEqualTo(new Transition(0, NOISE.alphaBar(0), 1));
    }

    @Test
    void ddimReversed_startsAtTheNoiseOfTheFirstTrainingStep() {
        DdimSchedule inversion = DdimConfig.stableDiffusion().steps(50).reversed();

        assertThat(inversion.timestep(0)).isEqualTo(1);
        assertThat(inversion.timestep(49)).isEqualTo(981);
        assertThat(inversion.transitions().getFirst()).isEqualTo(new Transition(1, NOISE.alphaBar(0), NOISE.alphaBar(1)));
        assertThat(inversion.reversed()).isEqualTo(DdimConfig.stableDiffusion().steps(50));
    }

    @Test
    void ddimVariances_areThePublishedOnes() {
        NoiseSchedule noise = NoiseSchedule.of(NoiseSchedule.BetaSchedule.LINEAR, 1e-4, 0.02, 1000);
        int[][] hops = {{420, 400}, {980, 960}, {487, 486}, {999, 998}, {0, -1}};
        double[] variances = {0.14771, 0.32460, 0.00979, 0.02, 0};
        for (int i = 0; i < hops.length; i++) {
            float fresh = Ddim.Coefficients.of(Transition.of(noise, hops[i][0], hops[i][1], true), 1).fresh();
            assertThat((double) fresh * fresh).isCloseTo(variances[i], within(1e-5));
        }
    }

    @Test
    void pndm_evaluatesTheSecondStepTwice() {
        assertThat(evaluations(50)).startsWith(981, 961, 961, 941).endsWith(21, 1).hasSize(51);
        assertThat(evaluations(3)).containsExactly(667, 334, 334, 1);
        assertThat(evaluations(2)).containsExactly(501, 1, 1);
        assertThat(evaluations(1)).containsExactly(1);
    }

    @Test
    void pndm_repeatsTheFirstHop() {
        List<Transition> hops = PndmConfig.stableDiffusion().steps(50).transitions();

        assertThat(hops.get(1)).isEqualTo(hops.get(0));
        assertThat(hops.get(2)).isEqualTo(new Transition(961, NOISE.alphaBar(961), NOISE.alphaBar(941)));
    }

    @Test
    void euler_leadingLevels_areThePublishedOnes() {
        EulerSchedule schedule = euler(TimestepSpacing.LEADING, false).steps(10);
        float[] published = {8.390687f, 5.134433f, 3.347765f, 2.292855f, 1.623693f, 1.168216f, 0.835653f, 0.574051f, 0.346187f, 0.041314f, 0};

        for (int i = 0; i < published.length; i++) {
            assertThat(schedule.sigmas().get(i)).isCloseTo(published[i], within(PRINTED));
        }
        assertThat(schedule.initialScale()).isEqualTo(8.450066566467285f);
    }

    @Test
    void euler_karrasTimesteps_areThePublishedOnes() {
        List<Double> timesteps = euler(TimestepSpacing.LINSPACE, true).steps(5).timesteps();
        double[] published = {999, 785.954, 427.490, 58.8915, 0};

        for (int i = 0; i < published.length; i++) {
            assertThat(timesteps.get(i)).isCloseTo(published[i], within(5e-4));
        }
    }

    @Test
    void dpmSolver_ofStepsWithoutNoiseAfterThem_hasFiniteCoefficients() {
        DpmSolverSchedule schedule = new DpmSolverConfig(NOISE, Prediction.EPSILON, TimestepSpacing.LINSPACE, 0, false, LastSigma.ZERO,
                Ending.SECOND_ORDER).steps(20);

        assertThat(schedule.lastOfFirstOrder()).isTrue();
        DpmSolverSchedule.Coefficients last = schedule.coefficients(19);
        assertThat(last.ratio()).isZero();
        assertThat(last.gain()).isEqualTo(-1);
    }

    @Test
    void noiseWithoutSignal_cannotBePredictedAsNoise() {
        NoiseSchedule noise = NOISE.withZeroTerminalSnr();

        assertThatThrownBy(() -> new DdimConfig(noise, Prediction.EPSILON, TimestepSpacing.TRAILING, 0, false, null))
                .hasMessageContaining("predicts velocity, not noise");
        assertThat(new DdimConfig(noise, Prediction.VELOCITY, TimestepSpacing.TRAILING, 0, false, null).steps(10).calls()).isEqualTo(10);
    }

    private static EulerConfig euler(TimestepSpacing spacing, boolean karras) {
        return new EulerConfig(NOISE, Prediction.EPSILON, spacing, 1, karras, LastSigma.ZERO);
    }

    private static List<Integer> evaluations(int steps) {
        return PndmConfig.stableDiffusion().steps(steps).evaluations();
    }

    private static int[] visited(TimestepSpacing spacing, int steps, int offset) {
        return spacing.timesteps(new Run(steps, 1000, offset));
    }

    private static long naiveDiffers(TimestepSpacing spacing) {
        return IntStream.rangeClosed(1, 1000)
                .filter(n -> !Arrays.equals(
                        visited(spacing, n, 0), IntStream.range(0, n).map(k -> (int) Math.rint(1000 - k * (1000.0 / n)) - 1).toArray()))
                .count();
    }
}
