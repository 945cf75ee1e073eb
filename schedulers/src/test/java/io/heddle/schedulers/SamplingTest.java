package io.heddle.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.random.TorchGenerator;
import io.heddle.schedulers.DpmSolverConfig.Ending;
import io.heddle.schedulers.NoiseSchedule.BetaSchedule;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The loops that the diffusers library tests its samplers with: the network says {@code x·t/(t + 1)} about a ramp of 768 numbers. */
class SamplingTest {
    /** Runs of 10 to 20 steps in float32: sums of 768 magnitudes with a rounding error of about 1e-7 each, which the steps amplify. */
    private static final double SUM_TOLERANCE = 2e-4;

    private static final Shape SHAPE = Shape.of(4, 3, 8, 8);
    private static final NoiseSchedule LIBRARY = NoiseSchedule.of(BetaSchedule.LINEAR, 1e-4, 0.02, 1000);
    private static final NoiseSchedule STABLE_DIFFUSION = NoiseSchedule.stableDiffusion();

    private static Device device;
    private static Tensor ramp;

    @BeforeAll
    static void openDevice() {
        device = Device.cpu();
        float[] elements = new float[768];
        for (int i = 0; i < elements.length; i++) {
            int batch = i / 192;
            elements[i] = (i % 192 * 4 + batch) / 768f;
        }
        ramp = device.tensor(SHAPE, elements);
    }

    @AfterAll
    static void closeDevice() {
        device.close();
    }

