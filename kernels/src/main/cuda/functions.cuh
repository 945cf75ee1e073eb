// Functions of one element and their derivatives. CPU twin: ScalarMath.
#pragma once
#include "device.cuh"

static __device__ __forceinline__ float sigmoid(float x) {
    float e = expf(-fabsf(x));
    return (x < 0 ? e : 1) / (1 + e);
}

/** Φ(x): the distribution function of the normal distribution. */
static __device__ __forceinline__ float normalDistribution(float x) { return 0.5f * erfcf(x * -0.707106781f); }

/** φ(x): its density. */
static __device__ __forceinline__ float normalDensity(float x) { return 0.398942280f * expf(-0.5f * x * x); }

static __device__ __forceinline__ float sigmoidDerivative(float x) {
    float e = expf(-fabsf(x)), larger = 1 / (1 + e);
    return e * larger * larger;
}

static __device__ __forceinline__ float silu(float x) { return x * sigmoid(x); }

/** σ(x)·(1 + x·σ(−x)). */
static __device__ __forceinline__ float siluDerivative(float x) {
    float e = expf(-fabsf(x)), larger = 1 / (1 + e), smaller = e * larger;
    return x < 0 ? smaller * fmaf(x, larger, 1) : larger * fmaf(x, smaller, 1);
}

static __device__ __forceinline__ float gelu(float x) { return x * normalDistribution(x); }

static __device__ __forceinline__ float geluDerivative(float x) { return fmaf(x, normalDensity(x), normalDistribution(x)); }
