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
            8 colours, 3 textures and 3 sizes before 6 backgrounds; 35 %% of the captioned pictures show two things in a relation, 70 %% in the courses on
            pairs and order. No photograph, no drawing and no text from elsewhere was used. Prompts it understands:

                a [small|big] [colour] [striped|dotted] [sitting|flying|lying|open|closed] KIND [on a white background|on a gray background|in the sky|on the grass|on the sand|at night]
                a red ball left of a blue box on the grass

            ## Training

            | course | what learns | samples | batch, steps | peak of the learning rate | weight decay | decay of the weights' average, up to | loss at the end |
            |---|---|---|---|---|---|---|---|
            %s
            Muon for matrices and kernels, AdamW for the rest; %d steps of warm-up, then linear to 0. The autoencoder minimises errors of pixels and of their
            differences, those of things counting three times, with a weak Kullback-Leibler term; its latent channels are then whitened, so the scaling factor
            is 1. The denoiser predicts noise; its loss is weighted by min(2.5, 1/sqrt(SNR)), times are stratified, 12 %% of the captions are empty. In the
            course on order all latents are of pairs at t >= 800, where the noise hides which thing is where, until 43 %% of its steps are done, and every
            other one after that; 80 %% of their captions say all there is. In the last course the encoder stays and the decoder learns whole pictures.
            Seed %d. `%s` has all settings, the CSV files and `training.png` all courses.

            ## Measured while training, on pictures that were never trained on

            | | |
            |---|---|
            %s
            ## Make it again

                ./heddle train --out DIR --seed %d --autoencoder-samples %d --samples %d --pair-samples %d --order-samples %d --decoder-samples %d --pool %d --pair-pool %d

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
        List<Object> values = new ArrayList<>(List.of(courses(), settings.autoencoder().warmUp(), settings.seed(), Trainer.SETTINGS, measured(),
                settings.seed()));
        recipes().forEach(recipe -> values.add(recipe.samples()));
        values.addAll(List.of(settings.pool(), settings.pairPool()));
        return String.format(Locale.ROOT, TEXT, values.toArray());
    }

    private List<Recipe> recipes() {
        return List.of(settings.autoencoder(), settings.denoiser(), settings.pairs(), settings.order(), settings.decoder());
    }

    /** A row for each course. */
    private String courses() {
        String both = "text encoder and denoiser";
        List<String> learners = List.of("autoencoder", both, both, both, "decoder");
        List<String> samples = List.of("crops of %1$dx%1$d".formatted(settings.crop()), latents(settings.pool()), latents(settings.pairPool()),
                latents(settings.pairPool()), latents(settings.pool()));
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < curves.size(); i++) {
            Recipe recipe = recipes().get(i);
            double[] losses = curves.get(i).losses();
            rows.append(String.format(Locale.ROOT, "| %s | %s | %,d %s | %d, %d | %s | %s | %s | %.4f |%n", curves.get(i).network(), learners.get(i),
                    recipe.samples(), samples.get(i), recipe.batch(), recipe.steps(), recipe.peakRate(), recipe.weightDecay(), recipe.averaging(),
                    losses[losses.length - 1]));
        }
        return rows.toString();
    }

    private static String latents(int pictures) {
        return String.format(Locale.ROOT, "latents of %,d pictures", pictures);
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
