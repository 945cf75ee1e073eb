// The product of two matrices whose elements come from functions, in tiles of 64x64: the heart of matrix products, convolutions and attention maps.
#pragma once
#include "device.cuh"

/** The edge of a tile of the result, the summed length that is staged at a time, and the threads of a block, each of which holds 4x4 results. */
constexpr int TILE = 64, STAGE = 16, TILE_THREADS = 256;

/** Shared memory of a block that multiplies: stages of the left and the right matrix. Rows are padded so that a column's writes go to different banks. */
struct Stages {
    float left[STAGE][TILE + 1];
    float right[STAGE][TILE + 1];
};

/**
 * store(i, j, Σ left(i, p)·right(p, j)) for the block's tile of a result [m, n]: rows from 64·blockIdx.y, columns from 64·blockIdx.x. Each result is one
 * chain of fused multiply-adds in ascending p, so that its bits do not depend on where in a tile, or in a batch, it lies.
 *
 * Left and Right have a constant `ALONG_SUM`: whether neighbours along p lie beside each other in memory, so that neighbouring threads read them.
 */
template <class Left, class Right, class Store>
static __device__ __forceinline__ void multiplyTile(Stages& stages, int m, int n, int k, Left left, Right right, Store store) {
    int row = blockIdx.y * TILE, column = blockIdx.x * TILE, thread = threadIdx.x;
    int i = thread / STAGE, j = thread % STAGE;
    float sum[4][4] = {};
    for (int start = 0; start < k; start += STAGE) {
#pragma unroll
        for (int e = 0; e < STAGE * TILE; e += TILE_THREADS) {
            int p = Left::ALONG_SUM ? thread % STAGE : (thread + e) / TILE, at = Left::ALONG_SUM ? (thread + e) / STAGE : thread % TILE;
            stages.left[p][at] = row + at < m && start + p < k ? left(row + at, start + p) : 0;
        }
#pragma unroll
        for (int e = 0; e < STAGE * TILE; e += TILE_THREADS) {
            int p = Right::ALONG_SUM ? thread % STAGE : (thread + e) / TILE, at = Right::ALONG_SUM ? (thread + e) / STAGE : thread % TILE;
            stages.right[p][at] = column + at < n && start + p < k ? right(start + p, column + at) : 0;
        }
        __syncthreads();
#pragma unroll
        for (int p = 0; p < STAGE; p++) {
            float a[4], b[4];
#pragma unroll
            for (int u = 0; u < 4; u++) a[u] = stages.left[p][i + u * STAGE];
#pragma unroll
            for (int v = 0; v < 4; v++) b[v] = stages.right[p][j + v * STAGE];
#pragma unroll
            for (int u = 0; u < 4; u++) {
#pragma unroll
                for (int v = 0; v < 4; v++) sum[u][v] = fmaf(a[u], b[v], sum[u][v]);
            }
        }
        __syncthreads();
    }
#pragma unroll
    for (int u = 0; u < 4; u++) {
#pragma unroll
        for (int v = 0; v < 4; v++) {
            if (row + i + u * STAGE < m && column + j + v * STAGE < n) store(row + i + u * STAGE, column + j + v * STAGE, sum[u][v]);
        }
    }
}

/** An element of a matrix stored by rows of `stride` elements. */
template <bool alongSum> struct Rows {
    static constexpr bool ALONG_SUM = alongSum;
    const Element* data;
    size_t stride;
    __device__ float operator()(int row, int column) const { return data[row * stride + column]; }
};

/** An element of the transpose of a matrix stored by rows. */
template <bool alongSum> struct Columns {
    static constexpr bool ALONG_SUM = alongSum;
    const Element* data;
    size_t stride;
    __device__ float operator()(int row, int column) const { return data[column * stride + row]; }
};
