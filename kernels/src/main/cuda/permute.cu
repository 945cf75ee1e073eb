// Axes in another order. permute: a thread an element of out. transpose: [rows, columns] to [columns, rows] for each of a batch, in tiles of 32x32 through
// shared memory so that reads and writes are both of neighbours; blocks (32, 8), grid (columns/32, rows/32, batch). CPU twin: Permutation, Transposition.
#include "device.cuh"

/** The dimensions are those of out, the steps those of its axes in x. */
extern "C" __global__ void permute(const Element* x, Element* out, const __grid_constant__ Axes axes, int n) {
    int i = (int) globalIndex();
    if (i < n) out[i] = x[offsetOf(axes, axes.a, i)];
}

extern "C" __global__ void transpose(const Element* x, Element* out, int rows, int columns) {
    __shared__ float tile[WARP][WARP + 1];
    size_t start = (size_t) blockIdx.z * rows * columns;
    int row = blockIdx.y * WARP, column = blockIdx.x * WARP;
    for (int i = threadIdx.y; i < WARP; i += blockDim.y) {
        if (row + i < rows && column + (int) threadIdx.x < columns) tile[i][threadIdx.x] = x[start + (size_t) (row + i) * columns + column + threadIdx.x];
    }
    __syncthreads();
    for (int i = threadIdx.y; i < WARP; i += blockDim.y) {
        if (column + i < columns && row + (int) threadIdx.x < rows) out[start + (size_t) (column + i) * rows + row + threadIdx.x] = tile[threadIdx.x][i];
    }
}
