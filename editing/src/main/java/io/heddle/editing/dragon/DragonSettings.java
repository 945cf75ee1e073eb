package io.heddle.editing.dragon;

import io.heddle.tensor.Device;
import io.heddle.tensor.NoBackwardException;
import io.heddle.unet.UNet;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of an edit. Parts of a run are given in fiftieths of it, as the published code takes fifty steps; with {@link #reference} they are
 * steps themselves, whatever their number.
 *
 * @param guidance the scale of classifier-free guidance
 * @param energyScale what the gradient of the energies is multiplied with, in the unit of the published demo
 * @param weights of the energies' terms
 * @param guidedUntil the fiftieth from which on energies are not followed any more; nor are they in a step that starts without any signal, as the first one
 *     of schedules without it at their end
 * @param bankFrom the first fiftieth in which self-attention looks at the memory bank
 * @param bankUntil the fiftieth from which on it does not any more
 * @param correction where the correction enters a step
 * @param limit the largest root mean square of a correction, where noise has about 1; a larger one is scaled down
 * @param diffEditor regional noise and time travel, or null
 * @param precision how the memory bank stores keys and values
 * @param lowMemory whether gradients are computed in less memory and a third more time; the bits stay
 * @param reference whether the published code's quirks are kept, see {@link DragonDiffusion}
 */
public record DragonSettings(
        double guidance,
        double energyScale,
        Weights weights,
        int guidedUntil,
        int bankFrom,
        int bankUntil,
        Correction correction,
        double limit,
        @Nullable DiffEditor diffEditor,
        Precision precision,
        boolean lowMemory,
        boolean reference) {
    private static final int FIFTIETHS = 50;
    private static final int SAMPLE_SIZE_OF_STABLE_DIFFUSION = 64;

    /** Corrections of a first step at a root mean square of 0.2 to 0.27 made clean pictures there, and noisy ones from 0.4 on. */
    private static final double LIMIT_ON_SMALL_MODELS = 0.25;

    private static final double NO_LIMIT = Double.POSITIVE_INFINITY;

    /**
     * What published scales of energies are multiplied with on models of 32x32 latents: of 1, 3, 4, 6, 12, 24 and 48 what moved and resized things and left the
     * rest of the picture as it was; from 24 on skies get blotches. Drags arrive with it as well.
     */
    private static final double ENERGY_ON_SMALL_MODELS = 12;

    /** The same for pasting, where 12 leaves fringes around everything in the picture. */
    private static final double PASTE_ENERGY_ON_SMALL_MODELS = 4;

    /** Sizes come nearer to what is asked for there when the energies of moves are followed for four fifths of a run. */
    private static final int MOVE_GUIDED_ON_SMALL_MODELS = 40;

    /**
     * The numbers for an edit with a network: the published ones, except that energies are followed more where latents are smaller than those of
     * Stable Diffusion.
     */
    public static DragonSettings standard(UNet unet, Edit edit) {
        DragonSettings published = of(edit);
        if (unet.config().sampleSize() >= SAMPLE_SIZE_OF_STABLE_DIFFUSION) {
            return published;
        }
        double factor = edit instanceof Paste ? PASTE_ENERGY_ON_SMALL_MODELS : ENERGY_ON_SMALL_MODELS;
        DragonSettings small = published.withEnergyScale(factor * published.energyScale()).withLimit(LIMIT_ON_SMALL_MODELS);
        return edit instanceof Move ? small.withGuidedUntil(MOVE_GUIDED_ON_SMALL_MODELS) : small;
    }

    /** The published demo's numbers for an edit. */
    public static DragonSettings of(Edit edit) {
        return switch (edit) {
            case Move _ ->
                    new DragonSettings(4, 0.5, Weights.MOVE, 30, 5, FIFTIETHS, Correction.CLEAN, NO_LIMIT, null, Precision.FLOAT32, false, false);
            case Drag _ ->
                    new DragonSettings(4, 2, Weights.DRAG, 30, 5, FIFTIETHS, Correction.CLEAN, NO_LIMIT, null, Precision.FLOAT32, false, false);
            case Appearance _ ->
                    new DragonSettings(5, 2, Weights.APPEARANCE, 30, 0, 36, Correction.CLEAN, NO_LIMIT, null, Precision.FLOAT32, false, false);
            case Paste _ -> new DragonSettings(4, 1.5, Weights.PASTE, 30, 0, 36, Correction.CLEAN, NO_LIMIT, null, Precision.FLOAT32, false, false);
        };
    }

    /** These numbers with another scale of classifier-free guidance. */
    public DragonSettings withGuidance(double scale) {
        return new DragonSettings(scale, energyScale, weights, guidedUntil, bankFrom, bankUntil, correction, limit, diffEditor, precision, lowMemory,
                reference);
    }

    /** These numbers with energies followed more or less; 0 follows none. */
    public DragonSettings withEnergyScale(double scale) {
        return new DragonSettings(guidance, scale, weights, guidedUntil, bankFrom, bankUntil, correction, limit, diffEditor, precision, lowMemory,
                reference);
    }

    /** These numbers with other weights of the energies' terms. */
    public DragonSettings withWeights(Weights other) {
        return new DragonSettings(guidance, energyScale, other, guidedUntil, bankFrom, bankUntil, correction, limit, diffEditor, precision, lowMemory,
                reference);
    }

    /** These numbers with energies followed until another part of the run. */
    public DragonSettings withGuidedUntil(int fiftieth) {
        return new DragonSettings(guidance, energyScale, weights, fiftieth, bankFrom, bankUntil, correction, limit, diffEditor, precision, lowMemory,
                reference);
    }

    /** These numbers with the memory bank read in another part of the run. */
    public DragonSettings withBank(int from, int until) {
        return new DragonSettings(guidance, energyScale, weights, guidedUntil, from, until, correction, limit, diffEditor, precision, lowMemory,
                reference);
    }

    /** These numbers with the correction elsewhere in the step. */
    public DragonSettings withCorrection(Correction form) {
        return new DragonSettings(guidance, energyScale, weights, guidedUntil, bankFrom, bankUntil, form, limit, diffEditor, precision, lowMemory,
                reference);
    }

    /** These numbers with corrections of another largest root mean square. */
    public DragonSettings withLimit(double largest) {
        return new DragonSettings(guidance, energyScale, weights, guidedUntil, bankFrom, bankUntil, correction, largest, diffEditor, precision,
                lowMemory, reference);
    }

    /** These numbers with the additions of DiffEditor, or without. */
    public DragonSettings withDiffEditor(@Nullable DiffEditor additions) {
        return new DragonSettings(guidance, energyScale, weights, guidedUntil, bankFrom, bankUntil, correction, limit, additions, precision,
                lowMemory,
                reference);
    }

    /** These numbers with another precision of the memory bank. */
    public DragonSettings withPrecision(Precision stored) {
        return new DragonSettings(guidance, energyScale, weights, guidedUntil, bankFrom, bankUntil, correction, limit, diffEditor, stored, lowMemory,
                reference);
    }

    /** These numbers with gradients in less memory and more time, or not. */
    public DragonSettings inLowMemory(boolean low) {
        return new DragonSettings(guidance, energyScale, weights, guidedUntil, bankFrom, bankUntil, correction, limit, diffEditor, precision, low,
                reference);
    }

    /** These numbers with the quirks of the published code. */
    public DragonSettings asPublished() {
        return new DragonSettings(guidance, energyScale, weights, guidedUntil, bankFrom, bankUntil, correction, limit, diffEditor, precision,
                lowMemory,
                true);
    }

    /** Whether self-attention looks at the memory bank in a sampling call. */
    boolean readsBank(int call, int calls) {
        int fiftieth = fiftieth(call, calls);
        return bankFrom <= fiftieth && fiftieth < bankUntil;
    }

    /** Whether energies are followed in a sampling call. */
    boolean followsEnergies(int call, int calls) {
        int fiftieth = fiftieth(call, calls);
        boolean pauses = diffEditor != null && diffEditor.travels() && fiftieth >= 10 && call % 2 != 0;
        return energyScale != 0 && fiftieth < guidedUntil && !pauses;
    }

    /**
     * Refuses to follow energies where there are no gradients.
     *
     * @throws NoBackwardException if energies are followed anywhere and the device holds halves
     */
    void requireGradients(Device device) {
        if (energyScale != 0 && guidedUntil > 0 && device.backend().precision() != io.heddle.spi.Precision.FLOAT32) {
            throw new NoBackwardException("energies are followed by their gradients, which need float32, and " + device
                    + " holds halves: open the device without fp16");
        }
    }

    /** How often a sampling call is made. */
    int passes(int call, int calls) {
        boolean repeated = diffEditor != null && 22 <= fiftieth(call, calls) && followsEnergies(call, calls);
        return repeated ? diffEditor.passes() : 1;
    }

    /** Whether steps of a sampling call get new noise. */
    boolean isStochastic(int call, int calls) {
        int fiftieth = fiftieth(call, calls);
        return diffEditor != null && diffEditor.isStochastic() && 10 < fiftieth && fiftieth < 20;
    }

    private int fiftieth(int call, int calls) {
        return reference ? call : call * FIFTIETHS / calls;
    }
}
