package io.heddle.toyworld.training;

/** Hears how a training goes. */
public interface TrainingListener {
    /** A part of the training begins, goes on where an interrupted one ended, or is interrupted itself. */
    void stage(String description);

    /** How far a network's training is. */
    void progress(Progress progress);
}
