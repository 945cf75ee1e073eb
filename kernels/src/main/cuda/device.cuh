// What every kernel builds on: the device language, from CUDA or from its emulation on the host (src/test/native), and reductions within a warp.
#pragma once

#ifdef CUDA_EMULATION
#include "cuda_emulation.h"
/** Dynamic shared memory. */
#define DYNAMIC_SHARED(type, name) type* name = reinterpret_cast<type*>(emulation::block->dynamicShared)
#else
#include <cuda_fp16.h>
#include <float.h>
#define DYNAMIC_SHARED(type, name)                 \
    extern __shared__ float4 dynamicSharedBytes[]; \
    type* name = reinterpret_cast<type*>(dynamicSharedBytes)
#endif

/** An element in the device's memory. Whatever it is, arithmetic is in float32: it is widened when it is read and rounded when it is written. */
#ifdef HALF_STORAGE
struct Element {
    __half bits;
    __device__ operator float() const { return __half2float(bits); }
    __device__ Element& operator=(float x) {
        bits = __float2half_rn(x);
        return *this;
    }
};
#else
using Element = float;
#endif

constexpr unsigned ALL_LANES = 0xffffffff;
constexpr int WARP = 32;

/** The most dimensions of a tensor; dimensions and steps of up to two operands, in elements; a step of 0 repeats. */
constexpr int RANK = 8;
struct Axes {
    int rank;
    int dims[RANK];
    int a[RANK];
    int b[RANK];
};

/** Where element `index` of a tensor of these dimensions lies with these steps. */
static __device__ __forceinline__ int offsetOf(const Axes& axes, const int* steps, int index) {
    int offset = 0;
    for (int d = axes.rank - 1; d >= 0; d--) {
        offset += index % axes.dims[d] * steps[d];
        index /= axes.dims[d];
    }
    return offset;
}

/** The thread's index in a grid of blocks along x. */
static __device__ __forceinline__ long long globalIndex() { return (long long) blockIdx.x * blockDim.x + threadIdx.x; }

/** The sum over the lanes of a warp, in every lane, in a fixed order. */
static __device__ __forceinline__ float warpSum(float x) {
    for (int step = WARP / 2; step > 0; step /= 2) x += __shfl_xor_sync(ALL_LANES, x, step);
    return x;
}

/** The larger one; NaN if either is. */
static __device__ __forceinline__ float maximum(float a, float b) { return a > b || a != a ? a : b; }

static __device__ __forceinline__ float minimum(float a, float b) { return a < b || a != a ? a : b; }

static __device__ __forceinline__ float warpMaximum(float x) {
    for (int step = WARP / 2; step > 0; step /= 2) x = maximum(x, __shfl_xor_sync(ALL_LANES, x, step));
    return x;
}

// Copies of 16 bytes from global to shared memory that go on in the background, in groups: cp.async of the PTX ISA, plain copies before sm_80.

/** Copies, or writes zeros if not `present`; both addresses are multiples of 16. */
static __device__ __forceinline__ void copyAsync(void* shared, const void* global, bool present) {
#if defined(CUDA_EMULATION)
    emulation::block->copy(emulation::block, shared, global, present ? 16 : 0, present ? 0 : 16);
#elif __CUDA_ARCH__ >= 800
    unsigned to = (unsigned) __cvta_generic_to_shared(shared);
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(global), "r"(present ? 16 : 0) : "memory");
#else
    *(uint4*) shared = present ? *(const uint4*) global : make_uint4(0, 0, 0, 0);
#endif
}

/** Closes a group of copies. */
static __device__ __forceinline__ void commitCopies() {
#if defined(CUDA_EMULATION)
    emulation::block->commit(emulation::block);
#elif __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

/** Waits for this thread's copies, but for the last `pending` groups; a barrier makes them visible to the others. */
template <int pending> static __device__ __forceinline__ void waitForCopies() {
#if defined(CUDA_EMULATION)
    emulation::block->waitForGroups(emulation::block, pending);
#elif __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" ::"n"(pending) : "memory");
#endif
}
