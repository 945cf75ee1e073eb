package io.heddle.testkit.contract;

/** {@link BackendContract} but for the bits of float32 arithmetic. */
abstract class AnyPrecisionContract extends BackendTrials
        implements MemoryContract,
        PointwiseContract,
        ReductionContract,
        MovementContract,
        LinearContract,
        ConvolutionContract,
        NormalizationContract,
        AttentionContract,
        OptimisationContract,
        OperationContract {}
