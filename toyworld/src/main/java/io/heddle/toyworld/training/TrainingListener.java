package io.heddle.toyworld.training;

/** Hears how a training goes. */
public interface TrainingListener {
    /** A part of the training begins, is found done as far as it says, or is interrupted. */
    void stage(String description);

    /** How far a network's training is. */
    void progress(Progress progress);
}
