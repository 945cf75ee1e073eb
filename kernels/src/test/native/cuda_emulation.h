// The CUDA device language for g++: a kernel compiled with this header runs on the host, one fiber for each CUDA thread.
//
// The scheduler (scheduler.cpp, inside the emulated driver) runs a block's threads one after the other; a thread runs until it has to wait for others, at a
// barrier or in a warp collective, or ends. Register r15 names the block, as thread-local storage would cost more than the rest of a shuffle.
#pragma once

#include <cfloat>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#define __global__ __attribute__((visibility("default"), used))
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __grid_constant__
#define __shared__ static thread_local
#define __restrict__ __restrict

struct uint3 { unsigned x, y, z; };
struct dim3 { unsigned x, y, z; };
struct alignas(8) float2 { float x, y; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(16) uint4 { unsigned x, y, z, w; };

namespace emulation {

/** Bit l of a mask stands for lane l. */
struct Warp {
    uint32_t live, ready, arrived;
    void* posted[32];
};

/** The state that a block's threads share with the scheduler. */
struct Block {
    dim3 gridDim, blockDim;
    uint3 blockIdx, threadIdx[1024];
    /** The running thread, x fastest. */
    int current;
    Warp warps[32];
    char* dynamicShared;

    void (*wait)(Block*);                 // lets others run until the thread is ready
    void (*barrier)(Block*);
    void (*copy)(Block*, void* to, const void* from, int bytes, int zeros);
    void (*commit)(Block*);
    void (*waitForGroups)(Block*, int pending);
    void (*fail)(Block*, const char* what);  // ends the block
};

register Block* block asm("r15");

inline int lane() { return block->current & 31; }

/**
 * What the lanes in `mask` do together: each posts an address of its own, the last one to arrive calls `act(posted, mask)` for all of them, then all go on.
 * Every operation of a warp is made of it.
 */
template <class Act> inline void collective(uint32_t mask, void* mine, Act act) {
    Warp& warp = block->warps[block->current >> 5];
    uint32_t bit = 1u << lane();
    if (!(mask & bit)) block->fail(block, "a lane that its own mask leaves out takes part in a warp's operation");
    if (mask & ~warp.live) block->fail(block, "the mask of a warp's operation names a lane that has ended or never was");
    warp.posted[lane()] = mine;
    warp.arrived |= bit;
    if ((warp.arrived & mask) == mask) {
        act(warp.posted, mask);
        warp.arrived &= ~mask;
        warp.ready |= mask;
    } else {
        warp.ready &= ~bit;
        block->wait(block);
    }
}

template <class Visit> inline void each(uint32_t mask, Visit visit) {
    for (; mask; mask &= mask - 1) visit(__builtin_ctz(mask));
}

template <class T> struct Exchange { T given; int source; T taken; };

/** The value of lane `source`; of a lane that does not take part it is undefined, here NaN or garbage. */
template <class T> inline T shuffle(uint32_t mask, T value, int source) {
    Exchange<T> mine{value, source, value};
    collective(mask, &mine, [](void** posted, uint32_t lanes) {
        each(lanes, [&](int l) {
            auto* to = static_cast<Exchange<T>*>(posted[l]);
            if (lanes >> to->source & 1) to->taken = static_cast<Exchange<T>*>(posted[to->source])->given;
            else memset(&to->taken, 0xff, sizeof(T));
        });
    });
    return mine.taken;
}

inline uint32_t ballot(uint32_t mask, bool predicate) {
    Exchange<uint32_t> mine{predicate, 0, 0};
    collective(mask, &mine, [](void** posted, uint32_t lanes) {
        uint32_t votes = 0;
        each(lanes, [&](int l) { votes |= static_cast<Exchange<uint32_t>*>(posted[l])->given << l; });
        each(lanes, [&](int l) { static_cast<Exchange<uint32_t>*>(posted[l])->taken = votes; });
    });
    return mine.taken;
}

inline float halfOf(uint32_t pair, int high) {
    uint16_t bits = high ? pair >> 16 : pair;
    _Float16 half;
    memcpy(&half, &bits, 2);
    return half;
}

/** d += a·b by mma.sync.m16n8k16, fragments laid out as in the PTX ISA, section "Matrix fragments for mma.m16n8k16". */
inline void mma(float* d, const uint32_t* a, const uint32_t* b) {
    struct Fragments { float* d; const uint32_t *a, *b; } mine{d, a, b};
    collective(~0u, &mine, [](void** posted, uint32_t) {
        float left[16][16], right[16][8];
        for (int l = 0; l < 32; l++) {
            auto* f = static_cast<Fragments*>(posted[l]);
            int group = l >> 2, column = (l & 3) * 2;
            for (int h = 0; h < 2; h++) {
                for (int i = 0; i < 4; i++) left[group + (i & 1) * 8][column + h + (i >> 1) * 8] = halfOf(f->a[i], h);
                for (int i = 0; i < 2; i++) right[column + h + i * 8][group] = halfOf(f->b[i], h);
            }
        }
        for (int l = 0; l < 32; l++) {
            auto* f = static_cast<Fragments*>(posted[l]);
            for (int i = 0; i < 4; i++) {
                int row = (l >> 2) + (i >> 1) * 8, column = (l & 3) * 2 + (i & 1);
                for (int k = 0; k < 16; k++) f->d[i] += left[row][k] * right[k][column];
            }
        }
    });
}

/** ldmatrix.x4: lane l gives the address of row l mod 8 of matrix ⌊l/8⌋ of 8x8 halves. */
template <bool transposed> inline void loadMatrices(uint32_t* fragments, const void* row) {
    struct Rows { uint32_t* to; const void* from; } mine{fragments, row};
    collective(~0u, &mine, [](void** posted, uint32_t) {
        for (int l = 0; l < 32; l++) {
            for (int m = 0; m < 4; m++) {
                uint16_t pair[2];
                for (int h = 0; h < 2; h++) {
                    int r = transposed ? (l & 3) * 2 + h : l >> 2, c = transposed ? l >> 2 : (l & 3) * 2 + h;
                    pair[h] = static_cast<const uint16_t*>(static_cast<Rows*>(posted[m * 8 + r])->from)[c];
                }
                static_cast<Rows*>(posted[l])->to[m] = pair[0] | uint32_t(pair[1]) << 16;
            }
        }
    });
}

/** What the driver has to know of a parameter: its size, and in POINTER that it is an address. */
constexpr unsigned POINTER = 1u << 31;

template <class... P, size_t... I> inline void call(void (*kernel)(P...), void** values, std::index_sequence<I...>) {
    kernel(*static_cast<std::remove_cv_t<P>*>(values[I])...);
}
template <class... P> inline void call(void (*kernel)(P...), void** values) { call(kernel, values, std::index_sequence_for<P...>{}); }
template <class... P> inline int describe(void (*)(P...), unsigned* parameters) {
    unsigned all[] = {(unsigned(sizeof(P)) | (std::is_pointer_v<P> ? POINTER : 0))..., 0};
    memcpy(parameters, all, sizeof...(P) * sizeof(unsigned));
    return sizeof...(P);
}

}  // namespace emulation

/** What the driver finds of a kernel: its call with the values of the parameters, and their description. The build adds one line for each kernel. */
#define EMULATED_KERNEL(name)                                                                                                            \
    extern "C" __global__ void call_##name(void** values) { emulation::call(&name, values); }                                          \
    extern "C" __global__ int describe_##name(unsigned* parameters) { return emulation::describe(&name, parameters); }

#define threadIdx (emulation::block->threadIdx[emulation::block->current])
#define blockIdx (emulation::block->blockIdx)
#define blockDim (emulation::block->blockDim)
#define gridDim (emulation::block->gridDim)

static inline void __syncthreads() { emulation::block->barrier(emulation::block); }
static inline void __syncwarp(uint32_t mask = ~0u) { emulation::collective(mask, nullptr, [](void**, uint32_t) {}); }
template <class T> static inline T __shfl_sync(uint32_t mask, T value, int source) { return emulation::shuffle(mask, value, source & 31); }
template <class T> static inline T __shfl_xor_sync(uint32_t mask, T value, int flip) { return emulation::shuffle(mask, value, emulation::lane() ^ flip); }
template <class T> static inline T __shfl_down_sync(uint32_t mask, T value, int by) {
    int source = emulation::lane() + by;
    return emulation::shuffle(mask, value, source > 31 ? emulation::lane() : source);
}
static inline uint32_t __ballot_sync(uint32_t mask, int predicate) { return emulation::ballot(mask, predicate != 0); }

// Correctly rounded and never contracted; the emulation is compiled without contraction.
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fadd_rn(float a, float b) { return a + b; }
static inline float rsqrtf(float x) { return 1 / sqrtf(x); }
static inline float __int_as_float(int bits) { float f; memcpy(&f, &bits, 4); return f; }
#define __expf(x) expf(x)  // a macro, as the C library declares a function of this name
template <class T> static inline T min(T a, T b) { return a < b ? a : b; }
template <class T> static inline T max(T a, T b) { return a < b ? b : a; }

struct __half { _Float16 value; };
struct alignas(4) __half2 { __half x, y; };
static inline float __half2float(__half x) { return x.value; }
static inline __half __float2half_rn(float x) { return {static_cast<_Float16>(x)}; }
static inline __half2 __floats2half2_rn(float x, float y) { return {__float2half_rn(x), __float2half_rn(y)}; }
