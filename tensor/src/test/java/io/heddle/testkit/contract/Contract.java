package io.heddle.testkit.contract;

/** A group of the contract's tests. */
interface Contract {
    /** The rows of a batch in trials. */
    int ROWS = 3;

    Backends backends();

    /** A trial of a primitive on a batch of {@link #ROWS} rows. */
    default Trial trial(String primitive, Object... sizes) {
        return new Trial(backends(), ROWS, primitive, sizes);
    }
}
