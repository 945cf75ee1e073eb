package io.heddle.testkit.contract;

/**
 * What every backend must do. For each primitive: its results are the reference backend's within the stated tolerance, whatever the threads and the
 * other rows of the batch with the same bits; outputs are written fully, inputs and what lies beside them are left alone.
 */
public abstract class BackendContract extends AnyPrecisionContract implements RoundingContract {}
