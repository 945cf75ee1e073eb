package io.heddle.cpu;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** {@link ScalarMath} on vectors: the same operations in the same order, hence the same bits in every lane. */
final class LaneMath {
    /** As many floats as this processor handles best at once. */
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

    private LaneMath() {}

    private static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    /** See {@link ScalarMath#exp}. */
    static FloatVector exp(FloatVector x) {
        FloatVector y = x.blend(ScalarMath.EXP_HIGHEST, x.compare(GT, ScalarMath.EXP_HIGHEST))
                .blend(ScalarMath.EXP_LOWEST, x.compare(LT, ScalarMath.EXP_LOWEST));
        FloatVector rounded = y.fma(all(ScalarMath.LOG2_E), all(ScalarMath.ROUNDER));
        FloatVector k = rounded.sub(ScalarMath.ROUNDER);
        IntVector power = rounded.reinterpretAsInts().sub(Float.floatToRawIntBits(ScalarMath.ROUNDER));
        IntVector half = power.lanewise(ASHR, 1);
        return expOfRemainder(y, k).mul(powerOfTwo(half)).mul(powerOfTwo(power.sub(half)));
    }

    /** See {@link ScalarMath#decay}. */
    static FloatVector decay(FloatVector x) {
        FloatVector rounded = x.fma(all(ScalarMath.LOG2_E), all(ScalarMath.BIASED_ROUNDER));
        FloatVector k = rounded.sub(ScalarMath.BIASED_ROUNDER);
        FloatVector power = rounded.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
        return expOfRemainder(x, k).mul(power).blend(0, x.compare(LT, ScalarMath.DECAY_LOWEST));
    }

    private static FloatVector expOfRemainder(FloatVector x, FloatVector k) {
        FloatVector r = k.fma(all(-ScalarMath.LN2_LOW), k.fma(all(-ScalarMath.LN2_HIGH), x));
        FloatVector p = r.fma(all(ScalarMath.E6), all(ScalarMath.E5));
        p = r.fma(p, all(ScalarMath.E4));
        p = r.fma(p, all(ScalarMath.E3));
        p = r.fma(p, all(ScalarMath.E2));
        FloatVector one = all(1);
        return r.fma(r.fma(p, one), one);
    }

    private static FloatVector powerOfTwo(IntVector exponent) {
        return exponent.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
    }

    /** See {@link ScalarMath#sigmoid}. */
    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = decay(x.abs().neg());
        return all(1).blend(e, x.compare(LT, 0)).div(e.add(1));
    }

    /** See {@link ScalarMath#tanh}. */
    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector z = x.mul(x);
        FloatVector p = z.fma(all(ScalarMath.T11), all(ScalarMath.T9));
        p = z.fma(p, all(ScalarMath.T7));
        p = z.fma(p, all(ScalarMath.T5));
        p = z.fma(p, all(ScalarMath.T3));
        FloatVector e = decay(a.mul(-2));
        FloatVector large = all(1).sub(e).div(e.add(1));
        large = large.blend(large.neg(), x.compare(LT, 0));
        return large.blend(x.mul(z).fma(p, x), a.compare(LT, ScalarMath.TANH_SPLIT));
    }

    /** See {@link ScalarMath#normalDistribution}. */
    static FloatVector normalDistribution(FloatVector x) {
        return normalDistribution(x, decay(x.mul(x).mul(-0.5f)));
    }

    private static FloatVector normalDistribution(FloatVector x, FloatVector bell) {
        FloatVector u = x.abs().mul(ScalarMath.CDF_POLE);
        FloatVector s = u.div(u.add(1));
        FloatVector p = s.fma(all(ScalarMath.C8), all(ScalarMath.C7));
        p = s.fma(p, all(ScalarMath.C6));
        p = s.fma(p, all(ScalarMath.C5));
        p = s.fma(p, all(ScalarMath.C4));
        p = s.fma(p, all(ScalarMath.C3));
        p = s.fma(p, all(ScalarMath.C2));
        p = s.fma(p, all(ScalarMath.C1));
        FloatVector tail = bell.mul(s.fma(p, all(0.5f)));
        return tail.blend(all(1).sub(tail), x.compare(GT, 0));
    }

    /** See {@link ScalarMath#silu}. */
    static FloatVector silu(FloatVector x) {
        return x.mul(sigmoid(x));
    }

    /** See {@link ScalarMath#siluDerivative}. */
    static FloatVector siluDerivative(FloatVector x) {
        FloatVector e = decay(x.abs().neg());
        FloatVector large = all(1).div(e.add(1));
        FloatVector small = e.mul(large);
        VectorMask<Float> negative = x.compare(LT, 0);
        return large.blend(small, negative).mul(x.fma(small.blend(large, negative), all(1)));
    }

    /** See {@link ScalarMath#gelu}. */
    static FloatVector gelu(FloatVector x) {
        return x.mul(normalDistribution(x));
    }

    /** See {@link ScalarMath#geluDerivative}. */
    static FloatVector geluDerivative(FloatVector x) {
        FloatVector bell = decay(x.mul(x).mul(-0.5f));
        return x.fma(bell.mul(ScalarMath.NORMAL_DENSITY_AT_0), normalDistribution(x, bell));
    }

    /** See {@link ScalarMath#quickGelu}. */
    static FloatVector quickGelu(FloatVector x) {
        return x.mul(sigmoid(x.mul(ScalarMath.QUICK_GELU)));
    }

    /** See {@link ScalarMath#quickGeluDerivative}. */
    static FloatVector quickGeluDerivative(FloatVector x) {
        return siluDerivative(x.mul(ScalarMath.QUICK_GELU));
    }

    /** See {@link ScalarMath#sigmoidDerivative}. */
    static FloatVector sigmoidDerivative(FloatVector x) {
        FloatVector e = decay(x.abs().neg());
        FloatVector large = all(1).div(e.add(1));
        return e.mul(large).mul(large);
    }

    /** See {@link ScalarMath#tanhDerivative}. */
    static FloatVector tanhDerivative(FloatVector x) {
        FloatVector t = tanh(x);
        return t.neg().fma(t, all(1));
    }
}
