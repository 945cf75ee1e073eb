// The kernels of the fast mode as one module, for sm_80 and later.
#include "attention_half.cu"
#include "half.cu"
