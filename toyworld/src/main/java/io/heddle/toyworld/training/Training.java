package io.heddle.toyworld.training;

import io.heddle.files.AtomicFile.Existing;
import io.heddle.files.Interruption;
import io.heddle.nn.LearningRate;
import io.heddle.weights.SafetensorsFile;
import io.heddle.weights.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The steps of one network's training, from wherever its state file says it is to the end. */
final class Training {
    private static final int STEPS_PER_ROW = 20;
    private static final int STEPS_PER_VALIDATION = 200;
    private static final Duration SAVE_AFTER = Duration.ofMinutes(5);
    /** A multiply-add pair is two operations, and backward costs twice as many as forward. */
    private static final double FLOPS_PER_WORK = 2 * 3;
    private static final double GIGA = 1e9;
    private static final double NANOS = 1e9;

    private final String name;
    private final Recipe recipe;
    private final Objective objective;
    private final Learner learner;
    private final LearningRate rate;
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
        this.rate = recipe.learningRate();
        this.state = folder.resolve(name + ".safetensors");
        this.listener = listener;
        if (Files.exists(state)) {
            try (SafetensorsFile file = SafetensorsFile.open(state)) {
                learner.restore(file);
            }
            listener.stage("%s: %d of %d steps are done".formatted(name, learner.steps(), recipe.steps()));
        }
        this.log = TrainingLog.open(folder.resolve(name + ".csv"), objective.measures(), learner.steps());
    }

    /**
     * Runs to the end, or until it is to stop or the program is to end: then the state is saved before the exception leaves.
     *
     * @param stopping asked after every step
     * @throws TrainingInterrupted if it did not come to the end
     */
    void run(BooleanSupplier stopping) {
        try (Interruption interruption = new Interruption()) {
            double losses = 0;
            int reported = learner.steps();
            long clock = System.nanoTime();
            long saved = clock;
            while (learner.steps() < recipe.steps()) {
                losses += step();
                int done = learner.steps();
                boolean last = done == recipe.steps();
                if (done % STEPS_PER_ROW == 0 || last) {
                    double seconds = (System.nanoTime() - clock) / NANOS;
                    report(losses / (done - reported), (done - reported) / seconds);
                    losses = 0;
                    reported = done;
                    clock = System.nanoTime();
                }
                boolean stop = interruption.asked() || stopping.getAsBoolean();
                if (last || stop || System.nanoTime() - saved > SAVE_AFTER.toNanos()) {
                    save();
                    saved = System.nanoTime();
                }
                if (stop && !last) {
                    TrainingInterrupted interrupted = new TrainingInterrupted(name, done, recipe.steps());
                    // an ending program does not wait for whoever catches it
                    listener.stage(interrupted.getMessage());
                    throw interrupted;
                }
            }
        }
    }

    private double step() {
        int step = learner.steps();
        return learner.step(shard -> objective.loss(step, shard), rate.at(step));
    }

    private void report(double loss, double stepsPerSecond) {
        int done = learner.steps();
        boolean validates = done % STEPS_PER_VALIDATION == 0 || done == recipe.steps();
        double samplesPerSecond = stepsPerSecond * recipe.batch();
        Progress progress = new Progress(name, done, recipe.steps(), (long) done * recipe.batch(), loss, rate.at(done - 1), learner.gradientNorm(),
                samplesPerSecond, samplesPerSecond * objective.work() * FLOPS_PER_WORK / GIGA,
                validates ? learner.withAverages(objective::validate) : Map.of());
        log.add(progress);
        listener.progress(progress);
    }

    private void save() {
        SafetensorsWriter file = new SafetensorsWriter();
        learner.save(file);
        file.write(state, Existing.REPLACE);
    }
}
