package io.heddle.editing.inversion;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.heddle.image.Fidelity;
import io.heddle.image.Picture;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How an inversion went.
 *
 * @param cost what it spent
 * @param losses of each sampling call the loss before each update; empty if nothing was tuned
 * @param stepErrors mean squared difference between the way back and the trajectory after each sampling call
 * @param reconstruction the reconstructed picture against the picture, if they were compared
 * @param autoencoder the picture encoded and decoded against the picture, which no inversion surpasses by much
 */
public record InversionReport(
        Cost cost, List<List<Float>> losses, List<Double> stepErrors, Optional<Fidelity> reconstruction, Optional<Fidelity> autoencoder) {
    /** Decibels below the autoencoder's own from which on a reconstruction may be called poor. */
    private static final double LOST = 3;

    /** Decibels at which errors are hard to see, whatever the autoencoder reaches. */
    private static final double FAITHFUL = 30;

    static InversionReport of(InversionRun run, Trajectory trajectory) {
        List<Double> errors = new ArrayList<>();
        for (int call = 0; call < trajectory.steps(); call++) {
            Tensor reached = run.reconstructed.get(call + 1);
            Tensor wanted = trajectory.after(call);
            try (Scope _ = reached.device().scope()) {
                errors.add((double) reached.device().inFloat32(() -> reached.minus(wanted).square().mean()).item());
            }
        }
        return new InversionReport(run.cost, List.copyOf(run.losses), errors, Optional.empty(), Optional.empty());
    }

    InversionReport compare(Picture picture, Picture reconstructed, Picture decoded) {
        return new InversionReport(
                cost, losses, stepErrors, Optional.of(Fidelity.between(picture, reconstructed)), Optional.of(Fidelity.between(picture, decoded)));
    }

    /** Whether in no call the loss after the last update was above the one before the first; true if nothing was tuned. */
    public boolean lossesWentDown() {
        return risen() == 0;
    }

    /** The calls that ended, by the same measure, farther from the trajectory than their tuning began, or at no number. */
    private long risen() {
        return IntStream.range(0, losses.size())
                .filter(call -> !losses.get(call).isEmpty() && !(stepErrors.get(call) <= losses.get(call).getFirst()))
                .count();
    }

    /** What the user should know, a sentence each; empty when all is well. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!lossesWentDown()) {
            warnings.add("the loss rose in " + risen() + " of " + losses.size() + " steps: a smaller learning rate may help");
        }
        if (reconstruction.isPresent() && autoencoder.isPresent()
                && reconstruction.get().psnr() < Math.min(FAITHFUL, autoencoder.get().psnr() - LOST)) {
            warnings.add(String.format(Locale.ROOT,
                    "the reconstruction is poor: %.1f dB, where the autoencoder alone reaches %.1f dB; edits will change what they should keep. "
                            + "Direct, null-text and prompt-tuning inversion come nearer, as do more inner steps and lower guidance",
                    reconstruction.get().psnr(), autoencoder.get().psnr()));
        }
        return warnings;
    }

    /** This report as JSON; infinite decibels are left out. */
    public JsonObject toJson() {
        JsonObject json = new Progress(cost, losses).toJson();
        reconstruction.ifPresent(fidelity -> json.add("reconstruction", json(fidelity)));
        autoencoder.ifPresent(fidelity -> json.add("autoencoder", json(fidelity)));
        json.addProperty("lossesWentDown", lossesWentDown());
        JsonArray errors = new JsonArray();
        stepErrors.forEach(errors::add);
        json.add("stepErrors", errors);
        JsonArray sentences = new JsonArray();
        warnings().forEach(sentences::add);
        json.add("warnings", sentences);
        return json;
    }

    private static JsonObject json(Fidelity fidelity) {
        JsonObject json = new JsonObject();
        if (Double.isFinite(fidelity.psnr())) {
            json.addProperty("psnr", fidelity.psnr());
        }
        json.addProperty("ssim", fidelity.ssim());
        json.addProperty("mse", fidelity.mse());
        return json;
    }
}
