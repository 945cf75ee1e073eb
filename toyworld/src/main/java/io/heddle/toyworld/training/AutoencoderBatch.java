package io.heddle.toyworld.training;

import io.heddle.toyworld.Mask;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import java.util.List;
import java.util.Random;

/**
 * Pictures for the autoencoder, or crops of them, two of each.
 *
 * @param side height and width of a crop in pixels
 * @param pictures {@code [crops, side, side, 3]}, −1 … 1
 * @param weights {@code [crops, side, side, 1]}: what an error at a pixel counts
 */
record AutoencoderBatch(int side, float[] pictures, float[] weights) {
    private static final int CROPS_PER_PICTURE = 2;
    private static final float THING_WEIGHT = 3;

    /** A part of a training batch: crops {@code first} … {@code first + crops} − 1, both even. */
    static AutoencoderBatch draw(Draws draws, long step, int first, int crops, int side) {
        AutoencoderBatch batch = new AutoencoderBatch(side, new float[crops * side * side * 3], new float[crops * side * side]);
        for (int crop = 0; crop < crops; crop += CROPS_PER_PICTURE) {
            Random random = draws.at(Draws.Use.AUTOENCODER_BATCH, step, (first + crop) / CROPS_PER_PICTURE);
            Rendering rendering = Rendering.of(Scene.draw(random, SceneMix.CROWDED));
            float[] pixels = rendering.pixels();
            boolean[] things = grown(things(rendering));
            for (int i = crop; i < crop + CROPS_PER_PICTURE; i++) {
                int top = random.nextInt(Rendering.SIDE - side + 1);
                int left = random.nextInt(Rendering.SIDE - side + 1);
                batch.copy(i, pixels, things, top, left);
            }
        }
        return batch;
    }

    /** Whole pictures of scenes. */
    static AutoencoderBatch of(List<Scene> scenes) {
        int side = Rendering.SIDE;
        AutoencoderBatch batch = new AutoencoderBatch(side, new float[scenes.size() * side * side * 3], new float[scenes.size() * side * side]);
        for (int i = 0; i < scenes.size(); i++) {
            Rendering rendering = Rendering.of(scenes.get(i));
            batch.copy(i, rendering.pixels(), grown(things(rendering)), 0, 0);
        }
        return batch;
    }

    private void copy(int crop, float[] pixels, boolean[] things, int top, int left) {
        for (int y = 0; y < side; y++) {
            int to = (crop * side + y) * side;
            int from = (top + y) * Rendering.SIDE + left;
            for (int i = 0; i < 3 * side; i++) {
                pictures[3 * to + i] = 2 * pixels[3 * from + i] - 1;
            }
            for (int x = 0; x < side; x++) {
                weights[to + x] = things[from + x] ? THING_WEIGHT : 1;
            }
        }
    }

    /** The pixels that some thing fills by half. */
    static boolean[] things(Rendering rendering) {
        boolean[] things = new boolean[Rendering.SIDE * Rendering.SIDE];
        for (Mask mask : rendering.masks()) {
            boolean[] pixels = mask.pixels();
            for (int i = 0; i < things.length; i++) {
                things[i] |= pixels[i];
            }
        }
        return things;
    }

    /** A mask with all neighbours of its pixels, so that it holds the edges of things. */
    static boolean[] grown(boolean[] mask) {
        int side = Rendering.SIDE;
        boolean[] grown = new boolean[mask.length];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                if (mask[y * side + x]) {
                    for (int row = Math.max(y - 1, 0); row <= Math.min(y + 1, side - 1); row++) {
                        for (int column = Math.max(x - 1, 0); column <= Math.min(x + 1, side - 1); column++) {
                            grown[row * side + column] = true;
                        }
                    }
                }
            }
        }
        return grown;
    }
}
