package io.heddle.cpu;

import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.Extent;
import java.util.Arrays;

/** What the kernel of a convolution sees of a picture: for each output cell the input cells below the kernel, zeros outside the picture. */
record Patches(ConvolutionShape shape) {
    /** Elements of one whole patch. */
    int width() {
        return shape.kernel().cells() * shape.in();
    }

    /** Elements of one picture. */
    int picture() {
        return shape.input().cells() * shape.in();
    }

    /** Writes the patches {@code [count, kernel.height, kernel.width, in]} of output cells {@code first … first + count − 1}. */
    void gather(float[] x, int picture, int first, int count, float[] patches) {
        int run = shape.kernel().width() * shape.in();
        int to = 0;
        for (int cell = first; cell < first + count; cell++) {
            int top = top(cell);
            int left = left(cell);
            for (int u = 0; u < shape.kernel().height(); u++, to += run) {
                copyRun(x, picture, top + u, left, shape.kernel().width(), patches, to);
            }
        }
    }

    /** Elements of one line of a patch. */
    int lineWidth() {
        return shape.kernel().width() * shape.in();
    }

    /**
     * Writes {@code [count, lines, kernel.width, in]}: some lines of the patches of output cells {@code first … first + count − 1}, which are counted
     * through all pictures from the one at {@code pictures} on.
     */
    void gatherLines(float[] x, int pictures, int first, int count, int firstLine, int lines, float[] patches) {
        Extent output = shape.output();
        int picture = pictures + first / output.cells() * picture();
        int i = first % output.cells() / output.width();
        int j = first % output.width();
        int to = 0;
        for (int n = 0; n < count; n++) {
            int top = i * shape.stride() - shape.padding().top();
            int left = j * shape.stride() - shape.padding().left();
            for (int u = firstLine; u < firstLine + lines; u++, to += lineWidth()) {
                copyRun(x, picture, top + u, left, shape.kernel().width(), patches, to);
            }
            if (++j == output.width()) {
                j = 0;
                if (++i == output.height()) {
                    i = 0;
                    picture += picture();
                }
            }
        }
    }

    /** Adds {@code cells [count, channels]} to the input cells below kernel position {@code (u, v)}, from channel {@code channel} on. */
    void scatterAdd(float[] cells, int first, int count, int u, int v, int channels, float[] dx, int picture, int channel) {
        Extent input = shape.input();
        for (int n = 0; n < count; n++) {
            int i = top(first + n) + u;
            int j = left(first + n) + v;
            if (i >= 0 && i < input.height() && j >= 0 && j < input.width()) {
                int to = picture + (i * input.width() + j) * shape.in() + channel;
                for (int c = 0; c < channels; c++) {
                    dx[to + c] += cells[n * channels + c];
                }
            }
        }
    }

    private int top(int cell) {
        return cell / shape.output().width() * shape.stride() - shape.padding().top();
    }

    private int left(int cell) {
        return cell % shape.output().width() * shape.stride() - shape.padding().left();
    }

    /** Copies {@code count} cells of input row {@code i} from column {@code j} on; cells outside the picture are zero. */
    private void copyRun(float[] x, int picture, int i, int j, int count, float[] to, int at) {
        int in = shape.in();
        int from = Math.clamp(j, 0, shape.input().width());
        int end = i < 0 || i >= shape.input().height() ? from : Math.clamp(j + count, from, shape.input().width());
        if (from == end) {
            Arrays.fill(to, at, at + count * in, 0);
            return;
        }
        int before = (from - j) * in;
        int copied = (end - from) * in;
        Arrays.fill(to, at, at + before, 0);
        System.arraycopy(x, picture + (i * shape.input().width() + from) * in, to, at + before, copied);
        Arrays.fill(to, at + before + copied, at + count * in, 0);
    }
}
