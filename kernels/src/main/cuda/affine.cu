// out[i] = scale·x[i] + shift, the product and the sum each rounded; and what follows a product by a library: y [rows, channels] += bias, then += residual,
// either of which may be absent. A thread an element. CPU twin: CpuPointwise.affine.
#include "device.cuh"

extern "C" __global__ void affine(const Element* x, float scale, float shift, Element* out, long long n) {
    long long i = globalIndex();
    if (i < n) out[i] = __fadd_rn(__fmul_rn(scale, x[i]), shift);
}

extern "C" __global__ void add_bias_and_residual(const Element* bias, const Element* residual, int channels, Element* y, long long n) {
    long long i = globalIndex();
    if (i >= n) return;
    float sum = y[i];
    if (bias) sum += bias[i % channels];
    if (residual) sum += residual[i];
    y[i] = sum;
}
