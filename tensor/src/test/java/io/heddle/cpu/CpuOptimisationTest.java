package io.heddle.cpu;

import io.heddle.spi.Optimisation.AdamStep;
import io.heddle.testkit.TensorAssert;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected bits are those of torch 2.13, {@code Adam} and {@code AdamW} with {@code foreach=False, fused=False}. */
class CpuOptimisationTest {
    private static final float[] PARAMETER = {1.5f, -0.25f, 0, 3e-3f, -7, 0.125f, 1e-20f};
    /** Among them gradients below ε and denormal ones. */
    private static final float[][] GRADIENTS = {
        {0.5f, -1e-8f, 1e-42f, 2, -3e-5f, 1e-20f, 7}, {-0.25f, 3e-8f, 0, 1, 4e-5f, -1e-20f, -7.5f},
        {0.125f, 1e-9f, -1e-42f, 0.3f, 1e-5f, 2e-20f, 0.5f}
    };
    private static final int[] FIRST_MOMENT = {0x3cf9db23, 0x3108c073, 0x8000000e, 0x3e90624e, 0x3611a052, 0x1d1050c6, 0xbd6d9169};
    private static final int[] SECOND_MOMENT = {0x39abbcbb, 0x21938f28, 0x00000000, 0x3ba67e8e, 0x2c36b834, 0x000001ab, 0x3dd7bf8a};
    private static final int[] ADAM = {0x3fbdf17f, 0xbe8084c3, 0x83d693a4, 0xbcc72d74, 0xc0dfd43b, 0x3e000000, 0xbc0fa956};
    private static final int[] ADAM_W = {0x3fbd5eef, 0xbe80236c, 0x83d62bed, 0xbcc702d8, 0xc0df2885, 0x3dff3b98, 0xbc0f5925};

    @AutoClose
    private final Workers workers = new Workers(1);

    @ParameterizedTest
    @ValueSource(strings = {"plain", "vector"})
    void adam_hasTheBitsOfPyTorch(String kernels) {
        check(kernels, 0, ADAM);
        check(kernels, 0.1, ADAM_W);
    }

    private void check(String kernels, double weightDecay, int[] expected) {
        HeapBuffer parameter = new HeapBuffer(PARAMETER.clone(), 0, PARAMETER.length);
        HeapBuffer first = new HeapBuffer(new float[PARAMETER.length], 0, PARAMETER.length);
        HeapBuffer second = new HeapBuffer(new float[PARAMETER.length], 0, PARAMETER.length);
        for (int i = 0; i < GRADIENTS.length; i++) {
            HeapBuffer gradient = new HeapBuffer(GRADIENTS[i], 0, PARAMETER.length);
            AdamStep step = new AdamStep(i + 1, 0.01, 0.9, 0.999, 1e-8, weightDecay);
            new CpuOptimisation(workers, KernelChoice.named(kernels)).adamInPlace(parameter, gradient, first, second, step);
        }
        TensorAssert.assertSameBits("first moment", first.array(), floats(FIRST_MOMENT));
        TensorAssert.assertSameBits("second moment", second.array(), floats(SECOND_MOMENT));
        TensorAssert.assertSameBits("parameter with weight decay " + weightDecay, parameter.array(), floats(expected));
    }

    private static float[] floats(int[] bits) {
        float[] values = new float[bits.length];
        for (int i = 0; i < bits.length; i++) {
            values[i] = Float.intBitsToFloat(bits[i]);
        }
        return values;
    }
}
