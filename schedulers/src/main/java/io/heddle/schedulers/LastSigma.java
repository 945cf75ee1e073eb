package io.heddle.schedulers;

import java.util.List;
import java.util.stream.DoubleStream;

/** Which noise level follows the last step. */
public enum LastSigma {
    /** None at all. */
    ZERO("zero"),
    /** That of the first training step. */
    SMALLEST("sigma_min");

    private final String key;

    LastSigma(String key) {
        this.key = key;
    }

    /** The spelling in configuration files. */
    public String key() {
        return key;
    }

    /** The levels of a run in float32, with this one behind them. */
    List<Float> after(double[] sigmas, NoiseLevels levels) {
        double last = this == ZERO ? 0 : levels.smallest();
        return DoubleStream.concat(DoubleStream.of(sigmas), DoubleStream.of(last)).mapToObj(sigma -> (float) sigma).toList();
    }
}
