package io.heddle.kernels;

import static jcuda.jcudnn.JCudnn.cudnnCreateConvolutionDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnCreateFilterDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnCreateTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyConvolutionDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyFilterDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetConvolution2dDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetConvolutionMathType;
import static jcuda.jcudnn.JCudnn.cudnnSetFilter4dDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetTensor4dDescriptor;
import static jcuda.jcudnn.cudnnConvolutionMode.CUDNN_CROSS_CORRELATION;
import static jcuda.jcudnn.cudnnDataType.CUDNN_DATA_FLOAT;
import static jcuda.jcudnn.cudnnMathType.CUDNN_FMA_MATH;
import static jcuda.jcudnn.cudnnTensorFormat.CUDNN_TENSOR_NHWC;

import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.Extent;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;

/** A convolution as cuDNN sees it: channels last, in float32 without tensor cores, which would round to TF32. */
record CudnnDescriptors(
        cudnnTensorDescriptor input, cudnnFilterDescriptor weight, cudnnTensorDescriptor output, cudnnConvolutionDescriptor convolution)
        implements AutoCloseable {
    private static final int DILATION = 1;

    /** Describes a convolution whose padding is the same on opposite sides. */
    static CudnnDescriptors of(ConvolutionShape shape) {
        CudnnDescriptors descriptors = new CudnnDescriptors(
                new cudnnTensorDescriptor(), new cudnnFilterDescriptor(), new cudnnTensorDescriptor(), new cudnnConvolutionDescriptor());
        descriptors.create();
        describe(descriptors.input, shape.rows(), shape.input(), shape.in());
        describe(descriptors.output, shape.rows(), shape.output(), shape.out());
        Results.cudnn(
                cudnnSetFilter4dDescriptor(descriptors.weight, CUDNN_DATA_FLOAT, CUDNN_TENSOR_NHWC, shape.out(), shape.in(),
                        shape.kernel().height(), shape.kernel().width()),
                "cudnnSetFilter4dDescriptor of " + shape);
        Results.cudnn(
                cudnnSetConvolution2dDescriptor(descriptors.convolution, shape.padding().top(), shape.padding().left(), shape.stride(),
                        shape.stride(), DILATION, DILATION, CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT),
                "cudnnSetConvolution2dDescriptor of " + shape);
        Results.cudnn(cudnnSetConvolutionMathType(descriptors.convolution, CUDNN_FMA_MATH), "cudnnSetConvolutionMathType");
        return descriptors;
    }

    private void create() {
        Results.cudnn(cudnnCreateTensorDescriptor(input), "cudnnCreateTensorDescriptor");
        Results.cudnn(cudnnCreateFilterDescriptor(weight), "cudnnCreateFilterDescriptor");
        Results.cudnn(cudnnCreateTensorDescriptor(output), "cudnnCreateTensorDescriptor");
        Results.cudnn(cudnnCreateConvolutionDescriptor(convolution), "cudnnCreateConvolutionDescriptor");
    }

    private static void describe(cudnnTensorDescriptor pictures, int rows, Extent extent, int channels) {
        int status = cudnnSetTensor4dDescriptor(
                pictures, CUDNN_TENSOR_NHWC, CUDNN_DATA_FLOAT, rows, channels, extent.height(), extent.width());
        Results.cudnn(status, "cudnnSetTensor4dDescriptor of " + rows + " rows, " + extent + ", " + channels + " channels");
    }

    @Override
    public void close() {
        Results.cudnn(cudnnDestroyTensorDescriptor(input), "cudnnDestroyTensorDescriptor");
        Results.cudnn(cudnnDestroyFilterDescriptor(weight), "cudnnDestroyFilterDescriptor");
        Results.cudnn(cudnnDestroyTensorDescriptor(output), "cudnnDestroyTensorDescriptor");
        Results.cudnn(cudnnDestroyConvolutionDescriptor(convolution), "cudnnDestroyConvolutionDescriptor");
    }
}
