package io.heddle.editing;

import io.heddle.attention.Step;
import io.heddle.tensor.Tensor;

/** Classifier-free guidance, with rescaling if asked. */
record ClassifierFreeGuidance(float scale, float rescale) implements Guidance {
    @Override
    public boolean needsUnconditional() {
        return scale > 1;
    }

    @Override
    public Tensor guide(Step step, Tensor unconditional, Tensor conditional) {
        if (!needsUnconditional()) {
            return conditional;
        }
        Tensor guided = unconditional.plus(conditional.minus(unconditional).times(conditional.device().scalar(scale)));
        if (rescale == 0) {
            return guided;
        }
        Tensor rescaled = guided.times(deviation(conditional).dividedBy(deviation(guided)));
        return rescaled.times(rescale).plus(guided.times(1 - rescale));
    }

    /** The unbiased standard deviation of each row, {@code [rows, 1, 1, 1]}. */
    private static Tensor deviation(Tensor x) {
        int rows = x.dim(0);
        Tensor mean = x.mean(1, 2, 3).reshape(rows, 1, 1, 1);
        float degrees = x.size() / (float) rows - 1;
        return x.minus(mean).square().sum(1, 2, 3).times(1 / degrees).sqrt().reshape(rows, 1, 1, 1);
    }
}
