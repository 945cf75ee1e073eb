package io.heddle.toyworld.training;

import java.util.Locale;
import java.util.Map;

/**
 * The page that goes with a model: what it is, what it was made from and how, and how to make it again.
 *
 * @param settings of the training
 * @param autoencoder its course
 * @param denoiser its course
 */
record ModelCard(TrainingSettings settings, TrainingLog.Curve autoencoder, TrainingLog.Curve denoiser) {
    private static final String TEXT = """
            # A small Stable Diffusion of the toy world

            A text-to-image model for pictures of 128x128 pixels: a CLIP text encoder, a denoiser and an autoencoder of Stable Diffusion's architecture at
            small sizes, in the folder layout of the diffusers library, weights in half precision. It exists so that methods that edit pictures can be shown,
            tested and measured with nothing to download. It knows nothing but the toy world.

            ## Data

            Procedural pictures with exact captions, drawn while training: one or two things (ball, box, star, heart, tree, house, fish, bird, cat, flower) in
            8 colours, 3 textures and 3 sizes before 6 backgrounds; 35 %% of the captioned pictures show two things in a relation. No photograph, no drawing and
            no text from elsewhere was used. Prompts it understands:

                a [small|big] [colour] [striped|dotted] [sitting|flying|lying|open|closed] KIND [on a white background|on a gray background|in the sky|on the grass|on the sand|at night]
                a red ball left of a blue box on the grass

            ## Training

            | | autoencoder | text encoder and denoiser |
            |---|---|---|
            | samples | %,d crops of 64x64 | %,d latents of %,d pictures |
            | batch, steps | %d, %d | %d, %d |
            | optimiser | Muon for matrices and kernels, AdamW for the rest | the same |
            | learning rate | %s, %d steps of warm-up, linear to 0 | %s, %d steps of warm-up, linear to 0 |
            | weight decay | %s | %s |
            | weights kept | the last | moving average, decay up to %s |
            | loss at the end | %.4f | %.4f |

            The autoencoder minimises errors of pixels and of their differences, those of things counting three times, with a weak Kullback-Leibler term; its
            latent channels are then whitened, so the scaling factor is 1. The denoiser predicts noise; its loss is weighted by min(2.5, 1/sqrt(SNR)), times
            are stratified, 12 %% of the captions are empty. Seed %d. `%s` has all settings, the CSV files and `training.png` the course of both trainings.

            ## Measured while training, on pictures that were never trained on

            | | |
            |---|---|
            %s
            ## Make it again

                ./heddle train --out DIR --seed %d --autoencoder-samples %d --samples %d --pool %d

            The same version on the same machine makes the same bits, for any number of threads and however often it is interrupted.

            ## Licence

            Apache-2.0, as the program that made it.
            """;

    private static final Map<String, String> MEASURES = Map.of(
            "psnr", "autoencoder: PSNR of reconstructed pictures, dB",
            "psnr_things", "autoencoder: PSNR on the pixels of things, dB",
            "validation", "denoiser: squared error of the noise, weighted by min(SNR, 5)/SNR",
            "validation_early", "denoiser: squared error, t < 333",
            "validation_middle", "denoiser: squared error, t 333 to 666",
            "validation_late", "denoiser: squared error, t > 666");

    /** The page. */
    String text() {
        Recipe first = settings.autoencoder();
        Recipe second = settings.denoiser();
        return String.format(Locale.ROOT, TEXT,
                first.samples(), second.samples(), settings.pool(),
                first.batch(), first.steps(), second.batch(), second.steps(),
                first.peakRate(), first.warmUp(), second.peakRate(), second.warmUp(),
                first.weightDecay(), second.weightDecay(), second.averaging(),
                last(autoencoder.losses()), last(denoiser.losses()),
                settings.seed(), Trainer.SETTINGS, measured(),
                settings.seed(), first.samples(), second.samples(), settings.pool());
    }

    private static double last(double[] values) {
        return values[values.length - 1];
    }

    private String measured() {
        StringBuilder rows = new StringBuilder();
        for (TrainingLog.Curve curve : new TrainingLog.Curve[] {autoencoder, denoiser}) {
            curve.measured().forEach((name, value) -> rows.append(String.format(Locale.ROOT, "| %s | %.4g |%n", MEASURES.get(name), value)));
        }
        return rows.toString();
    }
}
