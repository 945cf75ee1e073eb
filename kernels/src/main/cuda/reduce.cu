// Sums (op 0) or maxima (op 1) over some axes. `kept` has the dimensions of out and the steps in x, `folded` those of the axes that go. CPU twin: Folding.
// reduce_along, where x runs on along a folded axis: a warp an output, blocks of 8 warps.
// reduce_across, where it runs on along a kept one: blocks of 32 neighbouring outputs, 8 threads share each.
// An output's order of additions depends on the folded axes alone. A thread's sum may be one of millions and is compensated: Ogita, Rump and Oishi 2005,
// "Accurate Sum and Dot Product", algorithm 4.4.
#include "device.cuh"

constexpr int SHARERS = 8;

static __device__ __forceinline__ float combine(int op, float a, float b) { return op ? maximum(a, b) : a + b; }

/** What a thread has folded of its elements. */
struct Folded {
    int op;
    float result, lost;

    static __device__ __forceinline__ Folded of(int op) { return {op, op ? -INFINITY : 0.0f, 0}; }

    __device__ __forceinline__ void add(float x) {
        float before = result;
        result = combine(op, before, x);
        if (op) return;
        float added = result - before;
        lost += (before - (result - added)) + (x - added);
    }

    /** Beyond the range of float32 what was lost is no number. */
    __device__ __forceinline__ float total() const { return op || lost != lost ? result : result + lost; }
};

extern "C" __global__ void reduce_along(int op, const Element* x, Element* out, const __grid_constant__ Axes kept, const __grid_constant__ Axes folded,
                                        int outputs, int length) {
    int output = blockIdx.x * SHARERS + threadIdx.y;
    if (output >= outputs) return;
    const Element* from = x + offsetOf(kept, kept.a, output);
    Folded mine = Folded::of(op);
    for (int i = threadIdx.x; i < length; i += WARP) mine.add(from[offsetOf(folded, folded.a, i)]);
    float result = op ? warpMaximum(mine.total()) : warpSum(mine.total());
    if (threadIdx.x == 0) out[output] = result;
}

extern "C" __global__ void reduce_across(int op, const Element* x, Element* out, const __grid_constant__ Axes kept, const __grid_constant__ Axes folded,
                                         int outputs, int length) {
    __shared__ float parts[SHARERS][WARP];
    int output = blockIdx.x * WARP + threadIdx.x;
    Folded mine = Folded::of(op);
    if (output < outputs) {
        const Element* from = x + offsetOf(kept, kept.a, output);
        for (int i = threadIdx.y; i < length; i += SHARERS) mine.add(from[offsetOf(folded, folded.a, i)]);
    }
    float result = mine.total();
    parts[threadIdx.y][threadIdx.x] = result;
    __syncthreads();
    if (threadIdx.y == 0 && output < outputs) {
        for (int part = 1; part < SHARERS; part++) result = combine(op, result, parts[part][threadIdx.x]);
        out[output] = result;
    }
}
