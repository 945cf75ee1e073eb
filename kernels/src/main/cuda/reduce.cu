// Sums (op 0) or maxima (op 1) over some axes. `kept` has the dimensions of out and the steps in x, `folded` those of the axes that go. CPU twin: Folding.
// reduce_along, where x runs on along a folded axis: a warp an output, blocks of 8 warps.
// reduce_across, where it runs on along a kept one: blocks of 32 neighbouring outputs, 8 threads share each.
// An output's order of additions depends on the folded axes alone.
#include "device.cuh"

constexpr int SHARERS = 8;

static __device__ __forceinline__ float identityOf(int op) { return op ? -INFINITY : 0; }
static __device__ __forceinline__ float combine(int op, float a, float b) { return op ? maximum(a, b) : a + b; }

extern "C" __global__ void reduce_along(int op, const Element* x, Element* out, const __grid_constant__ Axes kept, const __grid_constant__ Axes folded,
                                        int outputs, int length) {
    int output = blockIdx.x * SHARERS + threadIdx.y;
    if (output >= outputs) return;
    const Element* from = x + offsetOf(kept, kept.a, output);
    float result = identityOf(op);
    for (int i = threadIdx.x; i < length; i += WARP) result = combine(op, result, from[offsetOf(folded, folded.a, i)]);
    result = op ? warpMaximum(result) : warpSum(result);
    if (threadIdx.x == 0) out[output] = result;
}

extern "C" __global__ void reduce_across(int op, const Element* x, Element* out, const __grid_constant__ Axes kept, const __grid_constant__ Axes folded,
                                         int outputs, int length) {
    __shared__ float parts[SHARERS][WARP];
    int output = blockIdx.x * WARP + threadIdx.x;
    float result = identityOf(op);
    if (output < outputs) {
        const Element* from = x + offsetOf(kept, kept.a, output);
        for (int i = threadIdx.y; i < length; i += SHARERS) result = combine(op, result, from[offsetOf(folded, folded.a, i)]);
    }
    parts[threadIdx.y][threadIdx.x] = result;
    __syncthreads();
    if (threadIdx.y == 0 && output < outputs) {
        for (int part = 1; part < SHARERS; part++) result = combine(op, result, parts[part][threadIdx.x]);
        out[output] = result;
    }
}
