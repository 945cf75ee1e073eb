package io.heddle.cpu;

import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.Extent;
import java.util.Arrays;

/**
 * The tiles of 2 x 2 outputs that cover a picture, row by row, and the patches of 4 x 4 inputs that they see.
 *
 * @param shape a 3x3 convolution of stride 1
 * @param grid rows and columns of tiles
 */
record WinogradTiles(ConvolutionShape shape, Extent grid) {
    /** The tiles of one picture. */
    static WinogradTiles of(ConvolutionShape shape) {
        return new WinogradTiles(shape, new Extent(Math.ceilDiv(shape.output().height(), 2), Math.ceilDiv(shape.output().width(), 2)));
    }

    /** Copies the patch of a tile to {@code runs}, a cell's channels in each; cells outside the picture are zero. */
    void read(float[] x, int picture, int tile, float[][] runs) {
        int top = tile / grid.width() * 2 - shape.padding().top();
        int left = tile % grid.width() * 2 - shape.padding().left();
        Extent input = shape.input();
        for (int p = 0; p < WinogradTransform.POINTS; p++) {
            int i = top + p / 4;
            int j = left + p % 4;
            if (i >= 0 && i < input.height() && j >= 0 && j < input.width()) {
                System.arraycopy(x, picture + (i * input.width() + j) * shape.in(), runs[p], 0, shape.in());
            } else {
                Arrays.fill(runs[p], 0, shape.in(), 0);
            }
        }
    }

    /** Adds the outputs of a tile, as {@link WinogradTransform#output} leaves them, to a picture of outputs; those beyond its edge do not exist. */
    void write(float[][] runs, int tile, Matrix picture, Addends addends) {
        Extent output = shape.output();
        int channels = picture.columns();
        for (int p = 0; p < 4; p++) {
            int i = tile / grid.width() * 2 + p / 2;
            int j = tile % grid.width() * 2 + p % 2;
            if (i < output.height() && j < output.width()) {
                Matrix cell = picture.rows(i * output.width() + j, 1);
                float[] run = runs[p / 2 * 4 + p % 2];
                if (addends.begin(cell) == 0) {
                    System.arraycopy(run, 0, cell.array(), cell.offset(), channels);
                } else {
                    add(run, cell.array(), cell.offset(), channels);
                }
            }
        }
    }

    private static void add(float[] run, float[] y, int at, int channels) {
        for (int c = 0; c < channels; c++) {
            y[at + c] += run[c];
        }
    }
}
