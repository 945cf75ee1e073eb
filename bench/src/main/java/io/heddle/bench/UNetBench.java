package io.heddle.bench;

import io.heddle.attention.AttentionTaps;
import io.heddle.tensor.Tensor;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Warmup;

/** One evaluation of the network at the size of Stable Diffusion 1.5 with random weights. The text's keys and values are computed in each evaluation. */
@BenchmarkMode(Mode.SingleShotTime)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
public class UNetBench extends DeviceBench {
    /** The row of the table. */
    @Param({"unet:1", "unet:2"})
    public String row;

    @Override
    Supplier<Tensor> prepare() {
        RandomUNet unet = new RandomUNet(device(), ((Workload.UNet) Workload.parse(row)).rows());
        return () -> unet.predict(AttentionTaps.none());
    }
}
