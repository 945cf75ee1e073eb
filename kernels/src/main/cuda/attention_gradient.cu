// The gradients of attention, maps recomputed tile by tile from the saved sums L: P = e^(S − L), dV = Pᵀ·dO, dP = dO·Vᵀ, δ = Σ P·dP, dS = P∘(dP − δ),
// dQ = scale·dS·K, dK = scale·dSᵀ·Q. Dao et al. 2022, algorithm 4. Every result is written by one block, which adds up its row's terms in order: no atomics.
// Grids (queries/16, heads, terms) for δ, (queries/16, heads, rows of q), (keys/16, heads, rows of k or v) for the gradients; 8 tokens a block, 2 a warp, for
// heads of more than 256 features. CPU twin: AttentionBackward.
#include "attention.cuh"

/** What all of them read: rows of each term, and what the forward pass saved. */
struct Backward {
    const float *q, *k, *v, *logSumExp, *delta, *dOut;
    const int *query, *key, *value, *out;
    AttentionShape s;
    int head;

    __device__ Tokens queries(int term) const { return Tokens::of(q, query[term], s.queries, head, s); }
    __device__ Tokens keys(int term) const { return Tokens::of(k, key[term], s.keys, head, s); }
    __device__ Tokens values(int term) const { return Tokens::of(v, value[term], s.keys, head, s); }
    __device__ Tokens gradients(int term) const { return Tokens::of(dOut, out[term], s.queries, head, s); }
    /** The place of a query's sums. */
    __device__ size_t at(int term, int i) const { return ((size_t) term * s.heads + head) * s.queries + i; }
    __device__ float probability(int term, int i, int j, float product) const { return sees(i, j, s) ? expf(product * s.scale - logSumExp[at(term, i)]) : 0; }
};

template <int CHUNKS, int EACH> static __device__ void sumDelta(const Backward& b, float* delta) {
    __shared__ OwnTokens<CHUNKS, EACH> ownQueries, ownGradients;
    __shared__ OtherTokens other;
    int first = blockIdx.x * ownQueries.COUNT, term = blockIdx.z, lane = threadIdx.x % WARP, mine = first + threadIdx.x / WARP * EACH;
    ownQueries.load(b.queries(term), first);
    ownGradients.load(b.gradients(term), first);
    float sum[EACH] = {};
    int end = keysSeen(first + ownQueries.COUNT, b.s);
    for (int tile = 0; tile < end; tile += WARP) {
        float products[EACH], dP[EACH];
        multiplyTokens(ownQueries, other, b.keys(term), tile, products);
        multiplyTokens(ownGradients, other, b.values(term), tile, dP);
        for (int r = 0; r < EACH; r++) sum[r] = fmaf(b.probability(term, mine + r, tile + lane, products[r]), dP[r], sum[r]);
    }
    for (int r = 0; r < EACH; r++) {
        float total = warpSum(sum[r]);
        if (lane == 0 && mine + r < b.s.queries) delta[b.at(term, mine + r)] = total;
    }
}

template <int CHUNKS, int EACH> static __device__ void queryGradient(const Backward& b, const int* start, const int* member, float* dq) {
    __shared__ OwnTokens<CHUNKS, EACH> ownQueries, ownGradients;
    __shared__ OtherTokens other;
    int first = blockIdx.x * ownQueries.COUNT, row = blockIdx.z, lane = threadIdx.x % WARP, mine = first + threadIdx.x / WARP * EACH;
    float sums[EACH][CHUNKS] = {};
    for (int at = start[row]; at < start[row + 1]; at++) {
        int term = member[at];
        __syncthreads();
        ownQueries.load(b.queries(term), first);
        ownGradients.load(b.gradients(term), first);
        int end = keysSeen(first + ownQueries.COUNT, b.s);
        for (int tile = 0; tile < end; tile += WARP) {
            float weights[EACH], dP[EACH];
            multiplyTokens(ownQueries, other, b.keys(term), tile, weights);
            multiplyTokens(ownGradients, other, b.values(term), tile, dP);
            for (int r = 0; r < EACH; r++) {
                float p = b.probability(term, mine + r, tile + lane, weights[r]);
                weights[r] = p == 0 ? 0 : b.s.scale * p * (dP[r] - b.delta[b.at(term, mine + r)]);
            }
            addWeighted(other, weights, b.keys(term), tile, sums);
        }
    }
    storeTokens(sums, dq, row, b.s.queries, b.head, first, b.s);
}

