package io.heddle.editing.dragon;

import io.heddle.attention.Step;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.LatentBlend;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import java.util.List;

/**
 * One edit of a picture, ready to run. Mou et al. 2024, "DragonDiffusion", algorithm 1.
 *
 * <p>Network calls of {@code n = 50} steps on one picture: {@code n} that invert, {@code n} that sample, and for each of 30 guided steps two for features:
 * 160. With {@link DiffEditor#PUBLISHED} 172. A second picture is inverted too and compared with at each guided step: 240.
 *
 * <p>Where the published code differs, {@link DragonSettings#reference} follows it:
 * <ul>
 * <li>It divides by {@code 1 + 4·cos} for moves, which may vanish; the paper's similarity (cos + 1)/2 keeps it between 1 and 5.
 * <li>It scales an object about the picture's centre, so that it does not land where it was dragged, rolls it around the border, and rounds its place
 * differently on each grid; here it is scaled about its own centre, cut off at the border, and one function says for every grid where a cell comes from.
 * <li>It takes the object's noise to its new place and leaves it in the old one, too, where small models then draw the object twice; here the vacated
 * cells take noise of untouched ones beside them. The paper moves no noise at all.
 * <li>Its drag limits columns by the height, fails near the upper and left border, and overwrites the trajectory's noisiest latent, too.
 * <li>Its step numbers are meant for 50 steps; here they are shares of the run.
 * <li>With time travel it makes one more call for each repeated step, and throws the result away: 176 calls.
 * </ul>
 * In both modes terms without cells are left out, where the published code has NaN, and no image prompt is needed.
 */
public final class DragonDiffusion {
    private final Network network;
    private final List<MemoryBank> banks;
    private final Edit edit;
    private final DragonSettings settings;
    private final Plan plan;

    private DragonDiffusion(Network network, List<MemoryBank> banks, Edit edit, DragonSettings settings, Plan plan) {
        this.network = network;
        this.banks = banks;
        this.edit = edit;
        this.settings = settings;
        this.plan = plan;
    }

    /**
     * An edit of one picture.
     *
     * @param picture height and width in pixels, which places and masks of the edit refer to
     * @param bank of the picture, made with the same settings and as many steps
     * @throws IllegalArgumentException if the edit does not fit the picture or the bank, or needs a second one
     * @throws io.heddle.tensor.NoBackwardException if energies are to be followed in half precision
     */
    public static DragonDiffusion of(Network network, Extent picture, MemoryBank bank, Edit edit, DragonSettings settings) {
        if (edit instanceof Appearance || edit instanceof Paste) {
            throw new IllegalArgumentException("replacing an appearance and pasting need the memory bank of a second picture");
        }
        return of(network, picture, List.of(bank), edit, settings);
    }

    /**
     * An edit of one picture by means of another.
     *
     * @param second the bank of the other picture, of the same size
     * @throws IllegalArgumentException if the edit does not fit the pictures or the banks
     * @throws io.heddle.tensor.NoBackwardException if energies are to be followed in half precision
     */
    public static DragonDiffusion of(Network network, Extent picture, MemoryBank bank, MemoryBank second, Edit edit, DragonSettings settings) {
        if (edit instanceof Move || edit instanceof Drag) {
            throw new IllegalArgumentException("moving and dragging have no use for a second picture");
        }
        if (!second.clean().shape().equals(bank.clean().shape())) {
            throw new IllegalArgumentException("the second picture's latent is " + second.clean().shape() + ", but the edited one's is "
                    + bank.clean().shape() + ": resize it");
        }
        return of(network, picture, List.of(bank, second), edit, settings);
    }

    private static DragonDiffusion of(Network network, Extent picture, List<MemoryBank> banks, Edit edit, DragonSettings settings) {
        for (MemoryBank bank : banks) {
            if (bank.steps() != network.schedule().calls()) {
                throw new IllegalArgumentException("the memory bank was made in " + bank.steps() + " steps, but the edit takes "
                        + network.schedule().calls() + ": make it with the edit's network");
            }
        }
        Tensor latent = banks.getFirst().clean();
        settings.requireGradients(latent.device());
        Canvas canvas = new Canvas(picture, new Extent(latent.dim(1), latent.dim(2)));
        return new DragonDiffusion(network, banks, edit, settings, Plan.of(edit, canvas, settings));
    }

    /** The latent that the edit starts from, {@code [1, height, width, 4]}: the picture's noise, where something moves with the noise of where it was. */
    public Tensor start() {
        Tensor noise = banks.getFirst().noise();
        int channels = noise.dim(3);
        return noise.device().tidy(() -> {
            List<Tensor> cells = banks.stream().map(bank -> bank.noise().reshape(-1, channels)).toList();
            return Tensor.concat(0, cells).gatherRows(plan.noise()).reshape(noise.shape().dims());
        });
    }

    /** The edited latent, {@code [1, height, width, 4]}. */
    public Tensor run(SamplingListener listener) {
        return run(listener, EnergyListener.NONE);
    }

    /** The edited latent, {@code [1, height, width, 4]}; a second listener hears of the energies. */
    public Tensor run(SamplingListener listener, EnergyListener energies) {
        try (Tensor start = start()) {
            GuidedSchedule schedule = new GuidedSchedule(network, banks, start, edit, plan, settings, energies);
            return new Sampler(network::predict, schedule).run(start, recipe(schedule), listener);
        }
    }

    private EditRecipe recipe(GuidedSchedule schedule) {
        int steps = network.schedule().calls();
        return new EditRecipe(
                new EditedText(banks.getFirst().conditioning(), schedule),
                plan.attention().taps(banks, schedule::samplingCall, call -> settings.readsBank(call, steps)),
                Guidance.classifierFree(settings.guidance()),
                LatentBlend.NONE);
    }

    /** The edited picture's text at the sampling calls that a schedule makes. */
    private record EditedText(Conditioning text, GuidedSchedule schedule) implements Conditioning {
        @Override
        public List<Integer> prompts() {
            return List.of(0);
        }

        @Override
        public TextEmbedding conditional(Step step, int prompt) {
            return text.conditional(original(step), prompt);
        }

        @Override
        public TextEmbedding unconditional(Step step, int prompt) {
            return text.unconditional(original(step), prompt);
        }

        @Override
        public boolean isGuided(int prompt) {
            return text.isGuided(prompt);
        }

        private Step original(Step step) {
            return new Step(schedule.samplingCall(step.index()), step.count(), step.timestep(), step.purpose());
        }
    }
}
