package io.heddle.kernels;

import static jcuda.jcudnn.JCudnn.cudnnConvolutionBackwardData;
import static jcuda.jcudnn.JCudnn.cudnnConvolutionBackwardFilter;
import static jcuda.jcudnn.JCudnn.cudnnConvolutionForward;
import static jcuda.jcudnn.JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize;
import static jcuda.jcudnn.JCudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize;
import static jcuda.jcudnn.JCudnn.cudnnGetConvolutionForwardWorkspaceSize;
import static jcuda.jcudnn.cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_1;
import static jcuda.jcudnn.cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1;
import static jcuda.jcudnn.cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM;
import static jcuda.jcudnn.cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;

import java.util.List;
import jcuda.Pointer;
import jcuda.jcudnn.cudnnHandle;

/**
 * A convolution or one of its gradients: {@code result} from {@code a} and {@code b}. The algorithms are those that cuDNN documents for channels-last
 * pictures and that give the same bits each time.
 */
enum CudnnDirection {
    /** y from x and the weight. */
    FORWARD(CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM, CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM) {
        @Override
        int workspaceSize(cudnnHandle handle, CudnnDescriptors d, int algorithm, long[] size) {
            return cudnnGetConvolutionForwardWorkspaceSize(handle, d.input(), d.weight(), d.convolution(), d.output(), algorithm, size);
        }

        @Override
        int run(cudnnHandle handle, CudnnDescriptors d, int algorithm, Pointer workspace, long size, Pointer x, Pointer weight, Pointer y) {
            return cudnnConvolutionForward(
                    handle, Address.ONE, d.input(), x, d.weight(), weight, d.convolution(), algorithm, workspace, size, Address.ZERO, d.output(), y);
        }
    },

    /** dx from dy and the weight. */
    INPUT_GRADIENT(CUDNN_CONVOLUTION_BWD_DATA_ALGO_1) {
        @Override
        int workspaceSize(cudnnHandle handle, CudnnDescriptors d, int algorithm, long[] size) {
            return cudnnGetConvolutionBackwardDataWorkspaceSize(handle, d.weight(), d.output(), d.convolution(), d.input(), algorithm, size);
        }

        @Override
        int run(cudnnHandle handle, CudnnDescriptors d, int algorithm, Pointer workspace, long size, Pointer dy, Pointer weight, Pointer dx) {
            return cudnnConvolutionBackwardData(
                    handle, Address.ONE, d.weight(), weight, d.output(), dy, d.convolution(), algorithm, workspace, size, Address.ZERO, d.input(),
                    dx);
        }
    },

    /** The weight's gradient from x and dy. */
    WEIGHT_GRADIENT(CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1) {
        @Override
        int workspaceSize(cudnnHandle handle, CudnnDescriptors d, int algorithm, long[] size) {
            return cudnnGetConvolutionBackwardFilterWorkspaceSize(handle, d.input(), d.output(), d.convolution(), d.weight(), algorithm, size);
        }

        @Override
        int run(cudnnHandle handle, CudnnDescriptors d, int algorithm, Pointer workspace, long size, Pointer x, Pointer dy, Pointer dWeight) {
            return cudnnConvolutionBackwardFilter(
                    handle, Address.ONE, d.input(), x, d.output(), dy, d.convolution(), algorithm, workspace, size, Address.ZERO, d.weight(),
                    dWeight);
        }
    };

    private final List<Integer> algorithms;

    CudnnDirection(Integer... algorithms) {
        this.algorithms = List.of(algorithms);
    }

    /** cuDNN's numbers of the algorithms, the best first. */
    List<Integer> algorithms() {
        return algorithms;
    }

    /** Asks for the bytes of workspace that an algorithm needs; returns cuDNN's status. */
    abstract int workspaceSize(cudnnHandle handle, CudnnDescriptors d, int algorithm, long[] size);

    /** Computes; returns cuDNN's status. */
    abstract int run(cudnnHandle handle, CudnnDescriptors d, int algorithm, Pointer workspace, long size, Pointer a, Pointer b, Pointer result);
}
