// The emulated libcublas.so.12: products of matrices in float32, asked for on a stream and done when somebody waits.
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "driver.h"

namespace {

enum BlasStatus { BLAS_SUCCESS = 0, BLAS_NOT_INITIALIZED = 1, BLAS_INVALID_VALUE = 7, BLAS_EXECUTION_FAILED = 13, BLAS_NOT_SUPPORTED = 15 };
enum Type { FLOAT = 0, HALF = 2 };
constexpr int HOST_POINTERS = 0;

struct Handle {
    Stream* stream = nullptr;
    /** Whether it was given one for this stream; if not, it allocates, which a recording must not. */
    bool workspace = false;
    int mathMode = 0, pointerMode = HOST_POINTERS;
};

/** A column-major matrix of float32 or half. */
struct Matrix {
    void* data;
    int type, leading;
    long long stride;

    size_t at(int batch, int row, int column) const { return size_t(batch) * size_t(stride) + size_t(column) * size_t(leading) + size_t(row); }
    float get(size_t at) const { return type == FLOAT ? static_cast<float*>(data)[at] : float(static_cast<_Float16*>(data)[at]); }
    void set(size_t at, float value) const {
        if (type == FLOAT) static_cast<float*>(data)[at] = value;
        else static_cast<_Float16*>(data)[at] = static_cast<_Float16>(value);
    }
};

struct Product {
    bool transposeA, transposeB;
    int m, n, k;
    float alpha, beta;
    Matrix a, b, c;
    int batch;

    bool isValid() const {
        bool types = (a.type == FLOAT || a.type == HALF) && (c.type == FLOAT || c.type == HALF) && a.type == b.type;
        return types && m >= 0 && n >= 0 && k >= 0 && a.leading >= std::max(1, transposeA ? k : m) && b.leading >= std::max(1, transposeB ? n : k)
               && c.leading >= std::max(1, m);
    }

    int run() const {
        std::vector<float> left(size_t(m) * size_t(k)), column(size_t(m), 0);
        for (int i = 0; i < batch; i++) {
            for (int p = 0; p < k; p++) {
                for (int row = 0; row < m; row++) left[size_t(p) * size_t(m) + size_t(row)] = a.get(transposeA ? a.at(i, p, row) : a.at(i, row, p));
            }
            for (int j = 0; j < n; j++) {
                std::fill(column.begin(), column.end(), 0.0f);
                for (int p = 0; p < k; p++) {
                    float factor = b.get(transposeB ? b.at(i, j, p) : b.at(i, p, j));
                    const float* from = &left[size_t(p) * size_t(m)];
                    for (int row = 0; row < m; row++) column[size_t(row)] += from[row] * factor;
                }
                for (int row = 0; row < m; row++) {
                    size_t at = c.at(i, row, j);
                    c.set(at, alpha * column[size_t(row)] + (beta == 0 ? 0 : beta * c.get(at)));
                }
            }
        }
        return SUCCESS;
    }
};

int submit(Handle* handle, const Product& product) {
    if (!handle) return BLAS_NOT_INITIALIZED;
    if (handle->pointerMode != HOST_POINTERS) return BLAS_NOT_SUPPORTED;
    if (!product.isValid()) return BLAS_INVALID_VALUE;
    if (handle->stream && handle->stream->capture && !handle->workspace) return BLAS_EXECUTION_FAILED;
    return emulation_submit(handle->stream, [product] { return product.run(); }) ? BLAS_EXECUTION_FAILED : BLAS_SUCCESS;
}

void* mutableData(const void* data) { return const_cast<void*>(data); }

}  // namespace

API cublasCreate_v2(Handle** handle) { *handle = new Handle; return SUCCESS; }
API cublasDestroy_v2(Handle* handle) { delete handle; return SUCCESS; }
API cublasGetVersion_v2(Handle*, int* version) { *version = 120600; return SUCCESS; }
API cublasSetStream_v2(Handle* handle, Stream* stream) {
    handle->stream = stream;
    handle->workspace = false;
    return SUCCESS;
}
API cublasSetWorkspace_v2(Handle* handle, void*, size_t) { handle->workspace = true; return SUCCESS; }
API cublasSetMathMode(Handle* handle, int mode) { handle->mathMode = mode; return SUCCESS; }
API cublasSetPointerMode_v2(Handle* handle, int mode) { handle->pointerMode = mode; return SUCCESS; }

API cublasGemmStridedBatchedEx(Handle* handle, int transposeA, int transposeB, int m, int n, int k, const float* alpha, const void* a, int aType, int lda,
                               long long aStride, const void* b, int bType, int ldb, long long bStride, const float* beta, void* c, int cType, int ldc,
                               long long cStride, int batch, int, int) {
    return submit(handle, {transposeA != 0, transposeB != 0, m, n, k, *alpha, *beta, {mutableData(a), aType, lda, aStride},
                           {mutableData(b), bType, ldb, bStride}, {c, cType, ldc, cStride}, batch});
}
API cublasGemmEx(Handle* handle, int transposeA, int transposeB, int m, int n, int k, const float* alpha, const void* a, int aType, int lda, const void* b,
                 int bType, int ldb, const float* beta, void* c, int cType, int ldc, int compute, int algorithm) {
    return cublasGemmStridedBatchedEx(handle, transposeA, transposeB, m, n, k, alpha, a, aType, lda, 0, b, bType, ldb, 0, beta, c, cType, ldc, 0, 1,
                                      compute, algorithm);
}
API cublasSgemmStridedBatched(Handle* handle, int transposeA, int transposeB, int m, int n, int k, const float* alpha, const float* a, int lda,
                              long long aStride, const float* b, int ldb, long long bStride, const float* beta, float* c, int ldc, long long cStride,
                              int batch) {
    return cublasGemmStridedBatchedEx(handle, transposeA, transposeB, m, n, k, alpha, a, FLOAT, lda, aStride, b, FLOAT, ldb, bStride, beta, c, FLOAT,
                                      ldc, cStride, batch, 0, 0);
}
API cublasSgemm_v2(Handle* handle, int transposeA, int transposeB, int m, int n, int k, const float* alpha, const float* a, int lda, const float* b, int ldb,
                   const float* beta, float* c, int ldc) {
    return cublasSgemmStridedBatched(handle, transposeA, transposeB, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1);
}
extern "C" __attribute__((visibility("default"))) const char* cublasGetStatusString(int status) {
    return status == SUCCESS ? "CUBLAS_STATUS_SUCCESS" : "a cuBLAS error";
}
