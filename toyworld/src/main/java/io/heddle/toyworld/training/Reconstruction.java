package io.heddle.toyworld.training;

import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import io.heddle.vae.AutoencoderKl;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** How far decoded pictures are from what was encoded: as a loss, and in decibels of whole pictures that are never trained on. */
final class Reconstruction {
    /** The measures by name. */
    static final List<String> MEASURES = List.of("psnr", "psnr_things");

    private static final float SQUARED_WEIGHT = 2;
    private static final float DIFFERENCE_WEIGHT = 0.5f;

    private Reconstruction() {}

    /**
     * Errors of pixels, absolute and squared, and of the differences between neighbours, which edges are made of.
     *
     * @param error {@code [rows, height, width, 3]}
     * @param weights {@code [rows, height, width, 1]}: what an error at a pixel counts
     */
    static Tensor loss(Tensor error, Tensor weights) {
        Tensor pixels = error.abs().plus(error.square().times(SQUARED_WEIGHT)).times(weights).mean();
        return pixels.plus(difference(error, weights, 1).plus(difference(error, weights, 2)).times(DIFFERENCE_WEIGHT));
    }

    private static Tensor difference(Tensor error, Tensor weights, int axis) {
        int pairs = error.dim(axis) - 1;
        return error.slice(axis, 1, pairs).minus(error.slice(axis, 0, pairs)).abs().times(weights.slice(axis, 1, pairs)).mean();
    }

    /** Peak signal-to-noise ratios of encoded and decoded pictures, of all pixels and of those that belong to things. */
    static Map<String, Double> measure(Crew crew, List<AutoencoderKl> networks, Draws draws, int pictures) {
        SquaredError error = crew.each(pictures, index -> {
            int shard = index % crew.size();
            return of(crew.device(shard), networks.get(shard), draws.at(Draws.Use.VALIDATION, 0, index));
        }).stream().reduce(SquaredError.NONE, SquaredError::plus);
        Map<String, Double> measured = new LinkedHashMap<>();
        measured.put(MEASURES.get(0), decibels(error.all / error.count));
        measured.put(MEASURES.get(1), decibels(error.things / error.thingCount));
        return measured;
    }

    private static SquaredError of(Device device, AutoencoderKl network, Random random) {
        Rendering rendering = Rendering.of(Scene.draw(random, SceneMix.CAPTIONED));
        float[] picture = rendering.pixels();
        try (Tensor x = device.tensor(Shape.of(1, Rendering.SIDE, Rendering.SIDE, 3), picture);
                Tensor y = device.tidy(() -> network.decode(network.encode(x.times(2).minus(1)).mode()).times(0.5f).plus(0.5f))) {
            return SquaredError.of(picture, y.toArray(), AutoencoderBatch.things(rendering));
        }
    }

    private static double decibels(double meanSquare) {
        return -10 * Math.log10(meanSquare);
    }

    /** Sums of squared errors of pixels in 0..1, clamped, and of those that belong to things. */
    private record SquaredError(double all, long count, double things, long thingCount) {
        static final SquaredError NONE = new SquaredError(0, 0, 0, 0);

        static SquaredError of(float[] expected, float[] found, boolean[] mask) {
            double all = 0;
            double things = 0;
            long thingCount = 0;
            for (int i = 0; i < expected.length; i++) {
                double error = Math.clamp(found[i], 0f, 1f) - expected[i];
                all += error * error;
                if (mask[i / 3]) {
                    things += error * error;
                    thingCount++;
                }
            }
            return new SquaredError(all, expected.length, things, thingCount);
        }

        SquaredError plus(SquaredError other) {
            return new SquaredError(all + other.all, count + other.count, things + other.things, thingCount + other.thingCount);
        }
    }
}
