// The product of two matrices of halves on tensor cores, sums in float32: what tile.cuh is in float32. Both lie with 8 neighbours along the sum beside each
// other, and are staged through shared memory by copies in the background, so that some stages arrive while one is worked on.
#pragma once
#include "mma.cuh"

/** The summed length of a stage, the halves of a row of it (16 bytes more than it needs, so that ldmatrix meets all banks), and the threads of a block. */
constexpr int HALF_STAGE = 32, HALF_STRIDE = HALF_STAGE + 8, HALF_TILE_THREADS = 128;

/** Shared memory: stages of the left and the right matrix, as many as fit into 40 KB. EDGE: rows and columns of a block's tile. */
template <int EDGE> struct alignas(16) HalfStages {
    static constexpr int COUNT = 40960 / (4 * EDGE * HALF_STRIDE);
    __half left[COUNT][EDGE * HALF_STRIDE];
    __half right[COUNT][EDGE * HALF_STRIDE];
};

/** The rows of a tile of a matrix of which this thread copies, of each, the same 8 of the 32 elements of a stage. */
template <int EDGE, class Matrix> struct CopiedRows {
    static constexpr int PIECES = HALF_STAGE / 8, DISTANCE = HALF_TILE_THREADS / PIECES, COUNT = EDGE / DISTANCE;
    typename Matrix::Row rows[COUNT];
    bool present[COUNT];

    __device__ CopiedRows(const Matrix& matrix, int first, int end) {
#pragma unroll
        for (int i = 0; i < COUNT; i++) {
            int row = first + (int) threadIdx.x / PIECES + i * DISTANCE;
            present[i] = row < end;
            rows[i] = matrix.row(present[i] ? row : 0);
        }
    }

    /** Starts copying a stage, zeros beyond the last row and the end of the sum. */
    __device__ void copy(__half* to, int start, int length) const {
        int p = start + (int) threadIdx.x % PIECES * 8;
#pragma unroll
        for (int i = 0; i < COUNT; i++) {
            const __half* from = present[i] && p < length ? rows[i].at(p) : nullptr;
            copyAsync(to + (threadIdx.x / PIECES + i * DISTANCE) * HALF_STRIDE + threadIdx.x % PIECES * 8, from ? from : rows[i].data, from != nullptr);
        }
    }
};

/**
 * store(i, j, Σ left(i, p)·right(j, p), the same of column j + 1) for the block's tile of a result [m, n], n even, and a sum of k, a multiple of 8. A warp
 * computes a quarter of the tile. Left and Right have rows, whose at(p) is the address of 8 elements, or null where these are zeros.
 */
template <int EDGE, class Left, class Right, class Store>
static __device__ __forceinline__ void multiplyHalfTile(HalfStages<EDGE>& stages, int m, int n, int k, const Left& left, const Right& right, Store store) {
    constexpr int HALF = EDGE / 2, ROWS = HALF / 16, COLUMNS = HALF / 8, COUNT = HalfStages<EDGE>::COUNT;
    int row = blockIdx.y * EDGE, column = blockIdx.x * EDGE, lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
    int ownRow = warp / 2 * HALF, ownColumn = warp % 2 * HALF, count = (k + HALF_STAGE - 1) / HALF_STAGE;
    CopiedRows<EDGE, Left> leftRows(left, row, m);
    CopiedRows<EDGE, Right> rightRows(right, column, n);
    auto load = [&](int stage) {
        if (stage < count) {
            leftRows.copy(stages.left[stage % COUNT], stage * HALF_STAGE, k);
            rightRows.copy(stages.right[stage % COUNT], stage * HALF_STAGE, k);
        }
        commitCopies();
    };
    for (int stage = 0; stage < COUNT - 1; stage++) load(stage);
    float sums[ROWS][COLUMNS][4] = {};
    for (int stage = 0; stage < count; stage++) {
        waitForCopies<COUNT - 2>();
        __syncthreads();
        load(stage + COUNT - 1);
        const __half *a = stages.left[stage % COUNT], *b = stages.right[stage % COUNT];
#pragma unroll
        for (int p = 0; p < HALF_STAGE; p += 16) {
            Pair fragments[ROWS][4];
#pragma unroll
            for (int i = 0; i < ROWS; i++) loadLeft(fragments[i], a, HALF_STRIDE, ownRow + i * 16, p);
#pragma unroll
            for (int j = 0; j < COLUMNS; j += 2) {
                Pair others[4];
                loadRightOfTranspose(others, b, HALF_STRIDE, ownColumn + j * 8, p);
#pragma unroll
                for (int i = 0; i < ROWS; i++) {
                    multiplyAccumulate(sums[i][j], fragments[i], others);
                    multiplyAccumulate(sums[i][j + 1], fragments[i], others + 2);
                }
            }
        }
    }
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
#pragma unroll
        for (int j = 0; j < COLUMNS; j++) {
#pragma unroll
            for (int half = 0; half < 2; half++) {
                int r = row + ownRow + i * 16 + half * 8 + lane / 4, c = column + ownColumn + j * 8 + lane % 4 * 2;
                if (r < m && c < n) store(r, c, sums[i][j][half * 2], sums[i][j][half * 2 + 1]);
            }
        }
    }
}

/** A matrix with neighbours along the sum beside each other. */
struct HalfRows {
    struct Row {
        const __half* data;
        __device__ const __half* at(int p) const { return data + p; }
    };
    const __half* data;
    size_t stride;
    __device__ Row row(int index) const { return {data + index * stride}; }
};

/** Adds a bias and a residual [m, n], either of which may be absent, and writes two neighbours. */
struct HalfResult {
    const __half *bias, *residual;
    __half* to;
    size_t columns;

    __device__ void operator()(int row, int column, float low, float high) const {
        size_t at = row * columns + column;
        if (bias) add(bias + column, low, high);
        if (residual) add(residual + at, low, high);
        *reinterpret_cast<Pair*>(to + at) = pairOf(low, high);
    }

    static __device__ void add(const __half* two, float& low, float& high) {
        Pair pair = *reinterpret_cast<const Pair*>(two);
        low += lowOf(pair);
        high += highOf(pair);
    }
};
