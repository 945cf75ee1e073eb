package io.heddle.toyworld.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The page that goes with a model: what it is, what it was made from and how, and how to make it again.
 *
 * @param settings of the training
 * @param curves of its courses, in their order
 */
record ModelCard(TrainingSettings settings, List<TrainingLog.Curve> curves) {
    private static final String TEXT = """
            # A small Stable Diffusion of the toy world

            A text-to-image model for pictures of 128x128 pixels: a CLIP text encoder, a denoiser and an autoencoder of Stable Diffusion's architecture at
            small sizes, in the folder layout of the diffusers library, weights in half precision. It exists so that methods that edit pictures can be shown,
            tested and measured with nothing to download. It knows nothing but the toy world.

            ## Data

            Procedural pictures with exact captions, drawn while training: one or two things (ball, box, star, heart, tree, house, fish, bird, cat, flower) in
            8 colours, 3 textures and 3 sizes before 6 backgrounds; 35 %% of the captioned pictures show two things in a relation, 70 %% in the course on
            pairs. No photograph, no drawing and no text from elsewhere was used. Prompts it understands:

                a [small|big] [colour] [striped|dotted] [sitting|flying|lying|open|closed] KIND [on a white background|on a gray background|in the sky|on the grass|on the sand|at night]
                a red ball left of a blue box on the grass

            ## Training

            | course | autoencoder | text encoder and denoiser | the same, mostly on pairs | decoder |
            |---|---|---|---|---|
            | samples | %,d crops of 64x64 | %,d latents of %,d pictures | %,d latents of %,d pictures | %,d of the first latents |
            | batch, steps | %d, %d | %d, %d | %d, %d | %d, %d |
            | peak of the learning rate | %s | %s | %s | %s |
            | weight decay | %s | %s | %s | %s |
            | decay of the weights' average, up to | %s | %s | %s | %s |
            | loss at the end | %.4f | %.4f | %.4f | %.4f |

            Muon for matrices and kernels, AdamW for the rest; %d steps of warm-up, then linear to 0. The autoencoder minimises errors of pixels and of their
            differences, those of things counting three times, with a weak Kullback-Leibler term; its latent channels are then whitened, so the scaling factor
            is 1. The denoiser predicts noise; its loss is weighted by min(2.5, 1/sqrt(SNR)), times are stratified, 12 %% of the captions are empty. In the last
            course the encoder stays and the decoder learns whole pictures. Seed %d. `%s` has all settings, the CSV files and `training.png` all courses.

            ## Measured while training, on pictures that were never trained on

            | | |
            |---|---|
            %s
            ## Make it again

                ./heddle train --out DIR --seed %d --autoencoder-samples %d --samples %d --pair-samples %d --decoder-samples %d --pool %d --pair-pool %d

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
        List<Recipe> recipes = List.of(settings.autoencoder(), settings.denoiser(), settings.pairs(), settings.decoder());
        List<Object> values = new ArrayList<>(List.of(recipes.get(0).samples(), recipes.get(1).samples(), settings.pool(), recipes.get(2).samples(),
                settings.pairPool(), recipes.get(3).samples()));
        recipes.forEach(recipe -> values.addAll(List.of(recipe.batch(), recipe.steps())));
        recipes.forEach(recipe -> values.add(recipe.peakRate()));
        recipes.forEach(recipe -> values.add(recipe.weightDecay()));
        recipes.forEach(recipe -> values.add(recipe.averaging()));
        curves.forEach(curve -> values.add(curve.losses()[curve.losses().length - 1]));
        values.addAll(List.of(settings.autoencoder().warmUp(), settings.seed(), Trainer.SETTINGS, measured(), settings.seed()));
        recipes.forEach(recipe -> values.add(recipe.samples()));
        values.addAll(List.of(settings.pool(), settings.pairPool()));
        return String.format(Locale.ROOT, TEXT, values.toArray());
    }

    /** A row for each measure, with the value of the last course that took it. */
    private String measured() {
        Map<String, Double> last = new LinkedHashMap<>();
        curves.forEach(curve -> last.putAll(curve.measured()));
        return last.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "| %s | %.4g |%n", MEASURES.get(entry.getKey()), entry.getValue()))
                .collect(Collectors.joining());
    }
}
