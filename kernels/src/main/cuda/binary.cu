// out = op(a, b), elements of one shape, or broadcast. A thread an element. CPU twin: CpuPointwise.binary.
#include "device.cuh"

/** The order of io.heddle.spi.BinaryOp. */
enum Binary { ADD, SUBTRACT, MULTIPLY, DIVIDE, MINIMUM, MAXIMUM, GREATER };

static __device__ float resultOf(int op, float a, float b) {
    switch (op) {
        case ADD: return a + b;
        case SUBTRACT: return a - b;
        case MULTIPLY: return a * b;
        case DIVIDE: return a / b;
        case MINIMUM: return minimum(a, b);
        case MAXIMUM: return maximum(a, b);
        default: return a > b ? 1 : 0;
    }
}

extern "C" __global__ void binary(int op, const Element* a, const Element* b, Element* out, long long n) {
    long long i = globalIndex();
    if (i < n) out[i] = resultOf(op, a[i], b[i]);
}

/** The dimensions are those of out; a step of 0 repeats an operand along an axis. */
extern "C" __global__ void binary_broadcast(int op, const Element* a, const Element* b, Element* out, const __grid_constant__ Axes axes, int n) {
    int i = (int) globalIndex();
    if (i < n) out[i] = resultOf(op, a[offsetOf(axes, axes.a, i)], b[offsetOf(axes, axes.b, i)]);
}
