// Copies of runs of elements. A thread an element. CPU twin: CpuMovement.
#include "device.cuh"

/** out[o, outStart + j, i] = x[o, xStart + j, i] for j < count, i < inner; n elements are copied. */
extern "C" __global__ void copy_along_axis(const Element* x, int xSize, int xStart, Element* out, int outSize, int outStart, int count, long long inner,
                                           long long n) {
    long long i = globalIndex();
    if (i >= n) return;
    long long run = count * inner, outer = i / run, within = i % run;
    out[(outer * outSize + outStart) * inner + within] = x[(outer * xSize + xStart) * inner + within];
}

/** out[r] = x[index[r]] for rows of `width` elements, n in all. */
extern "C" __global__ void gather_rows(const Element* x, int width, const int* index, Element* out, long long n) {
    long long i = globalIndex();
    if (i < n) out[i] = x[(long long) index[i / width] * width + i % width];
}

/** out[index[r]] += x[r], in ascending order of r: each thread looks for the rows that go to its element. n elements of out. */
extern "C" __global__ void scatter_add_rows(const Element* x, int width, const int* index, int indices, Element* out, long long n) {
    long long i = globalIndex();
    if (i >= n) return;
    long long row = i / width, column = i % width;
    float sum = out[i];
    for (int r = 0; r < indices; r++) {
        if (index[r] == row) sum += x[(long long) r * width + column];
    }
    out[i] = sum;
}
