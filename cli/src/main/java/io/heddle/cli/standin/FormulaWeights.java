package io.heddle.cli.standin;

import io.heddle.weights.WeightSource;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Weights that depend on their names alone. They let a signal through without growing or vanishing: matrices are uniform with variance
 * {@code gain² / fan-in}, convolutions mix channels likewise and blur a little, so that pictures are soft; normalisations scale by 1, biases are 0.
 */
final class FormulaWeights implements WeightSource {
    private static final float[] BLUR = {0.25f, 0.5f, 0.25f};
    private static final int KERNEL = BLUR.length;

    /** Sharp enough that words look at different places. */
    private static final double GAIN_OF_QUERIES_AND_KEYS = 1.8;

    @Override
    public float[] take(String name, int[]... shapes) {
        int[] shape = shapes[0];
        float[] elements = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        if (shape.length == 1) {
            Arrays.fill(elements, name.endsWith(".weight") ? 1 : 0);
        } else if (shape.length == 4 && shape[2] == KERNEL) {
            fillConvolution(elements, name, shape[1]);
        } else {
            boolean table = name.contains("embeddings.");
            fill(elements, name, table ? 1 : elements.length / shape[0]);
        }
        return elements;
    }

    private static void fill(float[] elements, String name, int fanIn) {
        SplittableRandom random = random(name);
        double reach = gain(name) * Math.sqrt(3.0 / fanIn);
        for (int i = 0; i < elements.length; i++) {
            elements[i] = (float) random.nextDouble(-reach, reach);
        }
    }

    /** Every pair of channels has a factor, spread over the kernel's cells as a blur. */
    private static void fillConvolution(float[] elements, String name, int in) {
        float[] mixing = new float[elements.length / (KERNEL * KERNEL)];
        fill(mixing, name, in);
        for (int i = 0; i < elements.length; i++) {
            int cell = i % (KERNEL * KERNEL);
            elements[i] = mixing[i / (KERNEL * KERNEL)] * BLUR[cell / KERNEL] * BLUR[cell % KERNEL];
        }
    }

    private static double gain(String name) {
        if (name.endsWith("to_q.weight") || name.endsWith("to_k.weight")) {
            return GAIN_OF_QUERIES_AND_KEYS;
        }
        return 1;
    }

    private static SplittableRandom random(String name) {
        return new SplittableRandom((long) name.hashCode() << Integer.SIZE);
    }
}
