// Attention as in attention.cu with queries, keys and values in half precision, products on tensor cores and all sums in float32: the fast mode.
// A block has 4 warps of 16 queries each and walks over the keys in tiles, of which the next is on its way while one is worked on. The probabilities stay in
// registers: a result's fragment is a left fragment. Grid (queries/64, heads, rows of out), blocks of 128. Heads have dim features, a multiple of 8, padded
// with zeros in shared memory; the scale is positive. Addresses are multiples of 16. CPU twin: AttentionForward.
#include "attention.cuh"
#include "mma.cuh"

constexpr int HALF_QUERIES = 64;

/** DIM: the most features of a head; KEYS: keys of a tile. Rows are 16 bytes longer than they need be, so that ldmatrix meets all banks. */
template <int DIM, int KEYS> struct HalfAttention {
    static constexpr int STRIDE = DIM + 8, STEPS = DIM / 16, SCORES = KEYS / 8, FEATURES = DIM / 8;

    __half* queries;

    /** Of two tiles, one is worked on while the other arrives. */
    __device__ __half* keys(int which) const { return queries + (HALF_QUERIES + which * KEYS) * STRIDE; }
    __device__ __half* values(int which) const { return keys(which + 2); }

    /** Starts copying `count` tokens from `first`; zeros beyond the last token and the last feature. */
    static __device__ void load(__half* to, const __half* tokens, int first, int count, int end, size_t stride, int dim) {
        for (int i = threadIdx.x; i < count * FEATURES; i += ATTENTION_THREADS) {
            int token = i / FEATURES, d = i % FEATURES * 8;
            bool present = first + token < end && d < dim;
            copyAsync(to + token * STRIDE + d, tokens + (present ? (first + token) * stride + d : 0), present);
        }
    }
};

