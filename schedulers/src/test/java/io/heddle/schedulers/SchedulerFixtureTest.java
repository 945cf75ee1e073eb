package io.heddle.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import io.heddle.random.TorchGenerator;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Fixture;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import io.heddle.weights.ConfigReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loops of the reference library with a network that mixes neighbours; its second term shows whether elements were confused. */
class SchedulerFixtureTest {
    private static final Map<String, SchedulerKind> KINDS = Map.of(
            "DDIMScheduler", SchedulerKind.DDIM,
            "DDIMInverseScheduler", SchedulerKind.DDIM,
            "PNDMScheduler", SchedulerKind.PNDM,
            "EulerDiscreteScheduler", SchedulerKind.EULER,
            "DPMSolverMultistepScheduler", SchedulerKind.DPM_SOLVER);

    private static Device device;

    @BeforeAll
    static void openDevice() {
        device = Device.cpu();
    }

    @AfterAll
    static void closeDevice() {
        device.close();
    }

    @ParameterizedTest(name = "{0} of {1} steps")
    @CsvSource({
        "ddim, 10", "ddim, 20", "ddim, 50", "ddim_alpha_one, 10", "ddim_alpha_one, 50", "ddim_clip, 10", "ddim_clip, 50", "ddim_v, 10", "ddim_v, 50",
        "ddim_trailing, 10", "ddim_trailing, 50", "ddim_inverse, 10", "ddim_inverse, 50", "pndm, 10", "pndm, 20", "pndm, 50", "euler, 10",
        "euler, 50",
        "euler_linspace, 10", "euler_linspace, 50", "dpmpp2m, 10", "dpmpp2m, 20", "dpmpp2m, 50", "dpmpp2m_leading, 10", "dpmpp2m_leading, 50"
    })
    void aRun_followsTheReference(String name, int steps) {
        Fixture fixture = Fixture.of("06_schedulers");
        Schedule schedule = schedule(fixture, name, steps);
        String run = name + ".n" + steps;

        assertThat(timesteps(schedule)).containsExactly(fixture.floats(run + ".timesteps"), within(1e-4f));
        List<float[]> samples = run(fixture, schedule, schedule.start());
        fixture.assertMatches(run + ".final", samples.getLast());
        if (steps == 10) {
            fixture.assertMatches(run + ".steps", concatenated(samples));
        }
        switch (schedule) {
            case EulerSchedule euler -> assertThat(array(euler.sigmas())).containsExactly(fixture.floats(run + ".sigmas"), within(1e-6f));
            case DpmSolverSchedule dpm -> assertThat(array(dpm.sigmas())).containsExactly(fixture.floats(run + ".sigmas"), within(1e-6f));
            default -> assertThat(schedule.initialScale()).isEqualTo(1);
        }
    }

    @Test
    void aStochasticRun_followsTheReference() {
        Fixture fixture = Fixture.of("06_schedulers");
        DdimSchedule schedule = (DdimSchedule) schedule(fixture, "ddim_eta1.0", 10);
        Shape shape = Shape.of(fixture.dims("in.sample"));
        TorchGenerator generator = new TorchGenerator(68);
        Solver solver = schedule.start(1, call -> device.tensor(shape, generator.randn((int) shape.size())));

        TensorAssert.assertClose("stochastic run", concatenated(run(fixture, schedule, solver)), fixture.floats("ddim_eta1.0.n10.steps"),
                Tolerances.fixture(0, 1));
    }

    @Test
    void noisyLatentAndVelocity_equalTheReferences() {
        Fixture fixture = Fixture.of("06_schedulers");
        NoiseSchedule noise = NoiseSchedule.stableDiffusion();
        Tensor clean = fixture.tensor(device, "in.sample");
        Tensor fresh = fixture.tensor(device, "in.noise");
        Tensor noisy = Tensor.concat(0, noise.addNoise(clean.row(0), fresh.row(0), 1), noise.addNoise(clean.row(1), fresh.row(1), 981));
        Tensor velocity = Tensor.concat(0, noise.velocity(clean.row(0), fresh.row(0), 1), noise.velocity(clean.row(1), fresh.row(1), 981));

        TensorAssert.assertSameBits("noisy latent", noisy.toArray(), fixture.floats("add_noise.t1_t981"));
        TensorAssert.assertSameBits("velocity", velocity.toArray(), fixture.floats("velocity.t1_t981"));
    }

    private static Schedule schedule(Fixture fixture, String name, int steps) {
        JsonObject settings = fixture.settings().getAsJsonObject(name);
        String className = settings.get("scheduler").getAsString();
        ConfigReader config = ConfigReader.of(name, settings.getAsJsonObject("config"));
        Schedule schedule = KINDS.get(className).read(config).steps(steps);
        return className.equals("DDIMInverseScheduler") ? ((DdimSchedule) schedule).reversed() : schedule;
    }

    private static List<float[]> run(Fixture fixture, Schedule schedule, Solver solver) {
        List<float[]> samples = new ArrayList<>();
        try (Scope _ = device.scope();
                solver) {
            Tensor x = fixture.tensor(device, "in.sample").times(schedule.initialScale());
            for (int call = 0; call < schedule.calls(); call++) {
                x = solver.step(network(schedule.scaleInput(x, call), schedule.timestep(call)), call, x);
                samples.add(x.toArray());
            }
        }
        return samples;
    }

    /** {@code (0.3 + t/2000)·x[i] + 0.2·x[i + 1]} within each row. */
    private static Tensor network(Tensor x, double timestep) {
        float own = (float) (0.3 + 0.5 * timestep / 1000);
        float[] elements = x.toArray();
        float[] output = new float[elements.length];
        int row = elements.length / x.dim(0);
        for (int i = 0; i < elements.length; i++) {
            int next = i / row * row + (i % row + 1) % row;
            output[i] = own * elements[i] + 0.2f * elements[next];
        }
        return device.tensor(x.shape(), output);
    }

    private static float[] timesteps(Schedule schedule) {
        float[] timesteps = new float[schedule.calls()];
        for (int call = 0; call < timesteps.length; call++) {
            timesteps[call] = (float) schedule.timestep(call);
        }
        return timesteps;
    }

    private static float[] array(List<Float> values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }

    private static float[] concatenated(List<float[]> parts) {
        float[] whole = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int filled = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, whole, filled, part.length);
            filled += part.length;
        }
        return whole;
    }
}