    static Stream<Arguments> runs() {
        return Stream.of(
                Arguments.of("DDIM", library(Prediction.EPSILON, 1e-4, true).steps(10), 172.006714, 0.44793412f),
                Arguments.of("DDIM of velocity", library(Prediction.VELOCITY, 1e-4, true).steps(10), 52.530202, 0.13679741f),
                Arguments.of("DDIM from beta 0.01 to none", library(Prediction.EPSILON, 0.01, true).steps(10), 149.829451, 0.39018077f),
                Arguments.of("DDIM leading", ddim(TimestepSpacing.LEADING, 1), 183.258221, 0.47723508f),
                Arguments.of("DDIM trailing", ddim(TimestepSpacing.TRAILING, 0), 181.203997, 0.47188541f),
                Arguments.of("DDIM linspace", ddim(TimestepSpacing.LINSPACE, 0), 207.634224, 0.5407142f),
                Arguments.of(
                        "DDIM of velocity without signal at the end",
                        new DdimConfig(
                                STABLE_DIFFUSION.withZeroTerminalSnr(), Prediction.VELOCITY, TimestepSpacing.TRAILING, 0, false, null)
                                .steps(10),
                        59.035588,
                        0.15373851f),
                Arguments.of("DDIM inverse", library(Prediction.EPSILON, 1e-4, true).steps(10).reversed(), 671.681675, 1.7491711f),
                Arguments.of("DDIM inverse leading", ddim(TimestepSpacing.LEADING, 1).reversed(), 676.504143, 1.7617294f),
                Arguments.of("PNDM", PndmConfig.stableDiffusion().steps(10), 201.386439, 0.52444404f),
                Arguments.of("Euler linspace", euler(TimestepSpacing.LINSPACE, 0, false), 178.776217, 0.465563f),
                Arguments.of("Euler leading", euler(TimestepSpacing.LEADING, 1, false), 180.648394, 0.47043851f),
                Arguments.of("Euler Karras", euler(TimestepSpacing.LINSPACE, 0, true), 179.575308, 0.46764407f),
                Arguments.of("DPM-Solver++ of 10", dpmSolver(10, false), 184.065713, 0.47933775f),
                Arguments.of("DPM-Solver++ of 20", dpmSolver(20, false), 190.498504, 0.49608982f),
                Arguments.of("DPM-Solver++ Karras of 20", dpmSolver(20, true), 205.588808, 0.53538764f));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void aRun_endsWhereTheReferenceEnds(String name, Schedule schedule, double sum, float last) {
        float[] sample = run(schedule, ramp.times(schedule.initialScale()), 0);

        assertThat(magnitudes(sample)).as(name).isCloseTo(sum, within(SUM_TOLERANCE));
        assertThat(sample[767]).as(name).isCloseTo(last, within(1e-6f));
    }

    @Test
    void runsThatTheLibraryOnlyPrints_endNearItsNumbers() {
        assertThat(magnitudes(run(library(Prediction.EPSILON, 0.01, false).steps(10), ramp, 0))).isCloseTo(149.0784, within(1e-4));
        assertThat(magnitudes(run(library(Prediction.VELOCITY, 1e-4, true).steps(10).reversed(), ramp, 0))).isCloseTo(1394.2185, within(1e-3));
        assertThat(magnitudes(run(library(Prediction.EPSILON, 0.01, true).steps(10).reversed(), ramp, 0))).isCloseTo(539.9622, within(1e-3));
        assertThat(magnitudes(run(library(Prediction.EPSILON, 0.01, false).steps(10).reversed(), ramp, 0))).isCloseTo(542.6722, within(1e-3));
    }

    @Test
    void aRunFromTheMiddle_startsFromANoisyLatent() {
        float[] reversed = new float[768];
        float[] elements = ramp.toArray();
        for (int i = 0; i < elements.length; i++) {
            int batch = i / 192;
            int inRow = 191 - i % 192;
            reversed[i] = (inRow * 4 + 3 - batch) / 768f;
        }
        DdimSchedule schedule = library(Prediction.EPSILON, 1e-4, true).steps(10);
        Tensor noisy = LIBRARY.addNoise(ramp, device.tensor(SHAPE, reversed), schedule.transitions().get(8).timestep());

        assertThat(magnitudes(run(schedule, noisy, 8))).isCloseTo(354.5418, within(1e-4));
    }

    @Test
    void aStochasticRun_drawsOneNoisePerStep() {
        TorchGenerator generator = new TorchGenerator(0);
        DdimSchedule schedule = ddim(TimestepSpacing.LEADING, 1);
        float[] sample = run(schedule, schedule.start(1, call -> device.tensor(SHAPE, generator.randn(768))), ramp, 0);

        assertThat(magnitudes(sample)).isCloseTo(250.527677, within(SUM_TOLERANCE));
        assertThat(sample[767]).isCloseTo(-0.039901063f, within(1e-6f));
    }

    @Test
    void reversedHops_takeALatentBack() {
        Transition hop = DdimConfig.stableDiffusion().steps(10).transitions().getFirst();
        Tensor epsilon = ramp.minus(0.5f);
        Tensor there = Ddim.move(ramp, epsilon, hop.reversed());

        assertThat(Ddim.move(there, epsilon, hop).toArray()).containsExactly(ramp.toArray(), within(1e-5f));
    }

    @Test
    void multistepSolvers_refuseCallsOutOfOrder() {
        Solver pndm = PndmConfig.stableDiffusion().steps(10).start();
        assertThatThrownBy(() -> pndm.step(ramp, 1, ramp)).hasMessageContaining("call 0 is due, not call 1");
        Solver dpm = dpmSolver(10, false).start();
        assertThatThrownBy(() -> dpm.step(ramp, 4, ramp)).hasMessageContaining("call 0 is due, not call 4");
        dpm.step(ramp, 0, ramp);
        assertThatThrownBy(() -> dpm.step(ramp, 0, ramp)).hasMessageContaining("call 1 is due, not call 0");
    }

    @Test
    void solvers_giveBackAllTheyRemember() {
        long before = device.memory().liveBytes();
        run(PndmConfig.stableDiffusion().steps(10), ramp, 0);
        run(dpmSolver(10, false), ramp, 0);

        assertThat(device.memory().liveBytes()).isEqualTo(before);
    }

    private static float[] run(Schedule schedule, Tensor start, int first) {
        return run(schedule, schedule.start(), start, first);
    }

    private static float[] run(Schedule schedule, Solver solver, Tensor start, int first) {
        Tensor x = start;
        try (Scope _ = device.scope();
                solver) {
            for (int call = first; call < schedule.calls(); call++) {
                try (Scope scope = device.scope()) {
                    float t = (float) schedule.timestep(call);
                    Tensor output = schedule.scaleInput(x, call).times(t).dividedBy(t + 1);
                    x = scope.keep(solver.step(output, call, x));
                }
            }
            return x.toArray();
        }
    }

    private static double magnitudes(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += Math.abs(value);
        }
        return sum;
    }

    private static DdimConfig library(Prediction prediction, double betaStart, boolean endsAtAlphaOne) {
        NoiseSchedule noise = NoiseSchedule.of(BetaSchedule.LINEAR, betaStart, 0.02, 1000);
        return new DdimConfig(noise, prediction, TimestepSpacing.LEADING, 0, endsAtAlphaOne, 1f);
    }

    private static DdimSchedule ddim(TimestepSpacing spacing, int offset) {
        return new DdimConfig(STABLE_DIFFUSION, Prediction.EPSILON, spacing, offset, false, null).steps(10);
    }

    private static EulerSchedule euler(TimestepSpacing spacing, int offset, boolean karras) {
        return new EulerConfig(STABLE_DIFFUSION, Prediction.EPSILON, spacing, offset, karras, LastSigma.ZERO).steps(10);
    }

    private static DpmSolverSchedule dpmSolver(int steps, boolean karras) {
        return new DpmSolverConfig(
                STABLE_DIFFUSION, Prediction.EPSILON, TimestepSpacing.LINSPACE, 0, karras, LastSigma.ZERO, Ending.FIRST_ORDER_IF_SHORT)
                .steps(steps);
    }
}
