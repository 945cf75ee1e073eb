// y = x·wᵀ [+ bias] [+ residual] in half precision on tensor cores, sums in float32: linear layers where cuBLAS is missing. A block a tile of EDGE x EDGE,
// grid (n/EDGE, m/EDGE), blocks of 128. Lengths along the sum are multiples of 8, n is even, addresses are multiples of 16. CPU twin: CpuLinear.
#include "tile_half.cuh"

/** x [m, k], w [n, k], bias [n] and residual [m, n] or absent, y [m, n]. */
#define GEMM_HALF(EDGE)                                                                                                                             \
    extern "C" __global__ void __launch_bounds__(HALF_TILE_THREADS)                                                                                 \
        gemm_half_##EDGE(const __half* x, const __half* w, const __half* bias, const __half* residual, __half* y, int m, int n, int k) {            \
        __shared__ HalfStages<EDGE> stages;                                                                                                         \
        HalfRows left{x, (size_t) k}, right{w, (size_t) k};                                                                                         \
        multiplyHalfTile(stages, m, n, k, left, right, HalfResult{bias, residual, y, (size_t) n});                                                  \
    }
GEMM_HALF(64)
GEMM_HALF(128)
