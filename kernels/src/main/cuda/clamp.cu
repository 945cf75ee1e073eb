// out[i] = min(max(x[i], low), high), NaN staying NaN; dx[i] = dy[i] where low <= x[i] <= high, else 0. A thread an element. CPU twin: CpuPointwise.clamp.
#include "device.cuh"

extern "C" __global__ void clamp(const Element* x, float low, float high, Element* out, long long n) {
    long long i = globalIndex();
    if (i < n) out[i] = minimum(maximum(x[i], low), high);
}

extern "C" __global__ void clamp_gradient(const Element* x, float low, float high, const Element* dy, Element* dx, long long n) {
    long long i = globalIndex();
    if (i < n) dx[i] = low <= x[i] && x[i] <= high ? dy[i] : 0.0f;
}
