package io.heddle.editing.dragon;

import io.heddle.attention.AttentionCall;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.attention.AttentionTap.ProjectionRead;
import io.heddle.attention.AttentionTaps;
import io.heddle.attention.KeyValue;
import io.heddle.attention.Pass;
import io.heddle.attention.Row;
import io.heddle.attention.Row.Branch;
import io.heddle.attention.Step;
import io.heddle.attention.Step.Purpose;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.Where;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Sampler;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.SourceText;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/**
 * What an edit needs of a picture at each sampling call: its latent, and the keys and values of the decoder's self-attention, those in the host's memory.
 * Section 3.1 of the paper. A picture of 512x512 takes 55 MB for each call of Stable Diffusion 1.5, half of it as float16.
 */
public final class MemoryBank implements AutoCloseable {
    private static final int PICTURE = 0;

    private final Conditioning conditioning;
    private final KeyValueStore keyValues;
    private final List<Tensor> before = new ArrayList<>();

    private MemoryBank(Conditioning conditioning, DragonSettings settings, Device device) {
        settings.requireGradients(device);
        this.conditioning = conditioning;
        keyValues = new KeyValueStore(settings.precision());
    }

    /**
     * The bank of a picture that DDIM inversion leads to noise: one network call for each step, with the prompt and without guidance. The keys and values
     * of sampling call {@code i} are those of the inverting call at its timestep, which sees the latent after it.
     *
     * @param clean the picture's scaled latent {@code [1, height, width, 4]}
     * @param settings of the edit, which say what is read
     * @throws io.heddle.tensor.NoBackwardException if the edit is to follow energies in half precision
     */
    public static MemoryBank invert(Network network, Tensor clean, SourceText text, DragonSettings settings) {
        Conditioning conditioning = Conditioning.of(List.of(text.conditional()), text.empty());
        MemoryBank bank = new MemoryBank(conditioning, settings, clean.device());
        int steps = network.schedule().calls();
        bank.before.add(kept(clean));
        EditRecipe recipe = EditRecipe.plain(conditioning, Guidance.classifierFree(1))
                .withTaps(bank.recorder(settings, steps, call -> steps - 1 - call));
        new Sampler(network::predict, network.schedule().reversed(), Purpose.INVERT)
                .run(clean, recipe, (_, latent) -> bank.before.addFirst(kept(latent)))
                .close();
        return bank;
    }

    /**
     * The bank of a picture that is generated: the way it comes into being is its trajectory, exactly, so nothing is inverted.
     *
     * @param noise of unit variance, {@code [1, height, width, 4]}
     * @throws io.heddle.tensor.NoBackwardException if the edit is to follow energies in half precision
     */
    public static MemoryBank generate(Network network, Tensor noise, SourceText text, DragonSettings settings) {
        Conditioning conditioning = Conditioning.of(List.of(text.conditional()), text.empty());
        MemoryBank bank = new MemoryBank(conditioning, settings, noise.device());
        bank.before.add(kept(noise));
        EditRecipe recipe = EditRecipe.plain(conditioning, Guidance.classifierFree(settings.guidance()))
                .withTaps(bank.recorder(settings, network.schedule().calls(), IntUnaryOperator.identity()));
        new Sampler(network::predict, network.schedule())
                .run(noise, recipe, (_, latent) -> bank.before.add(kept(latent)))
                .close();
        return bank;
    }

    /**
     * The bank of a picture that was inverted before: its latents and its text are the inversion's, and the network is called once more at each latent
     * whose keys and values are read.
     *
     * @throws IllegalArgumentException if the method leads the picture back in a way that an edit of the picture itself has no place for
     * @throws io.heddle.tensor.NoBackwardException if the edit is to follow energies in half precision
     */
    public static MemoryBank of(Network network, Inversion inversion, DragonSettings settings) {
        if (inversion.method().pins()) {
            throw new IllegalArgumentException(inversion.method().key() + " inversion sets a source's latents beside its edit, but here the source"
                    + " itself is edited: choose ddim, negative-prompt, null-text or prompt-tuning");
        }
        inversion.requireFit(network.schedule().calls(), settings.guidance());
        return retrace(network, inversion.trajectory().latents().reversed(), inversion.source(), settings);
    }

    /**
     * The bank of a picture whose way is known.
     *
     * @param before its latent before each sampling call, then the clean one
     */
    static MemoryBank retrace(Network network, List<Tensor> before, Conditioning conditioning, DragonSettings settings) {
        MemoryBank bank = new MemoryBank(conditioning, settings, before.getFirst().device());
        before.forEach(latent -> bank.before.add(kept(latent)));
        int steps = bank.steps();
        AttentionTaps recorder = bank.recorder(settings, steps, IntUnaryOperator.identity());
        for (int call = 0; call < steps; call++) {
            if (settings.readsBank(call, steps)) {
                Tensor latent = before.get(call + 1);
                Step step = new Step(call, steps, network.schedule().timestep(call), Purpose.INVERT);
                try (Scope _ = latent.device().scope()) {
                    network.predict(latent, bank.pass(step).withTaps(recorder));
                }
            }
        }
        return bank;
    }

    private AttentionTaps recorder(DragonSettings settings, int steps, IntUnaryOperator samplingCall) {
        Predicate<AttentionCall> read = call -> settings.readsBank(samplingCall.applyAsInt(call.step().index()), steps);
        ProjectionRead recorder = (call, projections) -> {
            int row = call.rows().indexOf(new Row(Branch.CONDITIONAL, PICTURE));
            KeyValue own = new KeyValue(projections.key(row), projections.value(row));
            keyValues.put(samplingCall.applyAsInt(call.step().index()), call.site(), own);
        };
        return AttentionTaps.none().readProjections(Where.self().and(Where.stage(Stage.UP)).and(read), recorder);
    }

    /** An evaluation of one latent of this picture with its prompt alone. */
    Pass pass(Step step) {
        return Pass.of(step, TextConditioning.of(conditioning.conditional(step, PICTURE)));
    }

    /** The picture's text. */
    Conditioning conditioning() {
        return conditioning;
    }

    /** The picture's latent before a sampling call, {@code [1, height, width, 4]}; the clean one after the last call. */
    public Tensor before(int call) {
        return before.get(call);
    }

    /** The noise that sampling starts from. */
    public Tensor noise() {
        return before.getFirst();
    }

    /** The picture's own latent. */
    public Tensor clean() {
        return before.getLast();
    }

    /** The number of sampling calls. */
    public int steps() {
        return before.size() - 1;
    }

    /** The keys and values of a sampling call, {@code [1, tokens, heads·dim]}. */
    KeyValue keyValue(int samplingCall, AttentionCall call) {
        return keyValues.get(samplingCall, call.site(), clean().device());
    }

    /** The bytes of the host's memory that keys and values take. */
    public long bytes() {
        return keyValues.bytes();
    }

    private static Tensor kept(Tensor tensor) {
        return tensor.detach().unscoped();
    }

    /** Gives the latents back; the text is its owner's. */
    @Override
    public void close() {
        before.forEach(Tensor::close);
    }
}
