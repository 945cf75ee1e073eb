package io.heddle.bench;

import io.heddle.tensor.Tensor;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One step of a Prompt-to-Prompt edit with one target at the size of Stable Diffusion 1.5: four rows where the source is sampled beside the target, two
 * where it was recorded.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
public class P2pStepBench extends DeviceBench {
    /** The row of the table. */
    @Param({"p2p_step:4", "p2p_step:2"})
    public String row;

    @Override
    Supplier<Tensor> prepare() {
        P2pStep step = new P2pStep(device(), new RandomUNet(device(), 1));
        return ((Workload.P2pStep) Workload.parse(row)).rows() == 4 ? step::uncached : step::cached;
    }
}
