package io.heddle.cpu;

import io.heddle.spi.Buffer;
import io.heddle.spi.ConvolutionShape;
import java.util.Arrays;

/**
 * The gradient of the weight of a 3x3 convolution of stride 1 by Winograd's F(2x2, 3x3): {@code dg = Gᵀ[Σ over tiles (A dY Aᵀ) ∘ (Bᵀ d B)]G}, 16 products
 * where the definition needs 36. A task sums over the tiles of some pictures; the tasks' sums are added in order.
 */
final class WinogradWeightGradient {
    private static final int POINTS = WinogradTransform.POINTS;
    private static final int CELLS = 9;

    /** Tasks, each with sums of its own. */
    private static final int PARTS = 4;

    /** Tiles of a block: with the sums, their transforms about fill a core's caches. */
    private static final int BLOCK = 66;

    /** Elements of the largest weight whose sums stay in a core's second-level cache. */
    private static final int LARGEST = 128 * 128;

    private final Workers workers;
    private final TallProduct tall;
    private final WinogradTransform transform = WinogradTransform.chosen();
    private final WinogradInputs inputs = new WinogradInputs(transform);
    private final Scratch outputs = new Scratch();
    private final Scratch transformed = new Scratch();
    private final Scratch sums = new Scratch();

    /** Sums of products by {@code tall} on {@code workers}. */
    WinogradWeightGradient(Workers workers, TallProduct tall) {
        this.workers = workers;
        this.tall = tall;
    }

    /** Whether a gradient can be computed this way and gains by it. */
    static boolean suits(ConvolutionShape shape) {
        return WinogradConvolution.suits(shape) && shape.in() * shape.out() <= LARGEST;
    }

    /** As {@link io.heddle.spi.Convolution#weightGradient}, without the bias. */
    void run(Buffer x, Buffer dy, ConvolutionShape shape, HeapBuffer dWeight) {
        int picture = shape.input().cells() * shape.in();
        int dPicture = shape.output().cells() * shape.out();
        int size = shape.out() * shape.in();
        HeapBuffer xs = HeapBuffer.of(x, (long) shape.rows() * picture);
        HeapBuffer dys = HeapBuffer.of(dy, (long) shape.rows() * dPicture);
        WinogradTiles tiles = WinogradTiles.of(shape);
        Chunks blocks = new Chunks(tiles.grid().cells(), BLOCK);
        Chunks parts = new Chunks(shape.rows(), Math.ceilDiv(shape.rows(), PARTS));
        float[] du = sums.array(parts.count() * POINTS * size);
        workers.run(parts.count(), part -> {
            int offset = part * POINTS * size;
            Arrays.fill(du, offset, offset + POINTS * size, 0);
            Matrix sum = Matrix.of(du, offset, POINTS * shape.out(), shape.in());
            for (int row = parts.from(part); row < parts.from(part) + parts.length(part); row++) {
                for (int block = 0; block < blocks.count(); block++) {
                    int first = blocks.from(block);
                    int count = blocks.length(block);
                    Matrix v = inputs.of(xs.array(), xs.offset() + row * picture, tiles, first, count);
                    Matrix dm = transformOutputs(dys.array(), dys.offset() + row * dPicture, tiles, first, count);
                    for (int p = 0; p < POINTS; p++) {
                        tall.accumulate(dm.rows(p * count, count), v.rows(p * count, count), sum.rows(p * shape.out(), shape.out()));
                    }
                }
            }
        });
        for (int part = 1; part < parts.count(); part++) {
            add(du, part * POINTS * size, POINTS * size);
        }
        finish(du, shape, dWeight);
    }

    private static void add(float[] sums, int from, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] += sums[from + i];
        }
    }

    /** The gradients {@code [16·count, out]} of the products of {@code count} tiles. */
    private Matrix transformOutputs(float[] dy, int picture, WinogradTiles tiles, int first, int count) {
        int out = tiles.shape().out();
        float[] tile = outputs.array(4 * out);
        float[] dm = transformed.array(POINTS * count * out);
        int[] inPicture = new int[4];
        int[] inTile = {0, out, 2 * out, 3 * out};
        for (int n = 0; n < count; n++) {
            if (tiles.isWhole(first + n)) {
                tiles.locateOutputs(picture, first + n, inPicture);
                transform.outputGradient(dy, inPicture, out, dm, n * out, count * out);
            } else {
                tiles.copyOutputs(dy, picture, first + n, tile);
                transform.outputGradient(tile, inTile, out, dm, n * out, count * out);
            }
        }
        return Matrix.of(dm, 0, POINTS * count, out);
    }

    /** {@code Gᵀ dU G} for the {@code in} channels of each output. */
    private static void finish(float[] du, ConvolutionShape shape, HeapBuffer dWeight) {
        int in = shape.in();
        int size = shape.out() * in;
        float[] t = new float[12 * in];
        for (int o = 0; o < shape.out(); o++) {
            for (int j = 0; j < 4; j++) {
                gather(du, j * size + o * in, 4 * size, t, j * in, 4 * in, in);
            }
            int to = dWeight.offset() + o * CELLS * in;
            for (int i = 0; i < 3; i++) {
                gather(t, 4 * i * in, in, dWeight.array(), to + 3 * i * in, in, in);
            }
        }
    }

    /** {@code g = Gᵀu} of four runs {@code step} apart: three runs {@code gStep} apart. */
    private static void gather(float[] u, int at, int step, float[] g, int gAt, int gStep, int n) {
        for (int c = 0; c < n; c++) {
            float first = 0.5f * u[at + step + c];
            float second = 0.5f * u[at + 2 * step + c];
            g[gAt + c] = u[at + c] + (first + second);
            g[gAt + gStep + c] = first - second;
            g[gAt + 2 * gStep + c] = (first + second) + u[at + 3 * step + c];
        }
    }
}
