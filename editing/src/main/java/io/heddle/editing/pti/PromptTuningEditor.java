package io.heddle.editing.pti;

import io.heddle.editing.Fingerprint;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.Inverter;
import io.heddle.editing.inversion.PromptTuningInversion;
import io.heddle.editing.inversion.SourceText;
import io.heddle.editing.inversion.Tuning;
import io.heddle.image.Picture;
import io.heddle.image.Resampling;
import io.heddle.image.Size;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import java.util.List;

/**
 * Prompt tuning inversion as an evaluation runs it: the target's name makes the prompt, what the picture shows is not used. Pictures are edited in the size
 * that the model was trained for, and come back in their own.
 *
 * @param model the model
 * @param template the prompt, with {@code %s} for the name of the target's class
 * @param steps sampling steps
 * @param guidance scale of guidance
 * @param tuning how the embeddings are tuned
 * @param eta how far to go, 0 … 1
 */
public record PromptTuningEditor(StableDiffusion model, String template, int steps, double guidance, Tuning tuning, double eta)
        implements EditEvaluation.Editor {
    /** The paper's numbers: 50 steps, guidance 7.5, 5 updates at rate 0.01. Dong et al. 2023. */
    public static PromptTuningEditor of(StableDiffusion model, double eta) {
        return new PromptTuningEditor(model, "a photo of a %s", 50, 7.5, Tuning.PROMPT_TUNING, eta);
    }

    /** What the edited pictures depend on, for {@link EditEvaluation#run}. */
    public String recipe() {
        return "prompt tuning of \"" + template + "\" in " + steps + " steps under guidance " + guidance + " with " + tuning + " and eta " + eta
                + " by the model " + Fingerprint.of(model);
    }

    @Override
    public Picture edit(Picture picture, String sourceName, String targetName) {
        Picture working = picture.resize(new Size(model.defaultSize().width(), model.defaultSize().height()), Resampling.BICUBIC);
        Inverter inverter = Inverter.of(model, steps, guidance, false);
        try (Scope _ = model.device().scope();
                SourceText text = SourceText.of(model, template.formatted(targetName));
                Inversion inversion = inverter.invert(model.encode(working), text, new PromptTuningInversion(tuning));
                PromptTuningEdit edit = new PromptTuningEdit(inversion, text.conditional(), List.of(eta))) {
            Tensor edited = new Sampler(model.unet()::predict, inverter.schedule()).run(inversion.start(), edit.recipe(), SamplingListener.NONE);
            return model.pictures(edited).getFirst().resize(picture.size(), Resampling.BICUBIC);
        }
    }
}
