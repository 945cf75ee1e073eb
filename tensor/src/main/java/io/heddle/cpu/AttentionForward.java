package io.heddle.cpu;

import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.spi.BinaryOp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Attention whose scores exist a tile at a time: a panel of queries meets the keys block by block, with the softmax's maximum and sum carried along and
 * what has been accumulated rescaled whenever the maximum grows. Milakov and Gimelshein 2018; Dao et al. 2022, algorithm 1.
 *
 * <p>Everything is transposed, {@code Sᵀ = K·Qᵀ} and {@code Oᵀ = Vᵀ·Pᵀ}: then the panel of queries, and after the softmax the scores themselves, are the
 * right operands that a {@link PanelGemm} multiplies without packing, and maxima and sums run down the columns, a query in each lane.
 */
final class AttentionForward {
    /** Keys of a tile: with a panel of queries, their scores stay in the first levels of cache. */
    private static final int KEYS = 256;
    /** Queries of a task share keys and values in the second-level cache. */
    private static final int QUERIES = 128;

    private final Workers workers;
    private final Kernels kernels;
    private final PanelGemm gemm;
    private final Scratch scratch = new Scratch();
    private final Scratch packed = new Scratch();

    AttentionForward(Workers workers, Kernels kernels, PanelGemm gemm) {
        this.workers = workers;
        this.kernels = kernels;
        this.gemm = gemm;
    }

    /** @param headSums {@code [terms·queries, keys]} if the maps are summed over the heads: a task then has all heads of its queries */
    void run(
            TokenMajor q,
            TokenMajor k,
            TokenMajor v,
            Terms terms,
            AttentionShape shape,
            TokenMajor out,
            @Nullable HeapBuffer logSumExp,
            @Nullable Matrix headSums) {
        PackedKeyValues keyValues = PackedKeyValues.of(k, v, gemm.height(), packed);
        keyValues.pack(workers);
        int[] firstTerm = new int[terms.rows() + 1];
        for (int term = 0; term < terms.size(); term++) {
            firstTerm[terms.out(term) + 1] = term + 1;
        }
        int width = gemm.width(shape.queries());
        Chunks blocks = new Chunks(shape.queries(), Math.max(1, QUERIES / width) * width);
        int heads = headSums == null ? 1 : shape.heads();
        int groups = shape.heads() / heads;
        workers.run(terms.rows() * groups * blocks.count(), task -> {
            int block = task % blocks.count();
            int group = task / blocks.count() % groups;
            int row = task / (blocks.count() * groups);
            int first = blocks.from(block);
            int count = blocks.length(block);
            for (int head = group * heads; head < (group + 1) * heads; head++) {
                for (int term = firstTerm[row]; term < firstTerm[row + 1]; term++) {
                    Block queries = new Block(shape, width, first, count);
                    queries.load(q.head(terms.query(term), head, first, count));
                    Matrix sums = headSums == null ? null : headSums.rows(term * shape.queries() + first, count);
                    queries.attend(keyValues.keys(terms.key(term), head), keyValues.values(terms.value(term), head), sums, head > 0);
                    queries.store(out.head(row, head, first, count), term > firstTerm[row]);
                    if (logSumExp != null) {
                        queries.storeLogSumExp(logSumExp, (term * shape.heads() + head) * shape.queries() + first);
                    }
                }
            }
        });
    }

    /** Some panels of queries of one head of one term: their scores, as far as seen, have {@code maxima} and {@code sums} of {@code e^(score − max)}. */
    private final class Block {
        private final AttentionShape shape;
        private final int width;
        private final int first;
        private final int count;
        private final int panels;
        private final float[] maxima;
        private final double[] sums;
        /** {@code [panels, dim, width]}: the scaled queries. */
        private final Matrix queries;
        /** {@code [panels, dim, width]}: {@code Σ e^(score − max)·v}. */
        private final Matrix outputs;
        /** {@code [KEYS, width]} */
        private final Matrix scores;
        /** {@code [dim, width]} */
        private final Matrix product;

        Block(AttentionShape shape, int width, int first, int count) {
            this.shape = shape;
            this.width = width;
            this.first = first;
            this.count = count;
            this.panels = Math.ceilDiv(count, width);
            this.maxima = new float[panels * width];
            this.sums = new double[panels * width];
            int height = Math.ceilDiv(shape.dim(), gemm.height()) * gemm.height();
            int keys = Math.min(KEYS, shape.keys()) + gemm.height();
            float[] space = scratch.array(width * (2 * panels * shape.dim() + keys + height));
            this.queries = Matrix.of(space, 0, panels * shape.dim(), width);
            this.outputs = Matrix.of(space, queries.offset() + queries.rows() * width, panels * shape.dim(), width);
            this.scores = Matrix.of(space, outputs.offset() + outputs.rows() * width, keys, width);
            this.product = Matrix.of(space, scores.offset() + scores.rows() * width, height, width);
            Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
            Arrays.fill(space, outputs.offset(), scores.offset(), 0);
        }

