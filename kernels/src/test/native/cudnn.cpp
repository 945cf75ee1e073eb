// The emulated libcudnn.so.9: convolutions of float32 pictures, asked for on a stream and done when somebody waits. Where the real one may answer with other
// bits this one does: it adds up backwards for batches and for addresses that are not aligned, and rounds operands to TF32 unless it is told not to.
#include <cstdint>
#include <cstring>

#include "driver.h"

namespace {

enum DnnStatus { DNN_SUCCESS = 0, DNN_BAD_PARAM = 2000, DNN_NULL_POINTER = 2002, DNN_SIZE_INSUFFICIENT = 2006, DNN_NOT_SUPPORTED = 3000,
                 DNN_NOT_SUPPORTED_LAYOUT = 3004, DNN_EXECUTION_FAILED = 5000 };
constexpr int CHANNELS_LAST = 1, FLOAT = 0, CROSS_CORRELATION = 1, FMA_MATH = 3, NONE = -1;
constexpr size_t WORKSPACE = 1234;

struct Handle { Stream* stream = nullptr; };

/** Four sizes: of pictures the rows, of filters the outputs, then channels, height and width. */
struct Tensor {
    int format, type, count, channels, height, width;

    bool isKnown() const { return format == CHANNELS_LAST && type == FLOAT && count > 0 && channels > 0 && height > 0 && width > 0; }
    size_t at(int i, int channel, int y, int x) const { return ((size_t(i) * height + y) * width + x) * channels + channel; }
    size_t size() const { return size_t(count) * channels * height * width; }
};

struct Convolution { int padY, padX, strideY, strideX, dilationY, dilationX, mode, type, math = 0; };

float rounded(float value, int math) {
    if (math == FMA_MATH) return value;
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits &= 0xffffe000;
    memcpy(&value, &bits, sizeof bits);
    return value;
}

/** The roles of three tensors: out[row, o, i, j] += in[row, c, i s + u - p, j s + v - p] weight[o, c, u, v], whichever of them is the result. */
struct Task {
    enum Result { OUT, IN, WEIGHT } result;
    Tensor inShape, weightShape, outShape;
    Convolution c;
    const float *a, *b;
    float* to;
    float alpha, beta;

    bool isKnown() const {
        int height = (inShape.height + 2 * c.padY - weightShape.height) / c.strideY + 1, width = (inShape.width + 2 * c.padX - weightShape.width) / c.strideX + 1;
        return inShape.isKnown() && weightShape.isKnown() && outShape.isKnown() && inShape.count == outShape.count && inShape.channels == weightShape.channels
               && weightShape.count == outShape.channels && outShape.height == height && outShape.width == width && c.dilationY == 1 && c.dilationX == 1
               && c.mode == CROSS_CORRELATION && c.type == FLOAT;
    }

    bool isAligned() const { return (reinterpret_cast<uintptr_t>(a) | reinterpret_cast<uintptr_t>(b) | reinterpret_cast<uintptr_t>(to)) % 16 == 0; }

    int run() const {
        const Tensor& shape = result == OUT ? outShape : result == IN ? inShape : weightShape;
        std::vector<float> sums(shape.size(), 0);
        bool backwards = inShape.count > 1 || !isAligned();
        int cells = weightShape.channels * weightShape.height * weightShape.width;
        for (int row = 0; row < outShape.count; row++)
            for (int i = 0; i < outShape.height; i++)
                for (int j = 0; j < outShape.width; j++)
                    for (int o = 0; o < outShape.channels; o++)
                        for (int n = 0; n < cells; n++) add(sums, row, i, j, o, backwards ? cells - 1 - n : n);
        for (size_t i = 0; i < sums.size(); i++) to[i] = alpha * sums[i] + (beta == 0 ? 0 : beta * to[i]);
        return SUCCESS;
    }

    void add(std::vector<float>& sums, int row, int i, int j, int o, int cell) const {
        int channel = cell % weightShape.channels, v = cell / weightShape.channels % weightShape.width, u = cell / weightShape.channels / weightShape.width;
        int y = i * c.strideY + u - c.padY, x = j * c.strideX + v - c.padX;
        if (y < 0 || x < 0 || y >= inShape.height || x >= inShape.width) return;
        size_t in = inShape.at(row, channel, y, x), out = outShape.at(row, o, i, j), weight = weightShape.at(o, channel, u, v);
        size_t left = result == IN ? out : in, right = result == WEIGHT ? out : weight, sum = result == OUT ? out : result == IN ? in : weight;
        sums[sum] += rounded(a[left], c.math) * rounded(b[right], c.math);
    }
};

/** The one algorithm for a task, or none. */
int algorithmOf(Task::Result result, const Convolution& c, const Tensor& weightShape) {
    if (result == Task::OUT) return c.strideY == 1 ? 1 : 0;
    return weightShape.height <= 3 ? 1 : NONE;
}

int submit(Handle* handle, const Task& task, int algorithm, const void* workspace, size_t bytes) {
    if (!handle || !task.a || !task.b || !task.to || !workspace) return DNN_NULL_POINTER;
    if (!task.isKnown()) return DNN_BAD_PARAM;
    if (algorithm != algorithmOf(task.result, task.c, task.weightShape)) return DNN_NOT_SUPPORTED;
    if (bytes < WORKSPACE) return DNN_SIZE_INSUFFICIENT;
    return emulation_submit(handle->stream, [task] { return task.run(); }) ? DNN_EXECUTION_FAILED : DNN_SUCCESS;
}

int workspaceSize(Task::Result result, const Convolution* c, const Tensor* weightShape, int algorithm, size_t* bytes) {
    *bytes = WORKSPACE;
    return algorithm == algorithmOf(result, *c, *weightShape) ? DNN_SUCCESS : DNN_NOT_SUPPORTED_LAYOUT;
}

const float* floats(const void* data) { return static_cast<const float*>(data); }

}  // namespace

