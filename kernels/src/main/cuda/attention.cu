// out[row] = Σ over the row's terms t of softmax(scale·q[query[t]]·k[key[t]]ᵀ)·v[value[t]], no map being stored: the sums of a query are rescaled whenever a
// larger score comes. Dao et al. 2022, algorithm 1. Self-attention injection is another row in query and key; Prompt-to-Prompt's edit P₀·A + P·diag(c) is
// two terms with A·V and diag(c)·V as values. Grid (queries/16, heads, rows of out), blocks of 128. CPU twin: AttentionForward.
//
// attention_with_head_sums sums each term's map over the heads on the way: a block does its queries for one head after the other, grid (queries/16, 1, rows
// of out), and has the scores of a head, for up to 128 keys, in shared memory until the largest and the sum are known.
#include "attention.cuh"

constexpr int MOST_SUMMED_KEYS = 128;

/** Adds the map of a head of a term, for the first head after nothing, to headSums [terms, queries, keys]: e^(score − largest) / sum, by the warp that scored. */
static __device__ void addMap(const float (&scores)[OWN][MOST_SUMMED_KEYS], const float (&largest)[OWN_OF_A_WARP], const float (&sum)[OWN_OF_A_WARP],
                              int first, int end, int term, int head, float* headSums, const AttentionShape& s) {
    int lane = threadIdx.x % WARP, mine = threadIdx.x / WARP * OWN_OF_A_WARP;
    for (int r = 0; r < OWN_OF_A_WARP && first + mine + r < s.queries; r++) {
        float* map = headSums + ((size_t) term * s.queries + first + mine + r) * s.keys;
        for (int key = lane; key < s.keys; key += WARP) {
            float probability = key < end ? expf(scores[mine + r][key] - largest[r]) / sum[r] : 0;
            map[key] = head > 0 ? map[key] + probability : probability;
        }
    }
}

/**
 * One head. The terms of row r are member[start[r]] to member[start[r + 1] − 1]; logSumExp [terms, heads, queries] may be absent, as may headSums with the
 * scores that it needs.
 */
template <int CHUNKS>
static __device__ void attend(const Element* q, const Element* k, const Element* v, const int* query, const int* key, const int* value, const int* start,
                              const int* member, int head, Element* out, Element* logSumExp, float (*scores)[OWN][MOST_SUMMED_KEYS],
                              float* headSums, const AttentionShape& s) {
    __shared__ OwnTokens<CHUNKS> own;
    __shared__ OtherTokens other;
    int first = blockIdx.x * OWN, row = blockIdx.z, lane = threadIdx.x % WARP, mine = first + threadIdx.x / WARP * OWN_OF_A_WARP;
    float result[OWN_OF_A_WARP][CHUNKS] = {};
    for (int at = start[row]; at < start[row + 1]; at++) {
        int term = member[at];
        Tokens keys = Tokens::of(k, key[term], s.keys, head, s), values = Tokens::of(v, value[term], s.keys, head, s);
        __syncthreads();
        own.load(Tokens::of(q, query[term], s.queries, head, s), first);
        float largest[OWN_OF_A_WARP], sum[OWN_OF_A_WARP] = {}, weighted[OWN_OF_A_WARP][CHUNKS] = {};
        for (int r = 0; r < OWN_OF_A_WARP; r++) largest[r] = -FLT_MAX;
        int end = keysSeen(first + OWN, s);
        for (int tile = 0; tile < end; tile += WARP) {
            float weights[OWN_OF_A_WARP];
            multiplyTokens(own, other, keys, tile, weights);
#pragma unroll
            for (int r = 0; r < OWN_OF_A_WARP; r++) {
                float score = sees(mine + r, tile + lane, s) ? weights[r] * s.scale : -INFINITY;
                if (headSums) (*scores)[mine - first + r][tile + lane] = score;
                float before = largest[r];
                largest[r] = maximum(before, warpMaximum(score));
                float rescale = expf(before - largest[r]);
                weights[r] = expf(score - largest[r]);
                sum[r] = fmaf(sum[r], rescale, warpSum(weights[r]));
#pragma unroll
                for (int c = 0; c < CHUNKS; c++) weighted[r][c] *= rescale;
            }
            addWeighted(other, weights, values, tile, weighted);
        }
#pragma unroll
        for (int r = 0; r < OWN_OF_A_WARP; r++) {
#pragma unroll
            for (int c = 0; c < CHUNKS; c++) result[r][c] += weighted[r][c] / sum[r];
            if (logSumExp && lane == 0 && mine + r < s.queries) {
                logSumExp[((size_t) term * s.heads + head) * s.queries + mine + r] = largest[r] + logf(sum[r]);
            }
        }
        if (headSums) addMap(*scores, largest, sum, first, end, term, head, headSums, s);
    }
    storeTokens(result, out, row, s.queries, head, first, s);
}

#define ATTENTION(C)                                                                                                                              \
    extern "C" __global__ void __launch_bounds__(ATTENTION_THREADS)                                                                               \
        attention_##C(const Element* q, const Element* k, const Element* v, const int* query, const int* key, const int* value, const int* start,       \
                      const int* member, Element* out, Element* logSumExp, const __grid_constant__ AttentionShape s) {                                \
        attend<C>(q, k, v, query, key, value, start, member, blockIdx.y, out, logSumExp, nullptr, nullptr, s);                                    \
    }
FOR_HEAD_SIZES(ATTENTION)

#ifndef HALF_STORAGE
#define ATTENTION_WITH_HEAD_SUMS(C)                                                                                                               \
    extern "C" __global__ void __launch_bounds__(ATTENTION_THREADS)                                                                               \
        attention_with_head_sums_##C(const float* q, const float* k, const float* v, const int* query, const int* key, const int* value,          \
                                     const int* start, const int* member, float* out, float* headSums, const __grid_constant__ AttentionShape s) { \
        __shared__ float scores[OWN][MOST_SUMMED_KEYS];                                                                                           \
        for (int head = 0; head < s.heads; head++) attend<C>(q, k, v, query, key, value, start, member, head, out, nullptr, &scores, headSums, s); \
    }
FOR_HEAD_SIZES(ATTENTION_WITH_HEAD_SUMS)
#endif
