// Attention with the map in the open. attention_scores: map[n, h, i, j] = scale·q[query[n]]·k[key[n]]ᵀ for a window of queries, −∞ where causality hides a
// key; softmax over the keys makes it the map. attention_apply: out[n] = map[n]·v[value[n]]. A block a tile of 64x64, grid z = n·heads + h.
// CPU twin: CpuAttention.map, applyMap.
#include "attention.cuh"
#include "tile.cuh"

/** map [n, heads, count, keys] of the queries from `first`. */
extern "C" __global__ void __launch_bounds__(TILE_THREADS)
    attention_scores(const Element* q, const Element* k, const int* query, const int* key, Element* map, int first, int count,
                     const __grid_constant__ AttentionShape s) {
    __shared__ Stages stages;
    int n = blockIdx.z / s.heads, head = blockIdx.z % s.heads;
    Tokens queries = Tokens::of(q, query[n], s.queries, head, s), keys = Tokens::of(k, key[n], s.keys, head, s);
    Rows<true> left{queries.data + first * queries.stride, queries.stride};
    multiplyTile(stages, count, s.keys, s.dim, left, Columns<true>{keys.data, keys.stride}, [&](int i, int j, float product) {
        map[((size_t) blockIdx.z * count + i) * s.keys + j] = sees(first + i, j, s) ? product * s.scale : -INFINITY;
    });
}

extern "C" __global__ void __launch_bounds__(TILE_THREADS)
    attention_apply(const Element* map, const Element* v, const int* value, Element* out, const __grid_constant__ AttentionShape s) {
    __shared__ Stages stages;
    int n = blockIdx.z / s.heads, head = blockIdx.z % s.heads;
    Tokens values = Tokens::of(v, value[n], s.keys, head, s);
    Rows<true> left{map + (size_t) blockIdx.z * s.queries * s.keys, (size_t) s.keys};
    multiplyTile(stages, s.queries, s.dim, s.keys, left, Rows<false>{values.data, values.stride}, [&](int i, int d, float sum) {
        out[((size_t) n * s.queries + i) * values.stride + head * s.dim + d] = sum;
    });
}
