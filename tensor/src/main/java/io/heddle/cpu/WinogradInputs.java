package io.heddle.cpu;

import java.util.Arrays;

/** The transformed patches of tiles, {@code Bᵀ d B}, in working space that the next call on the same thread hands out again. */
final class WinogradInputs {
    private static final int POINTS = WinogradTransform.POINTS;

    private final WinogradTransform transform;
    private final Scratch patches = new Scratch();
    private final Scratch transformed = new Scratch();

    WinogradInputs(WinogradTransform transform) {
        this.transform = transform;
    }

    /** The transforms of {@code count} tiles of the picture that begins at {@code picture}, {@code [16·count, in]}. */
    Matrix of(float[] x, int picture, WinogradTiles tiles, int first, int count) {
        int in = tiles.shape().in();
        float[] patch = patches.array(POINTS * in);
        float[] v = transformed.array(POINTS * count * in);
        int[] inPicture = new int[POINTS];
        int[] inPatch = new int[POINTS];
        Arrays.setAll(inPatch, p -> p * in);
        for (int n = 0; n < count; n++) {
            if (tiles.isInside(first + n)) {
                tiles.locate(picture, first + n, inPicture);
                transform.input(x, inPicture, in, v, n * in, count * in);
            } else {
                tiles.copy(x, picture, first + n, patch);
                transform.input(patch, inPatch, in, v, n * in, count * in);
            }
        }
        return Matrix.of(v, 0, POINTS * count, in);
    }
}
