package io.heddle.toyworld.training;

import io.heddle.files.AtomicFile.Existing;
import io.heddle.nn.LearningRate;
import io.heddle.weights.SafetensorsFile;
import io.heddle.weights.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The steps of one network's training, from wherever its state file says it is to the end. */
final class Training {
    private static final int STEPS_PER_ROW = 20;
    private static final int STEPS_PER_VALIDATION = 200;
    private static final Duration SAVE_AFTER = Duration.ofMinutes(5);
    /** A multiply-add pair is two operations, and backward costs twice as many as forward. */
    private static final double FLOPS_PER_WORK = 2 * 3;

    private final String name;
    private final Recipe recipe;
    private final Objective objective;
    private final Learner learner;
    private final Path state;
    private final TrainingLog log;
    private final TrainingListener listener;

    /**
     * Takes up the state if there is one.
     *
     * @param folder where the state and the log are, by the training's name
     */
    Training(String name, Recipe recipe, Objective objective, Learner learner, Path folder, TrainingListener listener) {
        this.name = name;
        this.recipe = recipe;
        this.objective = objective;
        this.learner = learner;
        this.state = folder.resolve(name + ".safetensors");
        this.listener = listener;
        if (Files.exists(state)) {
            try (SafetensorsFile file = SafetensorsFile.open(state)) {
                learner.restore(file);
            }
        }
        this.log = TrainingLog.open(folder.resolve(name + ".csv"), objective.measures(), learner.steps());
    }

    /** Runs to the end, or until the interruption: then the state is saved before the exception leaves. */
    void run(Interruption interruption) {
        LearningRate rate = recipe.learningRate();
        double losses = 0;
        int rowStart = learner.steps();
        long clock = System.nanoTime();
        long saved = clock;
        while (learner.steps() < recipe.steps()) {
            int step = learner.steps();
            losses += learner.step(shard -> objective.loss(step, shard), rate.at(step));
            int done = learner.steps();
            boolean last = done == recipe.steps();
            if (done % STEPS_PER_ROW == 0 || last) {
                double seconds = (System.nanoTime() - clock) / 1e9;
                double perSecond = (double) (done - rowStart) * recipe.batch() / seconds;
                Map<String, Double> measured =
                        done % STEPS_PER_VALIDATION == 0 || last ? learner.withAverages(objective::validate) : Map.of();
                Progress progress = new Progress(name, done, recipe.steps(), (long) done * recipe.batch(), losses / (done - rowStart), rate.at(step),
                        learner.gradientNorm(), perSecond, perSecond * objective.work() * FLOPS_PER_WORK / 1e9, measured);
                log.add(progress);
                listener.progress(progress);
                losses = 0;
                rowStart = done;
                clock = System.nanoTime();
            }
            if (interruption.asked()) {
                save();
                throw new TrainingInterrupted(name, done, recipe.steps());
            }
            if (last || System.nanoTime() - saved > SAVE_AFTER.toNanos()) {
                save();
                saved = System.nanoTime();
            }
        }
    }

    private void save() {
        SafetensorsWriter file = new SafetensorsWriter();
        learner.save(file);
        file.write(state, Existing.REPLACE);
    }
}
