package io.heddle.toyworld.training;

/** A training was asked to stop; its state is saved. */
public final class TrainingInterrupted extends RuntimeException {
    private static final long serialVersionUID = 1;

    TrainingInterrupted(String name, int done, int steps) {
        super("the training of the " + name + " was interrupted after step " + done + " of " + steps + "; the same command goes on from there");
    }
}
