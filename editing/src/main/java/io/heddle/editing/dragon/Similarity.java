package io.heddle.editing.dragon;

import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How alike features of a generated picture and of a reference are. With {@code cos} over the channels, equations (4) and (6) of the paper: 1 where they
 * point the same way, 0 where they are opposite.
 */
enum Similarity {
    /** The mean of {@code (cos + 1)/2} over pairs of cells. */
    LOCAL {
        @Override
        Tensor of(Tensor generated, int[] cells, Tensor reference, int[] references) {
            return normalised(cosines(generated, cells, reference, references));
        }
    },

    /** {@code (cos + 1)/2} of the mean features of both sets of cells. */
    GLOBAL {
        @Override
        Tensor of(Tensor generated, int[] cells, Tensor reference, int[] references) {
            return normalised(cosine(mean(generated, cells), mean(reference, references)).mean());
        }
    },

    /** The mean of {@code cos} itself over pairs, −1 to 1, which the published code has in the energy of moving: there {@code 1 + 4·cos} may vanish. */
    RAW_LOCAL {
        @Override
        Tensor of(Tensor generated, int[] cells, Tensor reference, int[] references) {
            return cosines(generated, cells, reference, references);
        }
    };

    /** Keeps the cosine of nothing, and its derivative, a number; where there is something, it changes no bit. */
    private static final float SMALLEST_NORMS = 1e-16f;

    /**
     * The similarity, a scalar.
     *
     * @param generated {@code [cells, channels]}
     * @param cells rows of {@code generated}; they may repeat
     * @param reference {@code [cells, channels]}
     * @param references rows of {@code reference}; for a local similarity as many, paired with {@code cells}
     */
    abstract Tensor of(Tensor generated, int[] cells, Tensor reference, int[] references);

    private static Tensor normalised(Tensor cosine) {
        return cosine.times(0.5f).plus(0.5f);
    }

    /** The mean cosine over pairs. A pair that repeats, as features are coarser than the cells, is computed once and weighted. */
    private static Tensor cosines(Tensor generated, int[] cells, Tensor reference, int[] references) {
        long[] pairs = IntStream.range(0, cells.length).mapToLong(i -> (long) cells[i] << Integer.SIZE | references[i]).sorted().toArray();
        int[] distinct = new int[pairs.length];
        int[] others = new int[pairs.length];
        float[] weights = new float[pairs.length];
        int count = 0;
        for (int i = 0; i < pairs.length; i++) {
            if (i == 0 || pairs[i] != pairs[i - 1]) {
                distinct[count] = (int) (pairs[i] >>> Integer.SIZE);
                others[count] = (int) pairs[i];
                count++;
            }
            weights[count - 1] += 1f / pairs.length;
        }
        Tensor cosine = cosine(
                generated.gatherRows(Arrays.copyOf(distinct, count)), reference.gatherRows(Arrays.copyOf(others, count)));
        return cosine.times(generated.device().tensor(cosine.shape(), Arrays.copyOf(weights, count))).sum();
    }

    /** The cosine of each row, {@code [rows]}. */
    private static Tensor cosine(Tensor x, Tensor y) {
        Tensor norms = x.square().sum(1).times(y.square().sum(1)).plus(SMALLEST_NORMS).sqrt();
        return x.times(y).sum(1).dividedBy(norms);
    }

    /** The mean feature of cells, {@code [1, channels]}. */
    private static Tensor mean(Tensor features, int[] cells) {
        float[] weights = new float[features.dim(0)];
        for (int cell : cells) {
            weights[cell]++;
        }
        Tensor counts = features.device().tensor(Shape.of(1, weights.length), weights);
        return counts.matmul(features).times(1f / cells.length);
    }
}
