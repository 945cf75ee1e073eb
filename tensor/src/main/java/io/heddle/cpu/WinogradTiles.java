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

    /** Whether the patch of a tile lies inside the picture. */
    boolean isInside(int tile) {
        int top = top(tile);
        int left = left(tile);
        return top >= 0 && left >= 0 && top + 4 <= shape.input().height() && left + 4 <= shape.input().width();
    }

    /** Where the cells of the patch of a tile that {@link #isInside} lie, in a picture that begins at {@code picture}. */
    void locate(int picture, int tile, int[] at) {
        for (int p = 0; p < at.length; p++) {
            at[p] = picture + ((top(tile) + p / 4) * shape.input().width() + left(tile) + p % 4) * shape.in();
        }
    }

    /** Copies the patch of a tile, {@code [4, 4, in]}, with zeros for the cells outside the picture. */
    void copy(float[] x, int picture, int tile, float[] patch) {
        int in = shape.in();
        for (int p = 0; p < WinogradTransform.POINTS; p++) {
            int i = top(tile) + p / 4;
            int j = left(tile) + p % 4;
            if (i >= 0 && i < shape.input().height() && j >= 0 && j < shape.input().width()) {
                System.arraycopy(x, picture + (i * shape.input().width() + j) * in, patch, p * in, in);
            } else {
                Arrays.fill(patch, p * in, p * in + in, 0);
            }
        }
    }

    /** Whether all four outputs of a tile exist. */
    boolean isWhole(int tile) {
        return firstLine(tile) + 2 <= shape.output().height() && firstColumn(tile) + 2 <= shape.output().width();
    }

    /** Where the outputs of a tile that {@link #isWhole} lie, in a picture that begins at {@code picture}. */
    void locateOutputs(int picture, int tile, int[] at) {
        for (int p = 0; p < at.length; p++) {
            at[p] = picture + ((firstLine(tile) + p / 2) * shape.output().width() + firstColumn(tile) + p % 2) * shape.out();
        }
    }

    /** Copies the outputs of a tile, {@code [2, 2, out]}, with zeros for those that do not exist. */
    void copyOutputs(float[] y, int picture, int tile, float[] outputs) {
        int out = shape.out();
        for (int p = 0; p < 4; p++) {
            int i = firstLine(tile) + p / 2;
            int j = firstColumn(tile) + p % 2;
            if (i < shape.output().height() && j < shape.output().width()) {
                System.arraycopy(y, picture + (i * shape.output().width() + j) * out, outputs, p * out, out);
            } else {
                Arrays.fill(outputs, p * out, p * out + out, 0);
            }
        }
    }

    /** Adds the outputs {@code y [2, 2, channels]} of a tile to some channels of a picture; those beyond its edge do not exist. */
    void write(float[] y, int tile, Matrix picture, Addends addends) {
        Extent output = shape.output();
        int channels = picture.columns();
        for (int p = 0; p < 4; p++) {
            int i = firstLine(tile) + p / 2;
            int j = firstColumn(tile) + p % 2;
            if (i < output.height() && j < output.width()) {
                Matrix cell = picture.rows(i * output.width() + j, 1);
                if (addends.begin(cell) == 0) {
                    System.arraycopy(y, p * channels, cell.array(), cell.offset(), channels);
                } else {
                    add(y, p * channels, cell.array(), cell.offset(), channels);
                }
            }
        }
    }

    private int top(int tile) {
        return firstLine(tile) - shape.padding().top();
    }

    private int left(int tile) {
        return firstColumn(tile) - shape.padding().left();
    }

    private int firstLine(int tile) {
        return tile / grid.width() * 2;
    }

    private int firstColumn(int tile) {
        return tile % grid.width() * 2;
    }

    private static void add(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int c = 0; c < count; c++) {
            y[yAt + c] += x[xAt + c];
        }
    }
}
