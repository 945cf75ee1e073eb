// What the attention kernels share. Tokens lie as [rows, tokens, heads·dim]. A block has 4 warps and works on 16 tokens ("own" tokens: queries, or keys for
// their gradients), 4 a warp, of one head; it walks over the "other" tokens in tiles of 32, one a lane, and over the features in chunks of 32.
#pragma once
#include "device.cuh"

struct AttentionShape {
    int queries, keys, heads, dim;
    float scale;
    int causal;
};

constexpr int ATTENTION_WARPS = 4, OWN = 16, OWN_OF_A_WARP = OWN / ATTENTION_WARPS, ATTENTION_THREADS = ATTENTION_WARPS * WARP;

/** Tokens of one head of one row. */
struct Tokens {
    const Element* data;
    int count;
    size_t stride;
    int dim;

    static __device__ Tokens of(const Element* all, int row, int count, int head, const AttentionShape& s) {
        size_t stride = (size_t) s.heads * s.dim;
        return {all + (size_t) row * count * stride + head * s.dim, count, stride, s.dim};
    }
};

/** Shared memory: own tokens, EACH a warp, zero beyond the last one and beyond their features. CHUNKS is the number of chunks of 32 features. */
template <int CHUNKS, int EACH = OWN_OF_A_WARP> struct alignas(16) OwnTokens {
    static constexpr int COUNT = EACH * ATTENTION_WARPS;
    float data[COUNT][CHUNKS * WARP];

    __device__ void load(const Tokens& tokens, int first) {
        for (int i = threadIdx.x; i < COUNT * CHUNKS * WARP; i += ATTENTION_THREADS) {
            int token = i / (CHUNKS * WARP), d = i % (CHUNKS * WARP);
            data[token][d] = first + token < tokens.count && d < tokens.dim ? tokens.data[(first + token) * tokens.stride + d] : 0.0f;
        }
    }
};

/** Shared memory: one chunk of a tile of other tokens, and a warp's weights of a tile. */
struct alignas(16) OtherTokens {
    float weights[OWN][WARP];
    float chunk[WARP][WARP + 1];

    /** All threads load; a barrier before and after. */
    __device__ void load(const Tokens& tokens, int first, int firstFeature) {
        __syncthreads();
        for (int i = threadIdx.x; i < WARP * WARP; i += ATTENTION_THREADS) {
            int token = i / WARP, d = i % WARP;
            bool present = first + token < tokens.count && firstFeature + d < tokens.dim;
            chunk[token][d] = present ? tokens.data[(first + token) * tokens.stride + firstFeature + d] : 0.0f;
        }
        __syncthreads();
    }
};

/** sum + four products, the first factors being read from shared memory at once. */
static __device__ __forceinline__ float fourProducts(const float* a, const float (&b)[4], float sum) {
    float4 four = *reinterpret_cast<const float4*>(a);
    return fmaf(four.w, b[3], fmaf(four.z, b[2], fmaf(four.y, b[1], fmaf(four.x, b[0], sum))));
}

/** products[r] = own token r of this warp · other token first + lane. */
template <int CHUNKS, int EACH>
static __device__ __forceinline__ void multiplyTokens(const OwnTokens<CHUNKS, EACH>& own, OtherTokens& shared, const Tokens& other, int first,
                                                      float (&products)[EACH]) {
    int lane = threadIdx.x % WARP, mine = threadIdx.x / WARP * EACH;
    for (int r = 0; r < EACH; r++) products[r] = 0;
    for (int c = 0; c < CHUNKS; c++) {
        shared.load(other, first, c * WARP);
#pragma unroll 2
        for (int d = 0; d < WARP; d += 4) {
            float element[4];
#pragma unroll
            for (int i = 0; i < 4; i++) element[i] = shared.chunk[lane][d + i];
#pragma unroll
            for (int r = 0; r < EACH; r++) products[r] = fourProducts(&own.data[mine + r][c * WARP + d], element, products[r]);
        }
    }
}

/** sums[r][c] += Σ over the tile's tokens t: weight of (own token r, t) · feature 32·c + lane of token t; lane t gives the weight of token t. */
template <int CHUNKS, int EACH>
static __device__ __forceinline__ void addWeighted(OtherTokens& shared, const float (&weights)[EACH], const Tokens& other, int first,
                                                   float (&sums)[EACH][CHUNKS]) {
    int lane = threadIdx.x % WARP, mine = threadIdx.x / WARP * EACH;
    __syncwarp();
    for (int r = 0; r < EACH; r++) shared.weights[mine + r][lane] = weights[r];
#pragma unroll
    for (int c = 0; c < CHUNKS; c++) {
        shared.load(other, first, c * WARP);
#pragma unroll 2
        for (int t = 0; t < WARP; t += 4) {
            float element[4];
#pragma unroll
            for (int i = 0; i < 4; i++) element[i] = shared.chunk[t + i][lane];
#pragma unroll
            for (int r = 0; r < EACH; r++) sums[r][c] = fourProducts(&shared.weights[mine + r][t], element, sums[r][c]);
        }
    }
}

/** Writes this warp's own tokens of a result. */
template <int CHUNKS, int EACH>
static __device__ __forceinline__ void storeTokens(const float (&sums)[EACH][CHUNKS], Element* result, int row, int count, int head, int first,
                                                   const AttentionShape& s) {
    int lane = threadIdx.x % WARP, mine = first + threadIdx.x / WARP * EACH;
    size_t stride = (size_t) s.heads * s.dim;
    for (int r = 0; r < EACH && mine + r < count; r++) {
        Element* token = result + ((size_t) row * count + mine + r) * stride + head * s.dim;
#pragma unroll
        for (int c = 0; c < CHUNKS; c++) {
            if (c * WARP + lane < s.dim) token[c * WARP + lane] = sums[r][c];
        }
    }
}

/** One past the last key that queries before `end` see. */
static __device__ __forceinline__ int keysSeen(int end, const AttentionShape& s) { return s.causal ? min(s.keys, end) : s.keys; }

static __device__ __forceinline__ bool sees(int query, int key, const AttentionShape& s) {
    return query < s.queries && key < s.keys && (!s.causal || key <= query);
}

/** Instances for heads of up to 32·C features. */
#define FOR_HEAD_SIZES(KERNEL) KERNEL(1) KERNEL(2) KERNEL(3) KERNEL(5) KERNEL(8) KERNEL(16)
