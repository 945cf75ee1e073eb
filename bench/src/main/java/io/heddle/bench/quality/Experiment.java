package io.heddle.bench.quality;

/** Measures numbered items, each from its own seed: the numbers of an item depend on nothing but the model, the laboratory's settings and its number. */
interface Experiment {
    /** The name on the command line and in files. */
    String name();

    /** What was done, in a sentence or two below the table. */
    String protocol();

    /** Measures an item. */
    void measure(Session session, Measurements results);
}
