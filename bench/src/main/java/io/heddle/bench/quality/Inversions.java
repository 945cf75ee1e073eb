package io.heddle.bench.quality;

import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.inversion.DdimInversion;
import io.heddle.editing.inversion.DirectInversion;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.InversionMethod;
import io.heddle.editing.inversion.NegativePromptInversion;
import io.heddle.editing.inversion.NullTextInversion;
import io.heddle.editing.inversion.PromptTuningInversion;
import io.heddle.editing.inversion.Tuning;
import io.heddle.image.Fidelity;
import io.heddle.image.Picture;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.toyworld.Captions;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import java.util.List;
import java.util.Locale;

/** How near each inversion brings a picture back under the guidance that edits need. */
final class Inversions implements Experiment {
    private static final double UNGUIDED = 1;
    private static final double GUIDANCE = 7.5;
    private static final List<Double> DDIM_SCALES = List.of(3.0, GUIDANCE);
    private static final List<InversionMethod> METHODS = List.of(
            new NegativePromptInversion(),
            new DirectInversion(),
            new NullTextInversion(Tuning.NULL_TEXT),
            new PromptTuningInversion(Tuning.PROMPT_TUNING));

    @Override
    public String name() {
        return "inversion";
    }

    @Override
    public String protocol() {
        return "Rendered held-out pictures with their own captions; guidance 7.5 where no other is said. The latents' error is against the encoded picture.";
    }

    @Override
    public void measure(Session session, Measurements results) {
        Scene scene = session.scene(SceneMix.SINGLES);
        Picture picture = Rendering.of(scene).picture();
        Tensor clean = session.model().encode(picture);
        Picture decoded = session.model().pictures(clean).getFirst();
        results.add("autoencoder", Metric.DB_TO_PICTURE, Fidelity.between(picture, decoded).psnr());
        String prompt = Captions.evaluation(scene);
        Judged judged = new Judged(session, results, picture, decoded, clean);
        try (Inversion inversion = session.inverter(UNGUIDED).invert(clean, session.text(prompt), new DdimInversion())) {
            judged.add("ddim, guidance 1.0", inversion.reconstruction().getLast(), session.evaluations(), 0);
            int inverting = inversion.reconstruction().size() - 1;
            for (double scale : DDIM_SCALES) {
                EditRecipe recipe = EditRecipe.plain(inversion.source(), Guidance.classifierFree(scale));
                try (Scope _ = session.model().device().scope()) {
                    Tensor latents = session.latents(inversion.start(), recipe);
                    judged.add(String.format(Locale.ROOT, "ddim, guidance %.1f", scale), latents, inverting + session.evaluations(), 0);
                }
            }
        }
        for (InversionMethod method : METHODS) {
            try (Inversion inversion = session.inverter(GUIDANCE).invert(clean, session.text(prompt), method)) {
                judged.add(method.key(), inversion.reconstruction().getLast(), session.evaluations(), inversion.report().cost().backward());
            }
        }
    }

    /** What reconstructions are compared with. */
    private record Judged(Session session, Measurements results, Picture picture, Picture decoded, Tensor clean) {
        void add(String row, Tensor reconstruction, long evaluations, long gradients) {
            Picture reconstructed = session.model().pictures(reconstruction).getFirst();
            results.add(row, Metric.DB_TO_PICTURE, Fidelity.between(picture, reconstructed).psnr());
            results.add(row, Metric.DB_TO_AUTOENCODER, Comparison.likeness(decoded, reconstructed));
            try (Scope _ = session.model().device().scope()) {
                results.add(row, Metric.LATENT_MSE, reconstruction.minus(clean).square().mean().item());
            }
            results.add(row, Metric.EVALUATIONS, evaluations);
            results.add(row, Metric.GRADIENTS, gradients);
        }
    }
}
