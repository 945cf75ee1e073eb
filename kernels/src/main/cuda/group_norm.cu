// Group normalisation of pictures [rows, cells, channels] over the cells and the channels of a group: y = act(x̂·γ + β) with x̂ = (x − μ)·r,
// r = (σ² + ε)^−½, act SiLU or nothing; statistics [rows, groups, 2] hold μ and r. Wu and He 2018. CPU twin: GroupNormKernel.
// group_norm and its input gradient: a block a group of a row, grid (groups, rows). Channel sums: blocks (32, 8) of 32 channels, grid (channels/32, rows).
#include "functions.cuh"

constexpr int GROUP_NORM_THREADS = 512, CELL_SHARERS = 8;

/** The sum over a block of whole warps, in every thread; `parts` is shared memory of 32 elements. */
static __device__ float blockSum(float x, float* parts) {
    x = warpSum(x);
    __syncthreads();
    if (threadIdx.x % WARP == 0) parts[threadIdx.x / WARP] = x;
    __syncthreads();
    float sum = 0;
    for (int warp = 0; warp < (int) blockDim.x / WARP; warp++) sum += parts[warp];
    return sum;
}

/** The mean is found twice, the second time of what the first left over, so that data far from zero loses nothing. */
extern "C" __global__ void __launch_bounds__(GROUP_NORM_THREADS)
    group_norm(const Element* x, const Element* gamma, const Element* beta, Element* y, Element* statistics, int cells, int channels, int groups,
               float epsilon, int silued) {
    __shared__ float parts[WARP];
    int width = channels / groups, count = cells * width, group = blockIdx.x, row = blockIdx.y;
    size_t start = (size_t) row * cells * channels + group * width;
    float sum = 0, rest = 0, squares = 0;
    for (int i = threadIdx.x; i < count; i += blockDim.x) sum += x[start + (size_t) (i / width) * channels + i % width];
    float mean = blockSum(sum, parts) / count;
    for (int i = threadIdx.x; i < count; i += blockDim.x) {
        float d = x[start + (size_t) (i / width) * channels + i % width] - mean;
        rest += d;
        squares = fmaf(d, d, squares);
    }
    rest = blockSum(rest, parts) / count;
    float reciprocal = 1 / sqrtf(fmaxf(fmaf(-rest, rest, blockSum(squares, parts) / count), 0) + epsilon);
    for (int i = threadIdx.x; i < count; i += blockDim.x) {
        size_t at = start + (size_t) (i / width) * channels + i % width;
        int channel = group * width + i % width;
        float z = fmaf(fmaf(x[at] - mean, reciprocal, -rest * reciprocal), gamma[channel], beta[channel]);
        y[at] = silued ? silu(z) : z;
    }
    if (threadIdx.x == 0) {
        statistics[2 * (row * groups + group)] = mean + rest;
        statistics[2 * (row * groups + group) + 1] = reciprocal;
    }
}

/** The gradient before the activation. */
static __device__ __forceinline__ float beforeActivation(float dy, float normal, float gamma, float beta, int silued) {
    return silued ? dy * siluDerivative(fmaf(normal, gamma, beta)) : dy;
}

/** sums [rows, channels, 2]: over a row's cells, Σ ŷ and Σ ŷ·x̂, ŷ being the gradient before the activation. */
extern "C" __global__ void group_norm_channel_sums(const Element* x, const Element* gamma, const Element* beta, const Element* statistics,
                                                   const Element* dy, Element* sums, int cells, int channels, int groups, int silued) {
    __shared__ float partialSums[CELL_SHARERS][WARP], partialProducts[CELL_SHARERS][WARP];
    int channel = blockIdx.x * WARP + threadIdx.x, row = blockIdx.y;
    float sum = 0, product = 0;
    if (channel < channels) {
        const Element* group = statistics + 2 * (row * groups + channel / (channels / groups));
        for (int cell = threadIdx.y; cell < cells; cell += CELL_SHARERS) {
            size_t at = ((size_t) row * cells + cell) * channels + channel;
            float normal = (x[at] - group[0]) * group[1];
            float g = beforeActivation(dy[at], normal, gamma[channel], beta[channel], silued);
            sum += g;
            product = fmaf(g, normal, product);
        }
    }
    partialSums[threadIdx.y][threadIdx.x] = sum;
    partialProducts[threadIdx.y][threadIdx.x] = product;
    __syncthreads();
    if (threadIdx.y == 0 && channel < channels) {
        for (int part = 1; part < CELL_SHARERS; part++) {
            sum += partialSums[part][threadIdx.x];
            product += partialProducts[part][threadIdx.x];
        }
        sums[2 * ((size_t) row * channels + channel)] = sum;
        sums[2 * ((size_t) row * channels + channel) + 1] = product;
    }
}

/** dx = r·(ŷγ − A − x̂·B), A and B being the means of ŷγ and ŷγ·x̂ over the group. Every warp sums the group's channels for itself. */
extern "C" __global__ void group_norm_input_gradient(const Element* x, const Element* gamma, const Element* beta, const Element* statistics,
                                                     const Element* dy, const Element* sums, Element* dx, int cells, int channels, int groups, int silued) {
    int width = channels / groups, count = cells * width, group = blockIdx.x, row = blockIdx.y;
    float mean = statistics[2 * (row * groups + group)], reciprocal = statistics[2 * (row * groups + group) + 1], sum = 0, product = 0;
    for (int i = threadIdx.x % WARP; i < width; i += WARP) {
        int channel = group * width + i;
        sum = fmaf(gamma[channel], sums[2 * ((size_t) row * channels + channel)], sum);
        product = fmaf(gamma[channel], sums[2 * ((size_t) row * channels + channel) + 1], product);
    }
    sum = warpSum(sum) / count;
    product = warpSum(product) / count;
    for (int i = threadIdx.x; i < count; i += blockDim.x) {
        int channel = group * width + i % width;
        size_t at = ((size_t) row * cells + i / width) * channels + channel;
        float normal = (x[at] - mean) * reciprocal;
        float g = beforeActivation(dy[at], normal, gamma[channel], beta[channel], silued) * gamma[channel];
        dx[at] = reciprocal * (g - fmaf(normal, product, sum));
    }
}

/** dγ and dβ: the channel sums over all rows; either may be absent. A thread a channel. */
extern "C" __global__ void group_norm_parameter_gradient(const Element* sums, Element* dGamma, Element* dBeta, int rows, int channels) {
    int channel = (int) globalIndex();
    if (channel >= channels) return;
    float sum = 0, product = 0;
    for (int row = 0; row < rows; row++) {
        sum += sums[2 * ((size_t) row * channels + channel)];
        product += sums[2 * ((size_t) row * channels + channel) + 1];
    }
    if (dGamma) dGamma[channel] = product;
    if (dBeta) dBeta[channel] = sum;
}
