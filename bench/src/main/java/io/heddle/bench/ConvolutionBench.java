package io.heddle.bench;

import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.tensor.Functional;
import io.heddle.tensor.Tensor;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Param;

/** 3×3 convolutions of the network, which are half of its work, and two of the autoencoder. */
public class ConvolutionBench extends DeviceBench {
    /** The row of the table. */
    @Param({"conv:64x64x320x320", "conv:64x64x960x320", "conv:32x32x640x640", "conv:32x32x1280x640", "conv:16x16x1280x1280", "conv:16x16x2560x1280",
        "conv:8x8x1280x1280", "conv:256x256x256x256", "conv:512x512x128x128"})
    public String row;

    @Override
    Supplier<Tensor> prepare() {
        Workload.Conv conv = (Workload.Conv) Workload.parse(row);
        Tensor x = uniform(1, conv.height(), conv.width(), conv.in());
        Tensor weight = uniform(conv.out(), 3, 3, conv.in());
        Tensor bias = uniform(conv.out());
        return () -> Functional.conv2d(x, weight, bias, null, 1, Padding.all(1));
    }
}
