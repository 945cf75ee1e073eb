// Layer normalisation of runs of `width` elements: y = x̂·γ + β with x̂ = (x − μ)·r, r = (σ² + ε)^−½; statistics hold μ and r of each run. Ba et al. 2016.
// layer_norm and its input gradient: a warp a run, blocks of 4 warps. Parameter gradient: blocks (32, 8) of 32 columns. CPU twin: LayerNormKernel.
#include "device.cuh"

constexpr int NORM_RUNS = 4, NORM_SHARERS = 8;

/** The mean is found twice, the second time of what the first left over, so that data far from zero loses nothing. */
extern "C" __global__ void layer_norm(const Element* x, const Element* gamma, const Element* beta, Element* y, Element* statistics, int width,
                                      float epsilon, int runs) {
    int run = blockIdx.x * NORM_RUNS + threadIdx.y;
    if (run >= runs) return;
    const Element* from = x + (size_t) run * width;
    float sum = 0, rest = 0, squares = 0;
    for (int i = threadIdx.x; i < width; i += WARP) sum += from[i];
    float mean = warpSum(sum) / width;
    for (int i = threadIdx.x; i < width; i += WARP) {
        float d = from[i] - mean;
        rest += d;
        squares = fmaf(d, d, squares);
    }
    rest = warpSum(rest) / width;
    float reciprocal = 1 / sqrtf(fmaxf(fmaf(-rest, rest, warpSum(squares) / width), 0) + epsilon);
    for (int i = threadIdx.x; i < width; i += WARP) {
        float normal = fmaf(from[i] - mean, reciprocal, -rest * reciprocal);
        y[(size_t) run * width + i] = fmaf(normal, gamma[i], beta[i]);
    }
    if (threadIdx.x == 0) {
        statistics[2 * run] = mean + rest;
        statistics[2 * run + 1] = reciprocal;
    }
}

/** dx = r·(ŷ − mean(ŷ) − x̂·mean(ŷ·x̂)) with ŷ = dy·γ. */
extern "C" __global__ void layer_norm_input_gradient(const Element* x, const Element* gamma, const Element* statistics, const Element* dy, Element* dx,
                                                     int width, int runs) {
    int run = blockIdx.x * NORM_RUNS + threadIdx.y;
    if (run >= runs) return;
    size_t start = (size_t) run * width;
    float mean = statistics[2 * run], reciprocal = statistics[2 * run + 1], sum = 0, product = 0;
    for (int i = threadIdx.x; i < width; i += WARP) {
        float g = dy[start + i] * gamma[i];
        sum += g;
        product = fmaf(g, (x[start + i] - mean) * reciprocal, product);
    }
    sum = warpSum(sum) / width;
    product = warpSum(product) / width;
    for (int i = threadIdx.x; i < width; i += WARP) {
        float normal = (x[start + i] - mean) * reciprocal;
        dx[start + i] = reciprocal * (dy[start + i] * gamma[i] - fmaf(normal, product, sum));
    }
}

/** dγ = Σ dy·x̂, dβ = Σ dy over all runs; either may be absent. */
extern "C" __global__ void layer_norm_parameter_gradient(const Element* x, const Element* statistics, const Element* dy, Element* dGamma, Element* dBeta,
                                                         int width, int runs) {
    __shared__ float sums[NORM_SHARERS][WARP], products[NORM_SHARERS][WARP];
    int column = blockIdx.x * WARP + threadIdx.x;
    float sum = 0, product = 0;
    if (column < width) {
        for (int run = threadIdx.y; run < runs; run += NORM_SHARERS) {
            size_t at = (size_t) run * width + column;
            sum += dy[at];
            product = fmaf(dy[at], (x[at] - statistics[2 * run]) * statistics[2 * run + 1], product);
        }
    }
    sums[threadIdx.y][threadIdx.x] = sum;
    products[threadIdx.y][threadIdx.x] = product;
    __syncthreads();
    if (threadIdx.y == 0 && column < width) {
        for (int part = 1; part < NORM_SHARERS; part++) {
            sum += sums[part][threadIdx.x];
            product += products[part][threadIdx.x];
        }
        if (dGamma) dGamma[column] = product;
        if (dBeta) dBeta[column] = sum;
    }
}
