// c[z] = op(a[z])·op(b[z]) [+ bias] [+ residual[z]]: a block a tile of 64x64, grid (n/64, m/64, batch). CPU twin: PlainGemm, CpuLinear.
#include "tile.cuh"

/** a [m, k], transposed [k, m]; b [k, n], transposed [n, k]; bias [n] and residual [m, n] may be absent; strides lie between the products of a batch. */
extern "C" __global__ void __launch_bounds__(TILE_THREADS)
    gemm(const Element* a, const Element* b, const Element* bias, const Element* residual, Element* c, int m, int n, int k, int transposeA, int transposeB,
         long long aStride, long long bStride, long long cStride) {
    __shared__ Stages stages;
    a += blockIdx.z * aStride;
    b += blockIdx.z * bStride;
    long long start = blockIdx.z * cStride;
    auto store = [&](int i, int j, float product) {
        size_t at = start + (size_t) i * n + j;
        if (bias) product += bias[j];
        if (residual) product += residual[at];
        c[at] = product;
    };
    size_t rows = m, columns = n, length = k;
    if (transposeA && transposeB) multiplyTile(stages, m, n, k, Columns<false>{a, rows}, Columns<true>{b, length}, store);
    else if (transposeA) multiplyTile(stages, m, n, k, Columns<false>{a, rows}, Rows<false>{b, columns}, store);
    else if (transposeB) multiplyTile(stages, m, n, k, Rows<true>{a, length}, Columns<true>{b, length}, store);
    else multiplyTile(stages, m, n, k, Rows<true>{a, length}, Rows<false>{b, columns}, store);
}
