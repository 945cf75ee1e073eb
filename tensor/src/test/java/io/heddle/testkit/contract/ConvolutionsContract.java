package io.heddle.testkit.contract;

/** What {@link BackendContract} says of convolutions, for backends that differ in nothing else. */
public abstract class ConvolutionsContract extends BackendTrials implements ConvolutionContract {}
