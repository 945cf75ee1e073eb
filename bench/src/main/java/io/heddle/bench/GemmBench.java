package io.heddle.bench;

import io.heddle.tensor.Functional;
import io.heddle.tensor.Tensor;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Param;

/** Linear layers of the network with each provider of matrix products. {@link NativeGemmBench} has the rates to compare with. */
public class GemmBench extends DeviceBench {
    /** The row of the table. */
    @Param({"gemm:4096x320x320", "gemm:4096x2560x320", "gemm:4096x320x1280", "gemm:1024x5120x640", "gemm:256x1280x1280", "gemm:64x10240x1280",
        "gemm:2048x2048x2048"})
    public String row;

    /** The provider, as the system property {@code heddle.gemm} names it. */
    @Param({"openblas", "vector", "plain"})
    public String provider;

    @Override
    public void open() {
        System.setProperty("heddle.gemm", provider);
        super.open();
    }

    @Override
    Supplier<Tensor> prepare() {
        Workload.Gemm gemm = (Workload.Gemm) Workload.parse(row);
        Tensor x = uniform(1, gemm.m(), gemm.k());
        Tensor weight = uniform(gemm.n(), gemm.k());
        return () -> Functional.linear(x, weight, null, null);
    }
}
