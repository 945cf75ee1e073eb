// Products of fragments on tensor cores: mma.sync.m16n8k16 and ldmatrix of the PTX ISA, for sm_80 and later.
// Lane l of a warp, with group g = l/4 and pair t = l mod 4, holds of a 16x16 left matrix the pairs (g, 2t) (g + 8, 2t) (g, 2t + 8) (g + 8, 2t + 8), of a
// 16x8 right matrix the pairs down a column (2t, g) (2t + 8, g), and of a 16x8 result the elements (g, 2t) (g, 2t + 1) (g + 8, 2t) (g + 8, 2t + 1).
#pragma once
#include "device.cuh"

/** Two halves. */
using Pair = unsigned;

static __device__ __forceinline__ Pair pairOf(float low, float high) {
    __half2 both = __floats2half2_rn(low, high);
    return *reinterpret_cast<Pair*>(&both);
}

/** 2ˣ to within 2 units in the last place, denormal numbers being 0. */
static __device__ __forceinline__ float powerOfTwo(float x) {
#ifdef CUDA_EMULATION
    return exp2f(x);
#else
    float power;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(x));
    return power;
#endif
}

static __device__ __forceinline__ float lowOf(Pair pair) { return __half2float(reinterpret_cast<const __half*>(&pair)[0]); }
static __device__ __forceinline__ float highOf(Pair pair) { return __half2float(reinterpret_cast<const __half*>(&pair)[1]); }

/** result += left·right, `right` being two pairs. */
static __device__ __forceinline__ void multiplyAccumulate(float (&result)[4], const Pair (&left)[4], const Pair* right) {
#ifdef CUDA_EMULATION
    emulation::mma(result, left, right);
#else
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(result[0]), "+f"(result[1]), "+f"(result[2]), "+f"(result[3])
                 : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right[0]), "r"(right[1]));
#endif
}

/** Four 8x8 matrices from shared memory: lane l gives the address of row l mod 8 of matrix l/8, and gets of each matrix one pair, of its transpose if asked. */
template <bool transposed> static __device__ __forceinline__ void loadMatrices(Pair (&pairs)[4], const __half* row) {
#ifdef CUDA_EMULATION
    emulation::loadMatrices<transposed>(pairs, row);
#else
    unsigned address = (unsigned) __cvta_generic_to_shared(row);
    if (transposed) {
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                     : "=r"(pairs[0]), "=r"(pairs[1]), "=r"(pairs[2]), "=r"(pairs[3]) : "r"(address));
    } else {
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                     : "=r"(pairs[0]), "=r"(pairs[1]), "=r"(pairs[2]), "=r"(pairs[3]) : "r"(address));
    }
#endif
}

/** A left fragment from a row-major matrix in shared memory: rows from `row`, columns from `column`. */
static __device__ __forceinline__ void loadLeft(Pair (&left)[4], const __half* matrix, int stride, int row, int column) {
    int lane = threadIdx.x % WARP;
    loadMatrices<false>(left, matrix + (row + lane % 16) * stride + column + lane / 16 * 8);
}

/** Two right fragments, of columns n to n + 7 and n + 8 to n + 15, of the transpose of a row-major matrix: its rows are the product's columns. */
static __device__ __forceinline__ void loadRightOfTranspose(Pair (&right)[4], const __half* matrix, int stride, int n, int k) {
    int lane = threadIdx.x % WARP;
    loadMatrices<false>(right, matrix + (n + lane % 8 + lane / 16 * 8) * stride + k + lane / 8 % 2 * 8);
}

/** The same of the matrix itself: its rows are summed over. */
static __device__ __forceinline__ void loadRight(Pair (&right)[4], const __half* matrix, int stride, int k, int n) {
    int lane = threadIdx.x % WARP;
    loadMatrices<true>(right, matrix + (k + lane % 16) * stride + n + lane / 16 * 8);
}
