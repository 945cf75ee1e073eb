package io.heddle.editing.dragon;

import io.heddle.attention.Pass;
import io.heddle.attention.Step.Purpose;
import io.heddle.editing.StableDiffusion;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.DdimSchedule;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.tensor.Tensor;
import io.heddle.unet.UNet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The network on a schedule as the method calls it, for noise and for features; calls are counted. */
public final class Network {
    /** The decoder blocks whose outputs are compared: the first has what things are, the second where their parts are. Section 3.2, figure 3. */
    private static final Set<String> BLOCKS = Set.of("up_blocks.1", "up_blocks.2");

    private final UNet unet;
    private final DdimSchedule schedule;
    private final Map<Purpose, Integer> calls = new EnumMap<>(Purpose.class);

    /**
     * A network on a schedule.
     *
     * @throws IllegalArgumentException if its decoder has fewer than three blocks
     */
    public Network(UNet unet, DdimSchedule schedule) {
        if (unet.config().levels().size() <= BLOCKS.size()) {
            throw new IllegalArgumentException("the network's decoder has " + unet.config().levels().size()
                    + " blocks, but features of the second and third are compared: choose a checkpoint of Stable Diffusion's layout");
        }
        this.unet = unet;
        this.schedule = schedule;
    }

    /** A model's network on its own noise schedule. */
    public static Network of(StableDiffusion model, int steps) {
        return new Network(model.unet(), ((DdimConfig) model.scheduler(SchedulerKind.DDIM)).steps(steps));
    }

    /** The hops of the run. */
    public DdimSchedule schedule() {
        return schedule;
    }

    /** How often the network was called so far for a purpose, whatever the rows; features count as calls. */
    public int calls(Purpose purpose) {
        return calls.getOrDefault(purpose, 0);
    }

    /** How often the network was called so far. */
    public int calls() {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }

    Tensor predict(Tensor latents, Pass pass) {
        calls.merge(pass.step().purpose(), 1, Integer::sum);
        return unet.predict(latents, pass);
    }

    /** The features of each compared block, {@code [rows, height, width, channels]}; what comes after the last one is not computed. */
    List<Tensor> features(Tensor latents, Pass pass) {
        calls.merge(pass.step().purpose(), 1, Integer::sum);
        return List.copyOf(unet.features(latents, pass, BLOCKS).values());
    }
}
