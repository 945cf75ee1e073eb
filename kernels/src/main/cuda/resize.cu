// Nearest-neighbour resize of pictures [rows, height, width, channels]: line y reads line ⌊y·from/to⌋. A thread an element of the result.
// CPU twin: CpuMovement.resizeNearest.
#include "device.cuh"

static __device__ __forceinline__ int sourceOf(int index, int from, int to) { return (int) ((long long) index * from / to); }

/** The first destination that reads `source` or a later element. */
static __device__ __forceinline__ int firstReader(int source, int from, int to) { return (int) (((long long) source * to + from - 1) / from); }

extern "C" __global__ void resize_nearest(const Element* x, int fromHeight, int fromWidth, int toHeight, int toWidth, int channels, Element* out,
                                          long long n) {
    long long i = globalIndex();
    if (i >= n) return;
    int channel = (int) (i % channels);
    long long cell = i / channels, line = cell / toWidth;
    int column = sourceOf((int) (cell % toWidth), fromWidth, toWidth);
    long long sourceLine = line / toHeight * fromHeight + sourceOf((int) (line % toHeight), fromHeight, toHeight);
    out[i] = x[(sourceLine * fromWidth + column) * channels + channel];
}

/** The sum over the destinations that read an element. */
extern "C" __global__ void resize_nearest_gradient(const Element* dy, int fromHeight, int fromWidth, int toHeight, int toWidth, int channels, Element* dx,
                                                   long long n) {
    long long i = globalIndex();
    if (i >= n) return;
    int channel = (int) (i % channels);
    long long cell = i / channels, line = cell / fromWidth, row = line / fromHeight;
    int x = (int) (cell % fromWidth), y = (int) (line % fromHeight);
    float sum = 0;
    for (int v = firstReader(y, fromHeight, toHeight); v < firstReader(y + 1, fromHeight, toHeight); v++) {
        for (int u = firstReader(x, fromWidth, toWidth); u < firstReader(x + 1, fromWidth, toWidth); u++) {
            sum += dy[((row * toHeight + v) * toWidth + u) * channels + channel];
        }
    }
    dx[i] = sum;
}
