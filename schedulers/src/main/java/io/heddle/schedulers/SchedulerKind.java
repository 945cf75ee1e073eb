package io.heddle.schedulers;

import io.heddle.weights.ConfigReader;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The samplers, by the names of their classes in the diffusers library. */
public enum SchedulerKind {
    /** Song et al. 2021. */
    DDIM("DDIMScheduler", DdimConfig::read),
    /** Liu et al. 2022, also known as PLMS. */
    PNDM("PNDMScheduler", PndmConfig::read),
    /** Karras et al. 2022. */
    EULER("EulerDiscreteScheduler", EulerConfig::read),
    /** Lu et al. 2022. */
    DPM_SOLVER("DPMSolverMultistepScheduler", DpmSolverConfig::read);

    private static final String CLASS_NAME = "_class_name";

    private final String className;
    private final Function<ConfigReader, SchedulerConfig> reader;

    SchedulerKind(String className, Function<ConfigReader, SchedulerConfig> reader) {
        this.className = className;
        this.reader = reader;
    }

    /** The sampler that a {@code scheduler_config.json} names. */
    public static SchedulerKind named(ConfigReader file) {
        String name = file.text(CLASS_NAME, "").replaceFirst("^Flax", "");
        return Arrays.stream(values())
                .filter(kind -> kind.className.equals(name))
                .findFirst()
                .orElseThrow(
                        () -> file.invalid(CLASS_NAME, "one of " + Arrays.stream(values()).map(k -> k.className).collect(Collectors.joining(", "))));
    }

    /** This sampler with the constants of a file, which may have been written for another: it has this sampler's defaults for keys the file lacks. */
    public SchedulerConfig read(ConfigReader file) {
        return reader.apply(file);
    }
}
