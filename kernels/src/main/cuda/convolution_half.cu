// Cross-correlation as in convolution.cu in half precision on tensor cores, sums in float32: a product of patches, which are gathered on their way into
// shared memory, and weights. A block a tile of EDGE x EDGE of the result, grid (out/EDGE, cells/EDGE), blocks of 128. Input channels are a multiple of 8,
// output channels are even, addresses are multiples of 16. CPU twin: PatchConvolution.
#include "convolution.cuh"
#include "tile_half.cuh"

/** Patches of x: [output cells of all rows, kernel cells · in]; 8 neighbours along the sum are channels of one cell. */
struct HalfPatches {
    const __half* x;
    const ConvolutionShape& s;

    /** The patch of an output cell: its picture, and where in that it begins. */
    struct Row {
        const __half* data;
        int y, z;
        const ConvolutionShape* s;

        __device__ const __half* at(int p) const {
            int kernelCell = p / s->in, i = y + kernelCell / s->kernelWidth, j = z + kernelCell % s->kernelWidth;
            bool inside = i >= 0 && i < s->inHeight && j >= 0 && j < s->inWidth;
            return inside ? data + ((size_t) i * s->inWidth + j) * s->in + p % s->in : nullptr;
        }
    };

    __device__ Row row(int cell) const {
        int j = cell % s.outWidth, i = cell / s.outWidth % s.outHeight, row = cell / (s.outWidth * s.outHeight);
        return {x + (size_t) row * s.inHeight * s.inWidth * s.in, i * s.stride - s.top, j * s.stride - s.left, &s};
    }
};

#define CONVOLUTION_HALF(EDGE)                                                                                                                      \
    extern "C" __global__ void __launch_bounds__(HALF_TILE_THREADS)                                                                                 \
        convolution_half_##EDGE(const __half* x, const __half* weight, const __half* bias, const __half* residual, __half* y,                       \
                                const __grid_constant__ ConvolutionShape s) {                                                                       \
        __shared__ HalfStages<EDGE> stages;                                                                                                         \
        int cells = s.rows * s.outHeight * s.outWidth, length = s.kernelHeight * s.kernelWidth * s.in;                                              \
        HalfRows right{weight, (size_t) length};                                                                                                    \
        multiplyHalfTile(stages, cells, s.out, length, HalfPatches{x, s}, right, HalfResult{bias, residual, y, (size_t) s.out});                    \
    }
CONVOLUTION_HALF(64)
CONVOLUTION_HALF(128)
