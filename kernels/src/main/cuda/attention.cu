// out[row] = Σ over the row's terms t of softmax(scale·q[query[t]]·k[key[t]]ᵀ)·v[value[t]], no map being stored: the sums of a query are rescaled whenever a
// larger score comes. Dao et al. 2022, algorithm 1. Self-attention injection is another row in query and key; Prompt-to-Prompt's edit P₀·A + P·diag(c) is
// two terms with A·V and diag(c)·V as values. Grid (queries/16, heads, rows of out), blocks of 128. CPU twin: AttentionForward.
#include "attention.cuh"

/** The terms of row r are member[start[r]] to member[start[r + 1] − 1]; logSumExp [terms, heads, queries] may be absent. */
template <int CHUNKS>
static __device__ void attend(const Element* q, const Element* k, const Element* v, const int* query, const int* key, const int* value, const int* start,
                              const int* member, Element* out, Element* logSumExp, const AttentionShape& s) {
    __shared__ OwnTokens<CHUNKS> own;
    __shared__ OtherTokens other;
    int first = blockIdx.x * OWN, head = blockIdx.y, row = blockIdx.z, lane = threadIdx.x % WARP, mine = first + threadIdx.x / WARP * OWN_OF_A_WARP;
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
    }
    storeTokens(result, out, row, s.queries, head, first, s);
}

#define ATTENTION(C)                                                                                                                              \
    extern "C" __global__ void __launch_bounds__(ATTENTION_THREADS)                                                                               \
        attention_##C(const Element* q, const Element* k, const Element* v, const int* query, const int* key, const int* value, const int* start,       \
                      const int* member, Element* out, Element* logSumExp, const __grid_constant__ AttentionShape s) {                                \
        attend<C>(q, k, v, query, key, value, start, member, out, logSumExp, s);                                                                  \
    }
FOR_HEAD_SIZES(ATTENTION)
