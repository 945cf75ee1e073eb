package io.heddle.editing.dragon;

import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.Step.Purpose;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import java.util.List;

/**
 * The gradient of both energies with respect to the latent, as a correction {@code g} of the noise: that of the edit counts inside the region, that of
 * the content outside, so backward runs twice over the features' graph. Equation (8) of the paper, with the regions of DiffEditor's section 3.3.
 */
final class EnergyGuidance {
    private static final double SCALE_UNIT = 1000;

    private final Network network;
    private final MemoryBank edited;
    private final Plan plan;
    private final DragonSettings settings;
    private final double gain;

    EnergyGuidance(Network network, MemoryBank edited, Plan plan, DragonSettings settings, Edit edit) {
        this.network = network;
        this.edited = edited;
        this.plan = plan;
        this.settings = settings;
        gain = SCALE_UNIT * settings.energyScale() * shareOf(edit);
    }

    /** What the published code multiplies the gradient with besides the scale. */
    private static double shareOf(Edit edit) {
        return edit instanceof Move ? 0.08 : 0.04;
    }

    /**
     * Energies and the correction at one step.
     *
     * @param correction {@code g} {@code [1, height, width, 4]}, to be added to the predicted noise
     */
    record Followed(float edit, float content, Tensor correction) {}

    /**
     * Compares a latent's features with those of the references, all under the edited picture's text.
     *
     * @param samplingCall which call
     * @param latent {@code [1, height, width, 4]}
     * @param references of each picture the latent at this call
     */
    Followed follow(int samplingCall, Tensor latent, List<Tensor> references) {
        int steps = network.schedule().calls();
        Step step = new Step(samplingCall, steps, network.schedule().timestep(samplingCall), Purpose.GUIDE);
        try (Scope scope = latent.device().scope()) {
            Pass pass = edited.pass(step);
            List<List<Tensor>> given = references.stream().map(reference -> network.features(reference, pass)).toList();
            try (Recording tape = Recording.open()) {
                Tensor watched = tape.watch(latent);
                List<Tensor> features = network.features(watched, settings.lowMemory() ? pass.checkpointing(tape) : pass);
                Tensor region = plan.region().tensor(latent.device());
                Tensor edit = plan.edit().of(features, given);
                Tensor content = plan.content().of(features, given);
                Tensor inside = gradient(tape, plan.edit(), edit, watched).times(region);
                Tensor outside = gradient(tape, plan.content(), content, watched).times(region.negate().plus(1));
                Tensor correction = limited(inside.plus(outside).times((float) gain));
                return new Followed(edit.item(), content.item(), scope.keep(correction));
            }
        }
    }

    private Tensor limited(Tensor correction) {
        if (Double.isInfinite(settings.limit())) {
            return correction;
        }
        double size = Math.sqrt(correction.square().mean().item());
        return size > settings.limit() ? correction.times((float) (settings.limit() / size)) : correction;
    }

    private static Tensor gradient(Recording tape, Energy energy, Tensor value, Tensor watched) {
        return energy.isEmpty() ? watched.device().zeros(watched.shape()) : tape.gradients(value).of(watched);
    }
}