template <int DIM, int KEYS>
static __device__ void attendHalf(const __half* q, const __half* k, const __half* v, const int* query, const int* key, const int* value, const int* start,
                                  const int* member, __half* out, const AttentionShape& s) {
    using Layout = HalfAttention<DIM, KEYS>;
    constexpr int STEPS = Layout::STEPS, SCORES = Layout::SCORES, FEATURES = Layout::FEATURES, STRIDE = Layout::STRIDE;
    DYNAMIC_SHARED(__half, shared);
    Layout tiles{shared};
    int first = blockIdx.x * HALF_QUERIES, head = blockIdx.y, row = blockIdx.z, lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
    // The two queries and, of each run of 8 columns, the first of the two columns whose elements this lane holds.
    int mine[2] = {first + warp * 16 + lane / 4, first + warp * 16 + lane / 4 + 8}, column = lane % 4 * 2;
    size_t stride = (size_t) s.heads * s.dim;
    // Powers of two, as the hardware has them: the scale takes the factor log2(e). Largest scores are kept without it.
    float factor = s.scale * 1.44269504f;
    int end = keysSeen(min(first + HALF_QUERIES, s.queries), s);
    for (int at = start[row]; at < start[row + 1]; at++) {
        int term = member[at];
        const __half* keys = k + (size_t) key[term] * s.keys * stride + head * s.dim;
        const __half* values = v + (size_t) value[term] * s.keys * stride + head * s.dim;
        __syncthreads();
        Layout::load(tiles.queries, q + (size_t) query[term] * s.queries * stride + head * s.dim, first, HALF_QUERIES, s.queries, stride, s.dim);
        Layout::load(tiles.keys(0), keys, 0, KEYS, s.keys, stride, s.dim);
        Layout::load(tiles.values(0), values, 0, KEYS, s.keys, stride, s.dim);
        commitCopies();
        Pair left[STEPS][4];
        float sums[FEATURES][4] = {}, largest[2] = {-FLT_MAX, -FLT_MAX}, total[2] = {};
        for (int tile = 0, now = 0; tile < end; tile += KEYS, now ^= 1) {
            if (tile + KEYS < end) {
                Layout::load(tiles.keys(now ^ 1), keys, tile + KEYS, KEYS, s.keys, stride, s.dim);
                Layout::load(tiles.values(now ^ 1), values, tile + KEYS, KEYS, s.keys, stride, s.dim);
            }
            commitCopies();
            waitForCopies<1>();
            __syncthreads();
            if (tile == 0) {
#pragma unroll
                for (int step = 0; step < STEPS; step++) loadLeft(left[step], tiles.queries, STRIDE, warp * 16, step * 16);
            }
            float scores[SCORES][4] = {};
#pragma unroll
            for (int step = 0; step < STEPS; step++) {
#pragma unroll
                for (int n = 0; n < SCORES; n += 2) {
                    Pair right[4];
                    loadRightOfTranspose(right, tiles.keys(now), STRIDE, n * 8, step * 16);
                    multiplyAccumulate(scores[n], left[step], right);
                    multiplyAccumulate(scores[n + 1], left[step], right + 2);
                }
            }
            if (tile + KEYS > (s.causal ? min(s.keys, first + 1) : s.keys)) {
#pragma unroll
                for (int n = 0; n < SCORES; n++) {
#pragma unroll
                    for (int e = 0; e < 4; e++) {
                        int seen = s.causal ? min(s.keys, mine[e / 2] + 1) : s.keys;
                        if (tile + n * 8 + column + e % 2 >= seen) scores[n][e] = -INFINITY;
                    }
                }
            }
            float highest[2] = {largest[0], largest[1]}, rescale[2], sum[2] = {};
#pragma unroll
            for (int n = 0; n < SCORES; n++) {
#pragma unroll
                for (int e = 0; e < 4; e++) highest[e / 2] = fmaxf(highest[e / 2], scores[n][e]);
            }
#pragma unroll
            for (int half = 0; half < 2; half++) {
                highest[half] = fmaxf(highest[half], __shfl_xor_sync(ALL_LANES, highest[half], 1));
                highest[half] = fmaxf(highest[half], __shfl_xor_sync(ALL_LANES, highest[half], 2));
                rescale[half] = powerOfTwo((largest[half] - highest[half]) * factor);
                largest[half] = highest[half];
            }
            Pair probabilities[KEYS / 16][4];
#pragma unroll
            for (int n = 0; n < SCORES; n++) {
#pragma unroll
                for (int e = 0; e < 4; e++) {
                    scores[n][e] = powerOfTwo(fmaf(scores[n][e], factor, -largest[e / 2] * factor));
                    sum[e / 2] += scores[n][e];
                }
                probabilities[n / 2][n % 2 * 2] = pairOf(scores[n][0], scores[n][1]);
                probabilities[n / 2][n % 2 * 2 + 1] = pairOf(scores[n][2], scores[n][3]);
            }
#pragma unroll
            for (int half = 0; half < 2; half++) total[half] = fmaf(total[half], rescale[half], sum[half]);
#pragma unroll
            for (int d = 0; d < FEATURES; d++) {
#pragma unroll
                for (int e = 0; e < 4; e++) sums[d][e] *= rescale[e / 2];
            }
#pragma unroll
            for (int step = 0; step < KEYS / 16; step++) {
#pragma unroll
                for (int d = 0; d < FEATURES; d += 2) {
                    Pair right[4];
                    loadRight(right, tiles.values(now), STRIDE, step * 16, d * 8);
                    multiplyAccumulate(sums[d], probabilities[step], right);
                    multiplyAccumulate(sums[d + 1], probabilities[step], right + 2);
                }
            }
            __syncthreads();
        }
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float whole = total[half];
            whole += __shfl_xor_sync(ALL_LANES, whole, 1);
            whole += __shfl_xor_sync(ALL_LANES, whole, 2);
            if (mine[half] >= s.queries) continue;
            __half* token = out + ((size_t) row * s.queries + mine[half]) * stride + head * s.dim;
#pragma unroll
            for (int d = 0; d < FEATURES; d++) {
                if (d * 8 >= s.dim) continue;
                Pair* to = reinterpret_cast<Pair*>(token + d * 8 + column);
                float low = sums[d][half * 2] / whole, high = sums[d][half * 2 + 1] / whole;
                *to = at == start[row] ? pairOf(low, high) : pairOf(lowOf(*to) + low, highOf(*to) + high);
            }
        }
    }
}

/** Dynamic shared memory in bytes: 2·(64 + 4·KEYS)·(DIM + 8). */
#define ATTENTION_HALF(DIM, KEYS)                                                                                                                   \
    extern "C" __global__ void __launch_bounds__(ATTENTION_THREADS)                                                                                 \
        attention_half_##DIM(const __half* q, const __half* k, const __half* v, const int* query, const int* key, const int* value,                 \
                             const int* start, const int* member, __half* out, const __grid_constant__ AttentionShape s) {                          \
        attendHalf<DIM, KEYS>(q, k, v, query, key, value, start, member, out, s);                                                                   \
    }
ATTENTION_HALF(16, 64)
ATTENTION_HALF(32, 64)
ATTENTION_HALF(48, 64)
ATTENTION_HALF(64, 64)
ATTENTION_HALF(80, 64)
ATTENTION_HALF(128, 32)
ATTENTION_HALF(160, 32)
