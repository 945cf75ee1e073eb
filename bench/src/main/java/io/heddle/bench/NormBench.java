package io.heddle.bench;

import io.heddle.tensor.Functional;
import io.heddle.tensor.Tensor;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Param;

/** Normalisations of the network. */
public class NormBench extends DeviceBench {
    private static final int GROUPS = 32;
    private static final float EPSILON = 1e-5f;

    /** The row of the table. */
    @Param({"group_norm:4096x320", "group_norm:4096x960", "group_norm:1024x640", "group_norm:256x2560", "layer_norm:4096x320", "layer_norm:1024x640"})
    public String row;

    @Override
    Supplier<Tensor> prepare() {
        return switch (Workload.parse(row)) {
            case Workload.GroupNorm norm -> {
                Tensor x = uniform(1, norm.cells(), norm.channels());
                Tensor gamma = uniform(norm.channels());
                Tensor beta = uniform(norm.channels());
                yield () -> Functional.groupNorm(x, gamma, beta, GROUPS, EPSILON, true);
            }
            case Workload.LayerNorm norm -> {
                Tensor x = uniform(1, norm.tokens(), norm.width());
                Tensor gamma = uniform(norm.width());
                Tensor beta = uniform(norm.width());
                yield () -> Functional.layerNorm(x, gamma, beta, EPSILON);
            }
            default -> throw new IllegalArgumentException("the row " + row + " is no normalisation");
        };
    }
}
