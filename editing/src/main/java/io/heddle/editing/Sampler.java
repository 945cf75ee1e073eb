package io.heddle.editing;

import io.heddle.attention.Pass;
import io.heddle.attention.Row;
import io.heddle.attention.Row.Branch;
import io.heddle.attention.Step;
import io.heddle.attention.Step.Purpose;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.schedulers.Schedule;
import io.heddle.schedulers.Solver;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The sampling loop: from noise to latents, one network evaluation and one move of the scheduler for each step. All methods run in it. Latents and guidance
 * are held in float32 whatever the network computes in, as their roundings would add up from step to step.
 */
public final class Sampler {
    private final NoisePredictor predictor;
    private final Schedule schedule;
    private final Purpose purpose;

    /** A loop of a network on a schedule, for generating. */
    public Sampler(NoisePredictor predictor, Schedule schedule) {
        this(predictor, schedule, Purpose.SAMPLE);
    }

    /** A loop with another purpose, which taps can tell: on a {@linkplain io.heddle.schedulers.DdimSchedule#reversed reversed schedule} it inverts. */
    public Sampler(NoisePredictor predictor, Schedule schedule, Purpose purpose) {
        this.predictor = predictor;
        this.schedule = schedule;
        this.purpose = purpose;
    }

    /**
     * Samples the recipe's prompts.
     *
     * @param start {@code [prompts, height, width, 4]}, or one row that all prompts start from; already times the schedule's initial deviation
     * @return {@code [prompts, height, width, 4]}
     */
    public Tensor run(Tensor start, EditRecipe recipe, SamplingListener listener) {
        return resume(start, 0, recipe, listener);
    }

    /**
     * Goes on with a run that was interrupted; the bits are those of the whole run.
     *
     * @param start the latents before {@code firstCall}
     * @param firstCall the first call to make
     * @throws IllegalStateException if that is not the run's first one and the schedule's solver remembers calls before
     */
    public Tensor resume(Tensor start, int firstCall, EditRecipe recipe, SamplingListener listener) {
        int prompts = recipe.conditioning().prompts().size();
        return start.device().tidy(() -> {
            Tensor latents = start;
            try (Solver solver = schedule.start()) {
                for (int call = firstCall; call < schedule.calls(); call++) {
                    Tensor previous = latents;
                    Step step = step(call);
                    try (Scope scope = start.device().scope()) {
                        Tensor guided = predict(previous, recipe, step);
                        latents = scope.keep(start.device().inFloat32(() -> {
                            Tensor sample = previous.dim(0) == prompts ? previous : previous.gatherRows(new int[prompts]);
                            Tensor blended = recipe.blend().blend(step, solver.step(guided, step.index(), sample));
                            // a handle of the loop's own to close, as the blended one may be somebody else's
                            return blended.reshape(blended.shape().dims());
                        }));
                    }
                    if (previous != start) {
                        previous.close();
                    }
                    listener.stepped(step, latents);
                }
            }
            return latents;
        });
    }

    /** The description of a step of this schedule. */
    public Step step(int call) {
        return new Step(call, schedule.calls(), schedule.timestep(call), purpose);
    }

    /** The guided prediction of one step, {@code [prompts, height, width, 4]}. */
    public Tensor predict(Tensor latents, EditRecipe recipe, Step step) {
        Pass pass = pass(latents.dim(0), recipe, step);
        Tensor predicted = predictor.predict(schedule.scaleInput(latents, step.index()), pass);
        int prompts = recipe.conditioning().prompts().size();
        Tensor conditional = predicted.rows(predicted.dim(0) - prompts, prompts);
        Tensor unconditional = unconditional(predicted, pass, recipe);
        return latents.device().inFloat32(() -> recipe.guidance().guide(step, unconditional, conditional));
    }

    /** The unconditional predictions; for prompts that have none the conditional ones, which guidance then leaves as they are. */
    private static Tensor unconditional(Tensor predicted, Pass pass, EditRecipe recipe) {
        int[] rows = recipe.conditioning().prompts().stream()
                .mapToInt(prompt -> {
                    int row = pass.rows().indexOf(new Row(Branch.UNCONDITIONAL, prompt));
                    return row >= 0 ? row : pass.rows().indexOf(new Row(Branch.CONDITIONAL, prompt));
                })
                .toArray();
        return Arrays.equals(rows, IntStream.range(0, rows.length).toArray()) ? predicted.rows(0, rows.length) : predicted.gatherRows(rows);
    }

    /** The evaluation of one step: the unconditional rows, where guidance needs them, then the conditional ones. */
    public static Pass pass(int latents, EditRecipe recipe, Step step) {
        Conditioning conditioning = recipe.conditioning();
        List<Integer> prompts = conditioning.prompts();
        List<TextEmbedding> text = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (int prompt : prompts) {
            if (recipe.guidance().needsUnconditional() && conditioning.isGuided(prompt)) {
                text.add(conditioning.unconditional(step, prompt));
                rows.add(new Row(Branch.UNCONDITIONAL, prompt));
            }
        }
        for (int prompt : prompts) {
            text.add(conditioning.conditional(step, prompt));
            rows.add(new Row(Branch.CONDITIONAL, prompt));
        }
        int[] latentOf = rows.stream().mapToInt(row -> latents == 1 ? 0 : prompts.indexOf(row.prompt())).toArray();
        return Pass.of(step, TextConditioning.of(text)).withRows(rows).withLatents(latentOf).withTaps(recipe.taps());
    }
}
