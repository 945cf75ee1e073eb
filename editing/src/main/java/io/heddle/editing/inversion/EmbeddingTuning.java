package io.heddle.editing.inversion;

import io.heddle.attention.Pass;
import io.heddle.attention.Prefix;
import io.heddle.attention.Row;
import io.heddle.attention.Row.Branch;
import io.heddle.attention.Step;
import io.heddle.attention.Step.Purpose;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Guidance;
import io.heddle.nn.Adam;
import io.heddle.schedulers.Solver;
import io.heddle.tensor.Device;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Optimises the embedding of one side of guidance, step by step on the way back, so that each guided step ends at the trajectory.
 *
 * <p>With {@code ε = (1 − w)·ε_u + w·ε_c} and a step {@code y} that is affine in {@code ε} with slope {@code b}, the loss {@code L = mean (y − z*)²} has the
 * gradient {@code ∂L/∂ε_tuned = 2·g·b·(y − z*)/n} with {@code g = 1 − w} or {@code w}. It seeds the backward run, so that neither guidance nor scheduler
 * is recorded, and the other side's prediction, which does not change, is made once for each step. Only the embedding is watched: no gradient of weights,
 * of latents or of what comes before the first cross-attention is computed, and all evaluations of a step share what comes before it.
 *
 * @param branch which side of guidance is tuned
 * @param tuning the numbers
 * @param learningRate for each call
 */
record EmbeddingTuning(Branch branch, Tuning tuning, IntToDoubleFunction learningRate) {
    static EmbeddingTuning of(Branch branch, Tuning tuning, IntToDoubleFunction learningRate) {
        return new EmbeddingTuning(branch, tuning, learningRate);
    }

    /** Does the steps that are left. */
    void run(InversionRun run) {
        try (Solver solver = run.inverter().schedule().start()) {
            for (int call = run.embeddings.size(); call < run.steps(); call++) {
                try (Scope _ = run.inverted.getFirst().device().scope();
                        Prefix prefix = new Prefix()) {
                    new TunedStep(run, solver, call, prefix).run();
                }
            }
        }
    }

    /** The optimisation of one step. */
    private final class TunedStep {
        private final InversionRun run;
        private final Solver solver;
        private final Prefix prefix;
        private final Step step;
        private final Tensor latent;
        private final Tensor target;
        private final Guidance guidance;
        private final Tensor fixed;
        private final double seedScale;

        TunedStep(InversionRun run, Solver solver, int call, Prefix prefix) {
            this.run = run;
            this.solver = solver;
            this.prefix = prefix;
            step = new Step(call, run.steps(), run.inverter().schedule().timestep(call), Purpose.OPTIMISE);
            latent = run.reconstructed.getLast();
            target = run.inverted.get(run.steps() - call - 1);
            guidance = Guidance.classifierFree(run.guidance());
            TextEmbedding other = tunesNull() ? run.text().conditional() : run.text().empty();
            fixed = run.predict(latent, pass(other, tunesNull() ? Branch.CONDITIONAL : Branch.UNCONDITIONAL));
            double gain = tunesNull() ? 1 - run.guidance() : run.guidance();
            seedScale = 2 * gain * run.inverter().schedule().outputSlope(call) / latent.size();
        }

        void run() {
            Device device = latent.device();
            Tensor embedding = run.warmStart(tunesNull() ? run.text().empty() : run.text().conditional()).gatherRows(0);
            List<Float> losses = new ArrayList<>();
            try (Adam adam = Adam.of(embedding)) {
                for (int inner = 0; inner < tuning.innerSteps(); inner++) {
                    float loss = update(embedding, adam);
                    losses.add(loss);
                    if (tuning.endsAfter(loss, step.index())) {
                        break;
                    }
                }
            }
            Tensor next = device.tidy(() -> {
                try (TextEmbedding tuned = TextEmbedding.of(embedding)) {
                    return move(run.predict(latent, pass(tuned, branch)));
                }
            });
            run.tuned(embedding, next, losses);
        }

        /** One update; returns the loss before it. */
        private float update(Tensor embedding, Adam adam) {
            try (Scope _ = embedding.device().scope();
                    Recording tape = Recording.open()) {
                Tensor watched = tape.watch(embedding);
                Pass pass = pass(TextEmbedding.of(watched), branch);
                Tensor prediction = run.predict(latent, run.inverter().checkpointed() ? pass.checkpointing(tape) : pass);
                Tensor difference = move(prediction.detach()).minus(target);
                Tensor gradient = tape.gradients(prediction, difference.times((float) seedScale)).of(watched);
                adam.step(embedding, gradient, learningRate.applyAsDouble(step.index()));
                return difference.square().mean().item();
            }
        }

        /** The latent after the step with a prediction of the tuned side. */
        private Tensor move(Tensor tuned) {
            Tensor guided = tunesNull() ? guidance.guide(step, tuned, fixed) : guidance.guide(step, fixed, tuned);
            return solver.step(guided, step.index(), latent);
        }

        private Pass pass(TextEmbedding text, Branch side) {
            return Pass.of(step, TextConditioning.of(text)).withRows(List.of(new Row(side, 0))).sharing(prefix);
        }
    }

    private boolean tunesNull() {
        return branch == Branch.UNCONDITIONAL;
    }
}
