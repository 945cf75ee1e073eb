// Softmax over runs of `width` elements, and its gradient dx = y∘(dy − Σ y·dy). A warp a run, blocks of 4 warps. x and out may be the same.
// CPU twin: Softmax, CpuReduction.softmaxGradient.
#include "device.cuh"

constexpr int RUNS_OF_A_BLOCK = 4;

extern "C" __global__ void softmax(const Element* x, Element* out, int width, int runs) {
    int run = blockIdx.x * RUNS_OF_A_BLOCK + threadIdx.y;
    if (run >= runs) return;
    const Element* from = x + (size_t) run * width;
    Element* to = out + (size_t) run * width;
    float largest = -INFINITY, sum = 0;
    for (int i = threadIdx.x; i < width; i += WARP) largest = maximum(largest, from[i]);
    largest = warpMaximum(largest);
    for (int i = threadIdx.x; i < width; i += WARP) {
        float e = expf(from[i] - largest);
        to[i] = e;
        sum += e;
    }
    float factor = 1 / warpSum(sum);
    for (int i = threadIdx.x; i < width; i += WARP) to[i] = to[i] * factor;
}

extern "C" __global__ void softmax_gradient(const Element* y, const Element* dy, Element* dx, int width, int runs) {
    int run = blockIdx.x * RUNS_OF_A_BLOCK + threadIdx.y;
    if (run >= runs) return;
    size_t start = (size_t) run * width;
    float mean = 0;
    for (int i = threadIdx.x; i < width; i += WARP) mean = fmaf(y[start + i], dy[start + i], mean);
    mean = warpSum(mean);
    for (int i = threadIdx.x; i < width; i += WARP) dx[start + i] = y[start + i] * (dy[start + i] - mean);
}
