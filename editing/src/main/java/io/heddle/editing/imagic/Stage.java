package io.heddle.editing.imagic;

/** What random numbers are drawn for. */
public enum Stage {
    /** Optimising the embedding. */
    EMBEDDING,
    /** Tuning the network. */
    NETWORK,
    /** Measuring the loss between the stages. */
    MEASUREMENT
}
