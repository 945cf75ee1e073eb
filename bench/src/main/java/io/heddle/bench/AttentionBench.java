package io.heddle.bench;

import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.tensor.Functional;
import io.heddle.tensor.Tensor;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Param;

/** Attention without a map at the five shapes of Stable Diffusion: self-attention of three grids, attention to the text, the autoencoder's. */
public class AttentionBench extends DeviceBench {
    /** The row of the table. */
    @Param({"attention:4096x4096x8x40", "attention:1024x1024x8x80", "attention:256x256x8x160", "attention:4096x77x8x40", "attention:4096x4096x1x512"})
    public String row;

    @Override
    Supplier<Tensor> prepare() {
        Workload.Attention attention = (Workload.Attention) Workload.parse(row);
        int width = attention.heads() * attention.dim();
        Tensor q = uniform(1, attention.queries(), width);
        Tensor k = uniform(1, attention.keys(), width);
        Tensor v = uniform(1, attention.keys(), width);
        Terms terms = Terms.identity(1);
        return () -> Functional.attention(q, k, v, terms, attention.heads(), false);
    }
}
