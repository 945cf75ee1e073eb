package io.heddle.bench;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.EditedRun;
import io.heddle.editing.p2p.PromptToPrompt;
import io.heddle.editing.p2p.SourceRun;
import io.heddle.editing.p2p.TensorStore;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.Schedule;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import java.util.List;

/** A step of a word swap with one target, guidance included, while both kinds of attention are injected: its source sampled beside it, or recorded before. */
final class P2pStep {
    private static final String SOURCE = "a photo of a cat on a bench";
    private static final String TARGET = "a photo of a dog on a bench";
    private static final int STEPS = 2;

    private final RandomUNet unet;
    private final Sampler sampler;
    private final EditRecipe uncached;
    private final EditRecipe cached;
    private final Tensor both;
    private final Tensor target;

    /** An edit of random text. */
    P2pStep(Device device, RandomUNet unet) {
        this.unet = unet;
        Tensor start = unet.latents(1);
        Schedule schedule = DdimConfig.stableDiffusion().steps(STEPS);
        sampler = new Sampler(unet.unet()::predict, schedule);
        Extent latent = new Extent(start.dim(1), start.dim(2));
        EditedRun run = new EditedRun(device, LetterTokenizer.create(), unet.unet().sites(), latent, STEPS, schedule.calls());
        Conditioning conditioning = Conditioning.of(List.of(text(), text()), text());
        Guidance guidance = Guidance.classifierFree(7.5);
        uncached = PromptToPrompt.of(run, List.of(SOURCE, TARGET), EditSettings.DEFAULTS).recipe(conditioning, guidance);
        SourceRun source = new SourceRun(run, SOURCE, EditSettings.DEFAULTS, TensorStore.inMemory());
        sampler.run(start, source.recipe(Conditioning.of(List.of(text()), text()), guidance), SamplingListener.NONE);
        cached = PromptToPrompt.after(source, List.of(TARGET), EditSettings.DEFAULTS).recipe(conditioning, guidance);
        both = unet.latents(2);
        target = unet.latents(1);
    }

    private TextEmbedding text() {
        return TextEmbedding.of(unet.encoding(1));
    }

    /** Source and target, {@code [2, 64, 64, 4]}. */
    Tensor uncached() {
        return sampler.predict(both, uncached, sampler.step(0));
    }

    /** The target alone, {@code [1, 64, 64, 4]}. */
    Tensor cached() {
        return sampler.predict(target, cached, sampler.step(0));
    }
}
