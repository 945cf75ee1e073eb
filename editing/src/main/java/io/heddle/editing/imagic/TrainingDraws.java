package io.heddle.editing.imagic;

import io.heddle.editing.Latents;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Where training steps get their random numbers from: a function of stage and step, so that an interrupted run goes on with the same ones. */
@FunctionalInterface
public interface TrainingDraws {
    /** The draw of a step, numbered from 0 within its stage. */
    TrainingDraw draw(Stage stage, int step, int rows);

    /** Strata of noise levels that are visited in turn. */
    int STRATA = 16;

    /**
     * Noise levels that are uniform, but spread evenly: the levels are cut into {@value #STRATA} strata or more, the rows of a step lie in as many equal
     * parts of them, and each stratum is visited once before any comes again, in an order drawn anew for each round. This lowers the variance of the
     * gradients' mean against independent draws.
     *
     * @param levels number of noise levels
     * @param like a latent {@code [1, height, width, 4]}
     */
    static TrainingDraws stratified(long seed, int levels, Tensor like) {
        Device device = like.device();
        Extent size = new Extent(like.dim(1), like.dim(2));
        return (stage, step, rows) -> {
            int turns = Math.ceilDiv(STRATA, rows);
            int turn = permutation(random(seed, stage, step / turns, "order"), turns).get(step % turns);
            SplittableRandom random = random(seed, stage, step, "draw");
            List<Integer> timesteps = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                double share = (row * turns + turn + random.nextDouble()) / (rows * turns);
                timesteps.add((int) (share * levels));
            }
            return new TrainingDraw(timesteps, Latents.noise(device, random.nextLong(), rows, size, like.dim(3)));
        };
    }

    /** A generator of its own for each seed, stage, number and use: each is mixed in by a generator's first output, a bijection that leaves no sums. */
    private static SplittableRandom random(long seed, Stage stage, int number, String what) {
        long mixed = 0;
        for (long field : new long[] {seed, stage.ordinal(), number, what.hashCode()}) {
            mixed = new SplittableRandom(mixed + field).nextLong();
        }
        return new SplittableRandom(mixed);
    }

    private static List<Integer> permutation(SplittableRandom random, int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(random.nextInt(i + 1), i);
        }
        return numbers;
    }
}
