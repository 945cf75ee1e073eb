package io.heddle.bench;

import java.util.Arrays;

/**
 * One row of the tables: what is computed and how large it is. Rows are named {@code kind:sizes}, as in {@code conv:64x64x320x640}, here, in the benches'
 * parameters and in the scripts that measure other libraries.
 */
sealed interface Workload {
    /** Floating-point operations, a multiply-add being two; 0 where counting them says nothing. */
    double operations();

    /** Elements that are read or written at least, each operand once; 0 where counting them says nothing. */
    default double elements() {
        return 0;
    }

    /**
     * A product {@code [m, k]·[k, n]}: a linear layer of {@code m} tokens without bias.
     *
     * @param m rows of the result
     * @param n columns of the result
     * @param k summed length
     */
    record Gemm(int m, int n, int k) implements Workload {
        @Override
        public double operations() {
            return 2.0 * m * n * k;
        }

        @Override
        public double elements() {
            return (double) m * k + (double) n * k + (double) m * n;
        }
    }

    /**
     * A 3×3 convolution that keeps the size, with bias.
     *
     * @param height of the picture
     * @param width of the picture
     * @param in input channels
     * @param out output channels
     */
    record Conv(int height, int width, int in, int out) implements Workload {
        @Override
        public double operations() {
            return 2.0 * 9 * height * width * in * out;
        }

        @Override
        public double elements() {
            return (double) height * width * (in + out) + 9.0 * in * out;
        }
    }

    /**
     * Attention of one row of a batch.
     *
     * @param queries query tokens
     * @param keys key tokens
     * @param heads heads
     * @param dim features of a head
     */
    record Attention(int queries, int keys, int heads, int dim) implements Workload {
        @Override
        public double operations() {
            return 4.0 * queries * keys * heads * dim;
        }

        @Override
        public double elements() {
            return heads * dim * (2.0 * queries + 2.0 * keys);
        }
    }

    /**
     * Group normalisation in 32 groups, then SiLU.
     *
     * @param cells height times width
     * @param channels channels
     */
    record GroupNorm(int cells, int channels) implements Workload {
        @Override
        public double operations() {
            return 0;
        }
    }

    /**
     * Layer normalisation.
     *
     * @param tokens number of runs
     * @param width length of a run
     */
    record LayerNorm(int tokens, int width) implements Workload {
        @Override
        public double operations() {
            return 0;
        }
    }

    /**
     * Prompts to token ids.
     *
     * @param prompts how many
     */
    record Tokenizer(int prompts) implements Workload {
        @Override
        public double operations() {
            return 0;
        }
    }

    /**
     * One evaluation of the network of Stable Diffusion 1.5 for pictures of 512×512.
     *
     * @param rows batch rows
     */
    record UNet(int rows) implements Workload {
        /** Multiply-adds of convolutions, linear layers and attention for one row. */
        static final double MULTIPLY_ADDS = 401_636_720_640.0;

        @Override
        public double operations() {
            return 2 * MULTIPLY_ADDS * rows;
        }
    }

    /**
     * One step of a Prompt-to-Prompt edit with one target, of pictures of 512×512.
     *
     * @param rows batch rows
     */
    record P2pStep(int rows) implements Workload {
        /** As if no two rows shared anything: sharing shows as a higher rate. */
        @Override
        public double operations() {
            return new UNet(rows).operations();
        }
    }

    /**
     * The workload of a row's name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    static Workload parse(String row) {
        int colon = row.indexOf(':');
        int[] s = Arrays.stream(row.substring(colon + 1).split("x")).mapToInt(Integer::parseInt).toArray();
        return switch (row.substring(0, Math.max(colon, 0))) {
            case "gemm" -> new Gemm(s[0], s[1], s[2]);
            case "conv" -> new Conv(s[0], s[1], s[2], s[3]);
            case "attention" -> new Attention(s[0], s[1], s[2], s[3]);
            case "group_norm" -> new GroupNorm(s[0], s[1]);
            case "layer_norm" -> new LayerNorm(s[0], s[1]);
            case "tokenizer" -> new Tokenizer(s[0]);
            case "unet" -> new UNet(s[0]);
            case "p2p_step" -> new P2pStep(s[0]);
            default -> throw new IllegalArgumentException("the row " + row + " is unknown; expected kind:sizes, as in conv:64x64x320x320");
        };
    }
}
