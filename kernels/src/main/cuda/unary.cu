// out[i] = op(x[i]) and dx[i] = op'(x[i])·dy[i]. A thread an element. CPU twin: PlainKernels.unary and derivative.
#include "functions.cuh"

/** The order of io.heddle.spi.UnaryOp. */
enum Unary { NEGATE, ABS, EXP, LOG, SQRT, SQUARE, RECIPROCAL, SIGMOID, TANH, SILU, GELU, QUICK_GELU };

constexpr float QUICK_GELU_SLOPE = 1.702f;

static __device__ float valueOf(int op, float x) {
    switch (op) {
        case NEGATE: return -x;
        case ABS: return fabsf(x);
        case EXP: return expf(x);
        case LOG: return logf(x);
        case SQRT: return sqrtf(x);
        case SQUARE: return x * x;
        case RECIPROCAL: return 1 / x;
        case SIGMOID: return sigmoid(x);
        case TANH: return tanhf(x);
        case SILU: return silu(x);
        case GELU: return gelu(x);
        default: return x * sigmoid(QUICK_GELU_SLOPE * x);
    }
}

static __device__ float derivativeOf(int op, float x) {
    switch (op) {
        case NEGATE: return -1;
        case ABS: return x > 0 ? 1 : x < 0 ? -1 : x;
        case EXP: return expf(x);
        case LOG: return 1 / x;
        case SQRT: return 0.5f / sqrtf(x);
        case SQUARE: return 2 * x;
        case RECIPROCAL: return -1 / (x * x);
        case SIGMOID: return sigmoidDerivative(x);
        case TANH: return 4 * sigmoidDerivative(2 * x);
        case SILU: return siluDerivative(x);
        case GELU: return geluDerivative(x);
        default: return siluDerivative(QUICK_GELU_SLOPE * x);
    }
}

extern "C" __global__ void unary(int op, const Element* x, Element* out, long long n) {
    long long i = globalIndex();
    if (i < n) out[i] = valueOf(op, x[i]);
}

extern "C" __global__ void unary_gradient(int op, const Element* x, const Element* dy, Element* dx, long long n) {
    long long i = globalIndex();
    if (i < n) dx[i] = derivativeOf(op, x[i]) * dy[i];
}
