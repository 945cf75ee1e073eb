// out[i] = value. A thread an element.
#include "device.cuh"

extern "C" __global__ void fill(Element* out, float value, long long n) {
    long long i = globalIndex();
    if (i < n) out[i] = value;
}