extern "C" __attribute__((visibility("default"))) size_t cudnnGetVersion() { return 90500; }
extern "C" __attribute__((visibility("default"))) const char* cudnnGetErrorString(int status) {
    return status == DNN_SUCCESS ? "CUDNN_STATUS_SUCCESS" : status == DNN_BAD_PARAM ? "CUDNN_STATUS_BAD_PARAM" : "a cuDNN error";
}
API cudnnCreate(Handle** handle) { *handle = new Handle; return DNN_SUCCESS; }
API cudnnDestroy(Handle* handle) { delete handle; return DNN_SUCCESS; }
API cudnnSetStream(Handle* handle, Stream* stream) { handle->stream = stream; return DNN_SUCCESS; }

API cudnnCreateTensorDescriptor(Tensor** tensor) { *tensor = new Tensor{}; return DNN_SUCCESS; }
API cudnnDestroyTensorDescriptor(Tensor* tensor) { delete tensor; return DNN_SUCCESS; }
API cudnnSetTensor4dDescriptor(Tensor* tensor, int format, int type, int count, int channels, int height, int width) {
    *tensor = {format, type, count, channels, height, width};
    return tensor->isKnown() ? DNN_SUCCESS : DNN_BAD_PARAM;
}
API cudnnCreateFilterDescriptor(Tensor** filter) { return cudnnCreateTensorDescriptor(filter); }
API cudnnDestroyFilterDescriptor(Tensor* filter) { return cudnnDestroyTensorDescriptor(filter); }
API cudnnSetFilter4dDescriptor(Tensor* filter, int type, int format, int count, int channels, int height, int width) {
    return cudnnSetTensor4dDescriptor(filter, format, type, count, channels, height, width);
}
API cudnnCreateConvolutionDescriptor(Convolution** convolution) { *convolution = new Convolution{}; return DNN_SUCCESS; }
API cudnnDestroyConvolutionDescriptor(Convolution* convolution) { delete convolution; return DNN_SUCCESS; }
API cudnnSetConvolution2dDescriptor(Convolution* convolution, int padY, int padX, int strideY, int strideX, int dilationY, int dilationX, int mode, int type) {
    *convolution = {padY, padX, strideY, strideX, dilationY, dilationX, mode, type};
    return DNN_SUCCESS;
}
API cudnnSetConvolutionMathType(Convolution* convolution, int math) { convolution->math = math; return DNN_SUCCESS; }

API cudnnGetConvolutionForwardWorkspaceSize(Handle*, Tensor*, Tensor* weightShape, Convolution* c, Tensor*, int algorithm, size_t* bytes) {
    return workspaceSize(Task::OUT, c, weightShape, algorithm, bytes);
}
API cudnnGetConvolutionBackwardDataWorkspaceSize(Handle*, Tensor* weightShape, Tensor*, Convolution* c, Tensor*, int algorithm, size_t* bytes) {
    return workspaceSize(Task::IN, c, weightShape, algorithm, bytes);
}
API cudnnGetConvolutionBackwardFilterWorkspaceSize(Handle*, Tensor*, Tensor*, Convolution* c, Tensor* weightShape, int algorithm, size_t* bytes) {
    return workspaceSize(Task::WEIGHT, c, weightShape, algorithm, bytes);
}

API cudnnConvolutionForward(Handle* handle, const float* alpha, Tensor* inShape, const void* in, Tensor* weightShape, const void* weight, Convolution* c,
                            int algorithm, void* workspace, size_t bytes, const float* beta, Tensor* outShape, void* out) {
    Task task{Task::OUT, *inShape, *weightShape, *outShape, *c, floats(in), floats(weight), static_cast<float*>(out), *alpha, *beta};
    return submit(handle, task, algorithm, workspace, bytes);
}
API cudnnConvolutionBackwardData(Handle* handle, const float* alpha, Tensor* weightShape, const void* weight, Tensor* outShape, const void* out,
                                 Convolution* c, int algorithm, void* workspace, size_t bytes, const float* beta, Tensor* inShape, void* in) {
    Task task{Task::IN, *inShape, *weightShape, *outShape, *c, floats(out), floats(weight), static_cast<float*>(in), *alpha, *beta};
    return submit(handle, task, algorithm, workspace, bytes);
}
API cudnnConvolutionBackwardFilter(Handle* handle, const float* alpha, Tensor* inShape, const void* in, Tensor* outShape, const void* out, Convolution* c,
                                   int algorithm, void* workspace, size_t bytes, const float* beta, Tensor* weightShape, void* weight) {
    Task task{Task::WEIGHT, *inShape, *weightShape, *outShape, *c, floats(in), floats(out), static_cast<float*>(weight), *alpha, *beta};
    return submit(handle, task, algorithm, workspace, bytes);
}
