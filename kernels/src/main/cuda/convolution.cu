// Cross-correlation of channels-last pictures as a product of matrices that are never stored: patches x weights, and both gradients.
// y[n, i, j, o] = bias[o] + Σ x[n, i·s + u − top, j·s + v − left, c]·w[o, u, v, c] [+ residual]. A block a tile of 64x64 of the result.
// CPU twin: PatchConvolution.
#include "convolution.cuh"
#include "tile.cuh"

/** x at the cell (u, v) of the patch of an output cell, or 0 outside the picture. */
static __device__ __forceinline__ float patchElement(const Element* x, const ConvolutionShape& s, int outputCell, int u, int v, int channel) {
    int j = outputCell % s.outWidth, i = outputCell / s.outWidth % s.outHeight, row = outputCell / (s.outWidth * s.outHeight);
    int y = i * s.stride + u - s.top, z = j * s.stride + v - s.left;
    bool inside = y >= 0 && y < s.inHeight && z >= 0 && z < s.inWidth;
    return inside ? x[(((size_t) row * s.inHeight + y) * s.inWidth + z) * s.in + channel] : 0.0f;
}

/** Patches of x: [output cells of all rows, kernel cells · in]. */
struct Patches {
    static constexpr bool ALONG_SUM = true;
    const Element* x;
    const ConvolutionShape& s;
    __device__ float operator()(int cell, int p) const {
        int kernelCell = p / s.in;
        return patchElement(x, s, cell, kernelCell / s.kernelWidth, kernelCell % s.kernelWidth, p % s.in);
    }
};

/** The same with the cells summed over. */
struct PatchesOverCells {
    static constexpr bool ALONG_SUM = false;
    Patches patches;
    __device__ float operator()(int cell, int p) const { return patches(cell, p); }
};

/** For each input cell the gradients of the outputs that read it: [input cells of all rows, kernel cells · out]. */
struct Readers {
    static constexpr bool ALONG_SUM = true;
    const Element* dy;
    const ConvolutionShape& s;
    __device__ float operator()(int cell, int p) const {
        int channel = p % s.out, u = p / s.out / s.kernelWidth, v = p / s.out % s.kernelWidth;
        int z = cell % s.inWidth, y = cell / s.inWidth % s.inHeight, row = cell / (s.inWidth * s.inHeight);
        int i = y + s.top - u, j = z + s.left - v;
        bool reads = i >= 0 && j >= 0 && i % s.stride == 0 && j % s.stride == 0 && i / s.stride < s.outHeight && j / s.stride < s.outWidth;
        return reads ? dy[(((size_t) row * s.outHeight + i / s.stride) * s.outWidth + j / s.stride) * s.out + channel] : 0.0f;
    }
};

/** Weights [out, kernel cells, in] as [kernel cells · out, in]. */
struct WeightsByInput {
    static constexpr bool ALONG_SUM = false;
    const Element* weight;
    const ConvolutionShape& s;
    __device__ float operator()(int p, int channel) const {
        int kernelCells = s.kernelHeight * s.kernelWidth;
        return weight[((size_t) (p % s.out) * kernelCells + p / s.out) * s.in + channel];
    }
};

extern "C" __global__ void __launch_bounds__(TILE_THREADS)
    convolution(const Element* x, const Element* weight, const Element* bias, const Element* residual, Element* y,
                const __grid_constant__ ConvolutionShape s) {
    __shared__ Stages stages;
    int cells = s.rows * s.outHeight * s.outWidth, length = s.kernelHeight * s.kernelWidth * s.in;
    multiplyTile(stages, cells, s.out, length, Patches{x, s}, Columns<true>{weight, (size_t) length}, [&](int cell, int channel, float sum) {
        size_t at = (size_t) cell * s.out + channel;
        if (bias) sum += bias[channel];
        if (residual) sum += residual[at];
        y[at] = sum;
    });
}

extern "C" __global__ void __launch_bounds__(TILE_THREADS)
    convolution_input_gradient(const Element* dy, const Element* weight, Element* dx, const __grid_constant__ ConvolutionShape s) {
    __shared__ Stages stages;
    int cells = s.rows * s.inHeight * s.inWidth, length = s.kernelHeight * s.kernelWidth * s.out;
    multiplyTile(stages, cells, s.in, length, Readers{dy, s}, WeightsByInput{weight, s},
                 [&](int cell, int channel, float sum) { dx[(size_t) cell * s.in + channel] = sum; });
}

extern "C" __global__ void __launch_bounds__(TILE_THREADS)
    convolution_weight_gradient(const Element* x, const Element* dy, Element* dWeight, const __grid_constant__ ConvolutionShape s) {
    __shared__ Stages stages;
    int cells = s.rows * s.outHeight * s.outWidth, length = s.kernelHeight * s.kernelWidth * s.in;
    multiplyTile(stages, s.out, length, cells, Columns<false>{dy, (size_t) s.out}, PatchesOverCells{{x, s}},
                 [&](int channel, int p, float sum) { dWeight[(size_t) channel * length + p] = sum; });
}
