package io.heddle.editing.imagic;

import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.Step.Purpose;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.schedulers.NoiseSchedule;
import io.heddle.schedulers.Prediction;
import io.heddle.tensor.Tensor;
import io.heddle.unet.UNet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * How well a network denoises one picture under a text: {@code L = mean (n − f(√ᾱ_t·x + √(1 − ᾱ_t)·n, t, e))²}. Kawar et al. 2023, equation 3; networks
 * that predict velocity are asked for that instead of the noise {@code n}.
 *
 * @param unet the network {@code f}
 * @param levels the noise schedule {@code ᾱ}
 * @param kind what the network predicts
 */
record DenoisingLoss(UNet unet, NoiseSchedule levels, Prediction kind) {
    /**
     * What the network said.
     *
     * @param prediction {@code [rows, height, width, 4]}, recorded if text or weights are
     * @param difference what is wrong with it, of the same shape
     */
    record Outcome(Tensor prediction, Tensor difference) {
        /** The loss. */
        float value() {
            return difference.square().mean().item();
        }

        /** The loss's gradient with respect to the prediction. */
        Tensor seed() {
            return difference.times(2f / difference.size());
        }
    }

    /**
     * Evaluates the network on a draw.
     *
     * @param clean the picture's latent {@code x}, {@code [1, height, width, 4]}
     * @param text the text {@code e}, the same for all rows
     * @param configure changes the evaluation, for example to save memory
     */
    Outcome evaluate(Tensor clean, TextEmbedding text, TrainingDraw draw, UnaryOperator<Pass> configure) {
        List<Tensor> noisy = new ArrayList<>();
        List<Tensor> targets = new ArrayList<>();
        for (int row = 0; row < draw.timesteps().size(); row++) {
            int timestep = draw.timesteps().get(row);
            Tensor noise = draw.noise().row(row);
            noisy.add(levels.addNoise(clean, noise, timestep));
            targets.add(switch (kind) {
                case EPSILON -> noise;
                case VELOCITY -> levels.velocity(clean, noise, timestep);
                case SAMPLE -> clean;
            });
        }
        Step step = new Step(0, 1, draw.timesteps().getFirst(), Purpose.OPTIMISE);
        Pass pass = Pass.of(step, TextConditioning.of(Collections.nCopies(noisy.size(), text)));
        double[] timesteps = draw.timesteps().stream().mapToDouble(Integer::doubleValue).toArray();
        Tensor prediction = unet.predict(Tensor.concat(0, noisy), configure.apply(pass), timesteps);
        return new Outcome(prediction, prediction.detach().minus(Tensor.concat(0, targets)));
    }
}
