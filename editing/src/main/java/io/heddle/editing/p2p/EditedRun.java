package io.heddle.editing.p2p;

import io.heddle.attention.AttentionCall;
import io.heddle.attention.AttentionSite;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.attention.Step;
import io.heddle.attention.Step.Purpose;
import io.heddle.clip.Tokenizer;
import io.heddle.editing.StableDiffusion;
import io.heddle.schedulers.Schedule;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.unet.UNet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What an edit must know of the run that it edits.
 *
 * @param device where the run computes
 * @param tokenizer how prompts become tokens
 * @param sites the network's attention layers
 * @param latent height and width of the latents
 * @param steps how many steps were asked for
 * @param calls how many network calls that takes
 */
public record EditedRun(Device device, Tokenizer tokenizer, List<AttentionSite> sites, Extent latent, int steps, int calls) {
    /** A run of a loaded model. */
    public static EditedRun of(StableDiffusion model, Extent latent, int steps, Schedule schedule) {
        return new EditedRun(model.device(), model.tokenizer(), model.unet().sites(), latent, steps, schedule.calls());
    }

    /** The number of tokens of a padded prompt. */
    int tokens() {
        return tokenizer.contextLength();
    }

    /** How shares of the run become calls for cross-attention. The published code has a row for one step more than there are. */
    Timeline crossTimeline(boolean reference) {
        return reference ? new Timeline(steps + 1, true) : new Timeline(calls, false);
    }

    /** How shares of the run become calls for self-attention and blend. */
    Timeline selfTimeline(boolean reference) {
        return reference ? new Timeline(steps, true) : new Timeline(calls, false);
    }

    /** The grid nearest to 256 cells among those at which the encoder and decoder attend to text; of two, the finer. */
    public Extent objectGrid() {
        return sites.stream()
                .filter(EditedRun::seesObjects)
                .map(site -> UNet.grid(site, latent))
                .min(Comparator.<Extent>comparingInt(grid -> Math.abs(grid.cells() - LocalBlend.PUBLISHED_GRID.cells()))
                        .thenComparingInt(grid -> -grid.cells()))
                .orElseThrow(() -> new IllegalArgumentException("the network has no cross-attention in its encoder and decoder"));
    }

    /** Whether a call has maps of {@link #objectGrid}. */
    boolean atObjectGrid(AttentionCall call) {
        return call.step().purpose() == Purpose.SAMPLE && seesObjects(call.site()) && call.grid().equals(objectGrid());
    }

    private static boolean seesObjects(AttentionSite site) {
        return site.isCross() && (site.stage() == Stage.DOWN || site.stage() == Stage.UP);
    }

    /** Every call of an attention layer in the run, with the source as the only row. */
    Stream<AttentionCall> attentionCalls() {
        return IntStream.range(0, calls).boxed().flatMap(index -> sites.stream().map(site -> {
            Extent grid = UNet.grid(site, latent);
            Step step = new Step(index, calls, 0, Purpose.SAMPLE);
            return new AttentionCall(site, step, List.of(Source.ROW), grid, site.isCross() ? tokens() : grid.cells());
        }));
    }
}
