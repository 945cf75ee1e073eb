// All kernels of float32 arithmetic as one module.
#include "fill.cu"
