// Axes in another order. A thread an element of out. CPU twin: Permutation.
#include "device.cuh"

/** The dimensions are those of out, the steps those of its axes in x. */
extern "C" __global__ void permute(const Element* x, Element* out, const __grid_constant__ Axes axes, int n) {
    int i = (int) globalIndex();
    if (i < n) out[i] = x[offsetOf(axes, axes.a, i)];
}