        /** Takes the queries; zeros fill the last panel up. */
        void load(Matrix q) {
            if (count < panels * width) {
                Arrays.fill(queries.array(), queries.offset(), outputs.offset(), 0);
            }
            for (int panel = 0; panel < panels; panel++) {
                Transposition.copy(q.rows(panel * width, queriesOf(panel)), queries.rows(panel * shape.dim(), shape.dim()));
            }
            kernels.affine(queries.array(), queries.offset(), shape.scale(), 0, queries.array(), queries.offset(), queries.rows() * width);
        }

        private int queriesOf(int panel) {
            return Math.min(width, count - panel * width);
        }

        /**
         * Meets the keys.
         *
         * @param map where the map goes if it is wanted; all keys are in one tile then
         * @param add whether it is added to what is there
         */
        void attend(Matrix keys, Matrix values, @Nullable Matrix map, boolean add) {
            int visible = shape.causal() ? Math.min(shape.keys(), first + count) : shape.keys();
            for (int from = 0; from < visible; from += KEYS) {
                int n = Math.min(KEYS, visible - from);
                Matrix k = keys.rows(from, Math.ceilDiv(n, gemm.height()) * gemm.height());
                Matrix v = values.rows(0, product.rows()).columns(from, n);
                for (int panel = 0; panel < panels; panel++) {
                    gemm.multiply(k, queries.rows(panel * shape.dim(), shape.dim()), scores.rows(0, k.rows()));
                    Matrix tile = scores.rows(0, n);
                    if (shape.causal()) {
                        maskCausally(tile, from, first + panel * width);
                    }
                    float[] factors = exponentiate(tile, panel * width);
                    gemm.multiply(v, tile, product);
                    kernels.scaleColumnsAndAdd(outputs.rows(panel * shape.dim(), shape.dim()), factors, product);
                    if (map != null) {
                        storeMap(tile, panel * width, map.rows(panel * width, queriesOf(panel)), add);
                    }
                }
            }
        }

        /** Keys that causality hides have no attention. */
        private void storeMap(Matrix tile, int at, Matrix map, boolean add) {
            for (int i = 0; i < map.rows(); i++) {
                float factor = (float) (1 / sums[at + i]);
                int row = map.offset() + i * map.stride();
                for (int key = 0; key < map.columns(); key++) {
                    float probability = key < tile.rows() ? tile.array()[tile.offset() + key * tile.stride() + i] * factor : 0;
                    map.array()[row + key] = add ? map.array()[row + key] + probability : probability;
                }
            }
        }

        /** Scores become {@code e^(score − max)}; returns the factors that rescale what was accumulated under the former maxima. */
        private float[] exponentiate(Matrix tile, int at) {
            float[] factors = Arrays.copyOfRange(maxima, at, at + width);
            kernels.columnMaxima(tile, maxima, at);
            for (int i = 0; i < width; i++) {
                factors[i] = factors[i] == Float.NEGATIVE_INFINITY ? 0 : ScalarMath.decay(factors[i] - maxima[at + i]);
                sums[at + i] *= factors[i];
            }
            kernels.columnExponentials(tile, maxima, sums, at);
            return factors;
        }

        void store(Matrix out, boolean add) {
            float[] factors = new float[width];
            for (int panel = 0; panel < panels; panel++) {
                for (int i = 0; i < width; i++) {
                    factors[i] = (float) (1 / sums[panel * width + i]);
                }
                Matrix output = outputs.rows(panel * shape.dim(), shape.dim());
                for (int c = 0; c < shape.dim(); c++) {
                    int at = output.offset() + c * width;
                    kernels.binary(BinaryOp.MULTIPLY, output.array(), at, factors, 0, output.array(), at, width);
                }
                Matrix rows = out.rows(panel * width, queriesOf(panel));
                if (add) {
                    addTransposed(output, rows);
                } else {
                    Transposition.copy(output.columns(0, rows.rows()), rows);
                }
            }
        }

        private void addTransposed(Matrix output, Matrix rows) {
            for (int i = 0; i < rows.rows(); i++) {
                for (int c = 0; c < rows.columns(); c++) {
                    rows.array()[rows.offset() + i * rows.stride() + c] += output.array()[output.offset() + c * output.stride() + i];
                }
            }
        }

        void storeLogSumExp(HeapBuffer to, int at) {
            for (int i = 0; i < count; i++) {
                to.array()[to.offset() + at + i] = (float) (maxima[i] + Math.log(sums[i]));
            }
        }
    }

    /** Sets the scores of keys after the query to −∞, in a tile of keys by queries. */
    private static void maskCausally(Matrix tile, int firstKey, int firstQuery) {
        for (int i = 0; i < tile.rows(); i++) {
            int row = tile.offset() + i * tile.stride();
            Arrays.fill(tile.array(), row, row + Math.clamp((long) firstKey + i - firstQuery, 0, tile.columns()), Float.NEGATIVE_INFINITY);
        }
    }
}