/** The first tile of queries that sees any of the keys from `first`. */
static __device__ __forceinline__ int firstTile(int first, const AttentionShape& s) { return s.causal ? first / WARP * WARP : 0; }

template <int CHUNKS, int EACH> static __device__ void keyGradient(const Backward& b, const int* start, const int* member, float* dk) {
    __shared__ OwnTokens<CHUNKS, EACH> ownKeys, ownValues;
    __shared__ OtherTokens other;
    int first = blockIdx.x * ownKeys.COUNT, row = blockIdx.z, lane = threadIdx.x % WARP, mine = first + threadIdx.x / WARP * EACH;
    float sums[EACH][CHUNKS] = {};
    for (int at = start[row]; at < start[row + 1]; at++) {
        int term = member[at];
        __syncthreads();
        ownKeys.load(b.keys(term), first);
        ownValues.load(b.values(term), first);
        for (int tile = firstTile(first, b.s); tile < b.s.queries; tile += WARP) {
            float weights[EACH], dP[EACH];
            multiplyTokens(ownKeys, other, b.queries(term), tile, weights);
            multiplyTokens(ownValues, other, b.gradients(term), tile, dP);
            for (int r = 0; r < EACH; r++) {
                float p = b.probability(term, tile + lane, mine + r, weights[r]);
                weights[r] = p == 0 ? 0 : b.s.scale * p * (dP[r] - b.delta[b.at(term, tile + lane)]);
            }
            addWeighted(other, weights, b.queries(term), tile, sums);
        }
    }
    storeTokens(sums, dk, row, b.s.keys, b.head, first, b.s);
}

template <int CHUNKS, int EACH> static __device__ void valueGradient(const Backward& b, const int* start, const int* member, float* dv) {
    __shared__ OwnTokens<CHUNKS, EACH> ownKeys;
    __shared__ OtherTokens other;
    int first = blockIdx.x * ownKeys.COUNT, row = blockIdx.z, lane = threadIdx.x % WARP, mine = first + threadIdx.x / WARP * EACH;
    float sums[EACH][CHUNKS] = {};
    for (int at = start[row]; at < start[row + 1]; at++) {
        int term = member[at];
        __syncthreads();
        ownKeys.load(b.keys(term), first);
        for (int tile = firstTile(first, b.s); tile < b.s.queries; tile += WARP) {
            float weights[EACH];
            multiplyTokens(ownKeys, other, b.queries(term), tile, weights);
            for (int r = 0; r < EACH; r++) weights[r] = b.probability(term, tile + lane, mine + r, weights[r]);
            addWeighted(other, weights, b.gradients(term), tile, sums);
        }
    }
    storeTokens(sums, dv, row, b.s.keys, b.head, first, b.s);
}

#define DELTA(C, EACH)                                                                                                                              \
    extern "C" __global__ void __launch_bounds__(ATTENTION_THREADS)                                                                                 \
        attention_delta_##C(const float* q, const float* k, const float* v, const float* logSumExp, const float* dOut, const int* query,            \
                            const int* key, const int* value, const int* out, float* delta, const __grid_constant__ AttentionShape s) {             \
        sumDelta<C, EACH>({q, k, v, logSumExp, delta, dOut, query, key, value, out, s, (int) blockIdx.y}, delta);                                   \
    }
#define GRADIENT(NAME, FUNCTION, C, EACH)                                                                                                           \
    extern "C" __global__ void __launch_bounds__(ATTENTION_THREADS)                                                                                 \
        attention_##NAME##_gradient_##C(const float* q, const float* k, const float* v, const float* logSumExp, const float* delta,                 \
                                        const float* dOut, const int* query, const int* key, const int* value, const int* out, const int* start,    \
                                        const int* member, float* result, const __grid_constant__ AttentionShape s) {                               \
        FUNCTION<C, EACH>({q, k, v, logSumExp, delta, dOut, query, key, value, out, s, (int) blockIdx.y}, start, member, result);                   \
    }
#define GRADIENTS(C, EACH)                                                                                                                          \
    DELTA(C, EACH) GRADIENT(query, queryGradient, C, EACH) GRADIENT(key, keyGradient, C, EACH) GRADIENT(value, valueGradient, C, EACH)
// Two sets of 16 own tokens of 512 features do not fit into the 48 KB of shared memory that every device has.
GRADIENTS(1, 4) GRADIENTS(2, 4) GRADIENTS(3, 4) GRADIENTS(5, 4) GRADIENTS(8, 4) GRADIENTS(16, 2)
