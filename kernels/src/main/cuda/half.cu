// Between the two storages of a number: out[i] = x[i], rounded to half precision, or widened. A thread an element.
#include "device.cuh"

extern "C" __global__ void to_half(const float* x, __half* out, long long n) {
    long long i = globalIndex();
    if (i < n) out[i] = __float2half_rn(x[i]);
}

extern "C" __global__ void to_float(const __half* x, float* out, long long n) {
    long long i = globalIndex();
    if (i < n) out[i] = __half2float(x[i]);
}
