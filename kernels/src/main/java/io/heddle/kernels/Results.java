package io.heddle.kernels;

import io.heddle.tensor.DeviceException;
import jcuda.driver.CUresult;
import jcuda.jcublas.cublasStatus;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnStatus;

/** Result codes of the driver, cuBLAS and cuDNN as exceptions that name the call. */
final class Results {
    private Results() {}

    /**
     * Checks what a function of the driver returned.
     *
     * @param call the function, and what it was asked for if that is worth knowing
     */
    static void driver(int result, String call) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw failure(result, call);
        }
    }

    /** Checks what a function of cuBLAS returned. */
    static void cublas(int status, String call) {
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            throw new DeviceException(call + " failed: " + cublasStatus.stringFor(status) + " (" + status + ")");
        }
    }

    /** Checks what a function of cuDNN returned; JCuda's names of its errors are those of an earlier version, so cuDNN is asked for them. */
    static void cudnn(int status, String call) {
        if (status != cudnnStatus.CUDNN_STATUS_SUCCESS) {
            throw new DeviceException(call + " failed: " + JCudnn.cudnnGetErrorString(status) + " (" + status + ")");
        }
    }

    /** The exception for a failed call of the driver. */
    static DeviceException failure(int result, String call) {
        return new DeviceException(call + " failed: " + CUresult.stringFor(result) + " (" + result + ")");
    }
}
