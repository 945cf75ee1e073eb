// Kernels with one mistake each, which the emulation has to notice; and their right forms, which it has to let pass.
#include "../../main/cuda/device.cuh"

/** Reverses runs of 64 elements through shared memory. */
template <bool withBarrier> static __device__ void reverseRuns(const float* x, float* out) {
    __shared__ float run[64];
    int start = blockIdx.x * 64, i = threadIdx.x;
    run[i] = x[start + i];
    if (withBarrier) __syncthreads();
    out[start + i] = run[63 - i];
}
extern "C" __global__ void reverse_runs(const float* x, float* out) { reverseRuns<true>(x, out); }
extern "C" __global__ void reverse_runs_without_barrier(const float* x, float* out) { reverseRuns<false>(x, out); }

/** out[0] = Σ x, x of 32 elements. */
extern "C" __global__ void sum_warp(const float* x, float* out) {
    float sum = warpSum(x[threadIdx.x]);
    if (threadIdx.x == 0) out[0] = sum;
}
extern "C" __global__ void sum_half_a_warp_with_a_full_mask(const float* x, float* out) {
    if (threadIdx.x < 16) {
        float sum = warpSum(x[threadIdx.x]);
        if (threadIdx.x == 0) out[0] = sum;
    }
}

extern "C" __global__ void barrier_that_some_do_not_reach(float* out) {
    if (threadIdx.x < 16) __syncthreads();
    else __syncwarp();
    out[threadIdx.x] = 1;
}

/** out[i] = i for i < n, and one more. */
extern "C" __global__ void write_one_too_many(float* out, int n) {
    int i = threadIdx.x;
    if (i <= n) out[i] = i;
}
extern "C" __global__ void read_one_too_many(const float* x, float* out, int n) {
    int i = threadIdx.x;
    if (i < n) out[i] = x[i + 1];
}

/** Copies 4 elements of each thread through shared memory. */
template <bool withWait> static __device__ void copyThroughShared(const float* x, float* out) {
    __shared__ float staged[32 * 4];
    int i = threadIdx.x * 4;
    copyAsync(staged + i, x + i, true);
    commitCopies();
    if (withWait) waitForCopies<0>();
    for (int j = 0; j < 4; j++) out[i + j] = staged[i + j];
}
extern "C" __global__ void copy_asynchronously(const float* x, float* out) { copyThroughShared<true>(x, out); }
extern "C" __global__ void copy_asynchronously_without_wait(const float* x, float* out) { copyThroughShared<false>(x, out); }

/** x[i] += 1. */
extern "C" __global__ void increment(float* x) { x[threadIdx.x] += 1; }
