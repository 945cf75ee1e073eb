// out[r, i] = x[r, i]·gelu(x[r, width + i]); x [rows, 2·width], out [rows, width]. A thread an element of out. Shazeer 2020. CPU twin: CpuPointwise.geglu.
#include "functions.cuh"

extern "C" __global__ void geglu(const Element* x, int width, Element* out, long long n) {
    long long i = globalIndex();
    if (i >= n) return;
    const Element* value = x + i / width * 2 * width + i % width;
    out[i] = value[0] * gelu(value[width]);
}

extern "C" __global__ void geglu_gradient(const Element* x, int width, const Element* dy, Element* dx, long long n) {
    long long i = globalIndex();
    if (i >= n) return;
    long long at = i / width * 2 * width + i % width;
    float value = x[at], gate = x[at + width];
    dx[at] = gelu(gate) * dy[i];
    dx[at + width] = geluDerivative(gate) * value * dy[i];
}
