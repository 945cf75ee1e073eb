package io.heddle.testkit;

/** Every tolerance of the tests, with its reason. */
public final class Tolerances {
    /** Half the distance from 1 to the next float: a sum of n products differs from the exact one by at most n times this times the sum of magnitudes. */
    public static final double UNIT_ROUNDOFF = 0x1p-24;

    private Tolerances() {}
}
