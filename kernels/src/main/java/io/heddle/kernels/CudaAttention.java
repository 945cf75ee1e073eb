package io.heddle.kernels;

import io.heddle.spi.AttentionKernels;
import io.heddle.spi.Buffer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Attention by tiles of queries or keys; scores are computed again wherever they are needed, and only {@link #map} ever writes them. */
final class CudaAttention implements AttentionKernels {
    /** Queries, or in the gradients of keys and values keys, of a block; in all gradients of wide heads half as many. */
    private static final int TILE = 16;
    /** The most features of a head, for one thread, that are not wide. */
    private static final int NARROW = 8;
    private static final int THREADS = 128;
    /** Rows and columns of a block's tile where maps are made and applied. */
    private static final int MAP_TILE = 64;
    private static final int MAP_THREADS = 256;
    /** Features of a head that one thread of a warp holds: the kernels that are compiled. */
    private static final int[] FEATURES = {1, 2, 3, 5, 8, 16};
    private static final int WARP = 32;

    private final KernelLibrary kernels;
    private final IndexTables indices;
    private final DeviceMemory memory;
    private final CudaReduction reduction;

    CudaAttention(KernelLibrary kernels, IndexTables indices, DeviceMemory memory, CudaReduction reduction) {
        this.kernels = kernels;
        this.indices = indices;
        this.memory = memory;
        this.reduction = reduction;
    }

    @Override
    public void fused(Buffer q, Buffer k, Buffer v, Terms terms, AttentionShape shape, Buffer out, @Nullable Buffer logSumExp) {
        if (logSumExp == null && HalfHeads.fit(shape, q, k, v, out)) {
            HalfHeads heads = HalfHeads.of(shape);
            Launch launch = fused("attention_half_" + heads.features(), q, k, v, terms);
            launch.buffer(out).structure(words(shape)).run(heads.grid(shape, terms.rows()), heads.sharedBytes());
        } else {
            Launch launch = fused(kernel("attention", shape), q, k, v, terms).buffer(out).buffer(logSumExp);
            launch.structure(words(shape)).run(tiles(shape.queries(), shape, terms.rows()));
        }
    }

    /** In half precision maps are made on their own: the kernel on tensor cores never has a whole row of one. */
    @Override
    public void fusedWithHeadSums(Buffer q, Buffer k, Buffer v, Terms terms, AttentionShape shape, Buffer out, Buffer headSums) {
        if (memory.element() == Element.HALF) {
            fused(q, k, v, terms, shape, out, null);
            sumHeads(q, k, terms, shape, headSums);
        } else {
            Launch launch = fused(kernel("attention_with_head_sums", shape), q, k, v, terms).buffer(out).buffer(headSums);
            launch.structure(words(shape)).run(new Grid(Grid.blocks(shape.queries(), TILE), 1, terms.rows(), THREADS, 1));
        }
    }

    private void sumHeads(Buffer q, Buffer k, Terms terms, AttentionShape shape, Buffer headSums) {
        int[] query = IntStream.range(0, terms.size()).map(terms::query).toArray();
        int[] key = IntStream.range(0, terms.size()).map(terms::key).toArray();
        int cells = Math.multiplyExact(shape.queries(), shape.keys());
        DeviceBuffer maps = memory.allocateFloat32((long) terms.size() * shape.heads() * cells);
        map(q, k, query, key, shape, new QueryWindow(0, shape.queries()), maps);
        reduction.sum(maps, new int[] {terms.size(), shape.heads(), cells}, new boolean[] {false, true, false}, headSums);
        memory.release(maps);
    }

    /** The operands of attention. */
    private Launch fused(String kernel, Buffer q, Buffer k, Buffer v, Terms terms) {
        TermTables tables = new TermTables(terms, indices);
        Launch launch = kernels.launch(kernel).buffer(q).buffer(k).buffer(v);
        launch.buffer(tables.query()).buffer(tables.key()).buffer(tables.value());
        tables.byOut(terms.rows()).pass(launch);
        return launch;
    }

    @Override
    public void fusedGradient(
            Buffer q,
            Buffer k,
            Buffer v,
            Terms terms,
            AttentionShape shape,
            Buffer logSumExp,
            Buffer dOut,
            @Nullable Buffer dq,
            @Nullable Buffer dk,
            @Nullable Buffer dv) {
        TermTables tables = new TermTables(terms, indices);
        Gradient gradient = new Gradient(q, k, v, shape, logSumExp, dOut, tables);
        if (dv != null) {
            int rows = rows(v, shape.keys(), shape);
            gradient.launch("attention_value_gradient", null, tables.byValue(rows), dv, gradientTiles(shape.keys(), shape, rows));
        }
        if (dq != null || dk != null) {
            DeviceBuffer delta = memory.allocate(logSumExp.length());
            gradient.delta(delta, gradientTiles(shape.queries(), shape, terms.size()));
            if (dq != null) {
                int rows = rows(q, shape.queries(), shape);
                gradient.launch("attention_query_gradient", delta, tables.byQuery(rows), dq, gradientTiles(shape.queries(), shape, rows));
            }
            if (dk != null) {
                int rows = rows(k, shape.keys(), shape);
                gradient.launch("attention_key_gradient", delta, tables.byKey(rows), dk, gradientTiles(shape.keys(), shape, rows));
            }
            memory.release(delta);
        }
    }

    /** What the kernels of the gradients have in common. */
    private final class Gradient {
        private final Buffer q;
        private final Buffer k;
        private final Buffer v;
        private final AttentionShape shape;
        private final Buffer logSumExp;
        private final Buffer dOut;
        private final TermTables tables;

        Gradient(Buffer q, Buffer k, Buffer v, AttentionShape shape, Buffer logSumExp, Buffer dOut, TermTables tables) {
            this.q = q;
            this.k = k;
            this.v = v;
            this.shape = shape;
            this.logSumExp = logSumExp;
            this.dOut = dOut;
            this.tables = tables;
        }

        /** {@code Σ P·dP} of each query of each term. */
        void delta(DeviceBuffer delta, Grid grid) {
            Launch launch = operands("attention_delta").buffer(dOut);
            rows(launch).buffer(delta).structure(words(shape)).run(grid);
        }

        void launch(String name, @Nullable Buffer delta, TermTables.Members members, Buffer result, Grid grid) {
            Launch launch = operands(name).buffer(delta).buffer(dOut);
            members.pass(rows(launch));
            launch.buffer(result).structure(words(shape)).run(grid);
        }

        private Launch operands(String name) {
            return kernels.launch(kernel(name, shape)).buffer(q).buffer(k).buffer(v).buffer(logSumExp);
        }

        private Launch rows(Launch launch) {
            return launch.buffer(tables.query()).buffer(tables.key()).buffer(tables.value()).buffer(tables.out());
        }
    }

    @Override
    public void map(Buffer q, Buffer k, int[] query, int[] key, AttentionShape shape, QueryWindow window, Buffer map) {
        DeviceBuffer result = DeviceBuffer.of(map);
        DeviceBuffer scores = result.element() == Element.HALF ? memory.allocateFloat32(map.length()) : result;
        kernels.launch("attention_scores")
                .buffer(q)
                .buffer(k)
                .buffer(indices.of(query))
                .buffer(indices.of(key))
                .buffer(scores)
                .integer(window.first())
                .integer(window.count())
                .structure(words(shape))
                .run(new Grid(
                        Grid.blocks(shape.keys(), MAP_TILE),
                        Grid.blocks(window.count(), MAP_TILE),
                        query.length * shape.heads(),
                        MAP_THREADS,
                        1));
        reduction.softmax(scores, shape.keys(), map);
        if (scores != result) {
            memory.release(scores);
        }
    }

    @Override
    public void applyMap(Buffer map, Buffer v, int[] value, AttentionShape shape, Buffer out) {
        kernels.launch("attention_apply")
                .buffer(map)
                .buffer(v)
                .buffer(indices.of(value))
                .buffer(out)
                .structure(words(shape))
                .run(new Grid(
                        Grid.blocks(shape.dim(), MAP_TILE),
                        Grid.blocks(shape.queries(), MAP_TILE),
                        value.length * shape.heads(),
                        MAP_THREADS,
                        1));
    }

    private static int rows(Buffer buffer, int tokens, AttentionShape shape) {
        return Math.toIntExact(buffer.length() / ((long) tokens * shape.width()));
    }

    private static Grid tiles(int tokens, AttentionShape shape, int rows) {
        return new Grid(Grid.blocks(tokens, TILE), shape.heads(), rows, THREADS, 1);
    }

    private static Grid gradientTiles(int tokens, AttentionShape shape, int rows) {
        int tile = features(shape) > NARROW ? TILE / 2 : TILE;
        return new Grid(Grid.blocks(tokens, tile), shape.heads(), rows, THREADS, 1);
    }

    private static int[] words(AttentionShape shape) {
        return new int[] {
            shape.queries(), shape.keys(), shape.heads(), shape.dim(), Float.floatToRawIntBits(shape.scale()), shape.causal() ? 1 : 0
        };
    }

    private static String kernel(String name, AttentionShape shape) {
        return name + "_" + features(shape);
    }

    private static int features(AttentionShape shape) {
        for (int features : FEATURES) {
            if (WARP * features >= shape.dim()) {
                return features;
            }
        }
        throw new IllegalArgumentException("heads of " + shape.dim() + " features are wider than the CUDA backend's attention, which takes up to "
                + WARP * FEATURES[FEATURES.length - 1]);
    }
}
