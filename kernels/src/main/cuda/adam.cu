// One step of Adam with decoupled weight decay; factors from the host (io.heddle.spi.Optimisation.AdamStep). A thread an element. Kingma and Ba 2015, algorithm 1.
// CPU twin: PlainKernels.adam.
#include "device.cuh"

extern "C" __global__ void adam(float* parameter, const float* gradient, float* first, float* second, float decay, float firstWeight, float secondDecay,
                                float secondWeight, float rootOfCorrection, float epsilon, float negativeStepSize, long long n) {
    long long i = globalIndex();
    if (i >= n) return;
    float g = gradient[i], p = parameter[i] * decay;
    float m = fmaf(firstWeight, g - first[i], first[i]);
    float v = fmaf(secondWeight * g, g, second[i] * secondDecay);
    first[i] = m;
    second[i] = v;
    parameter[i] = p + negativeStepSize * m / (sqrtf(v) / rootOfCorrection + epsilon);
}
