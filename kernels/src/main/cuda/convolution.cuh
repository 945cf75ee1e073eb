// The sizes of a convolution of channels-last pictures.
#pragma once

struct ConvolutionShape { int rows, inHeight, inWidth, in, outHeight, outWidth, out, kernelHeight, kernelWidth, stride, top, left; };
