package io.heddle.testkit;

/** Every tolerance of the tests, with its reason. */
public final class Tolerances {
    /** Half the distance from 1 to the next float: the largest relative error of one rounding. Below, u. */
    public static final double UNIT_ROUNDOFF = 0x1p-24;

    private static final double U = UNIT_ROUNDOFF;

    /** Copies, comparisons and changes of sign do not round. */
    public static final Tolerance EXACT = new Tolerance(0, 0);

    /** One operation of IEEE 754, rounded once; the reference's double rounding adds 2⁻⁵³. */
    public static final Tolerance ROUNDED_ONCE = new Tolerance(U * 1.000001, 0);

    /** A product and a sum, each rounded; relative to the sum of magnitudes. */
    public static final Tolerance ROUNDED_TWICE = new Tolerance(2 * U, 0);

    /** An exponential or logarithm: a polynomial of a reduced argument, a few units in the last place. */
    public static final Tolerance TRANSCENDENTAL = new Tolerance(6 * U, 0);

    /** The CPU's exponential, in units in the last place: half of one for the last rounding, the rest for the polynomial. */
    public static final double EXPONENTIAL_ULPS = 0.9;

    /** The logistic function from that exponential: an addition and a division more. */
    public static final double SIGMOID_ULPS = 2.5;

    /** The hyperbolic tangent from that exponential, or from a polynomial near 0. */
    public static final double TANH_ULPS = 1.6;

    /** The CPU's normal distribution function below 0, absolute: two units in the last place of 1/4, where a dozen roundings meet. */
    public static final double NORMAL_TAIL = 6e-8;

    /** The same above 0, where rounding to float32 near 1 adds half a unit. */
    public static final double NORMAL_DISTRIBUTION = NORMAL_TAIL + 3e-8;

    /** The normalised elements of data whose mean is a thousand standard deviations from 0: nothing but the rounding of the elements themselves is lost. */
    public static final double FAR_FROM_ZERO = 2e-7;

    /** Functions made of a saturating one (σ, tanh, Φ), whose rounding near its limits is absolute and is scaled by the argument. */
    public static final Tolerance SATURATING = new Tolerance(8 * U, 4 * U);

    /** Softmax of scores that differ by up to 30: rounding the difference alone changes the exponential by 30 u. */
    public static final Tolerance SOFTMAX = new Tolerance(32 * U, 0);

    /** The longest step of an optimiser, made of about ten roundings. */
    public static final Tolerance OPTIMISER_STEP = new Tolerance(12 * U, 2 * U);

    /** Central differences in double with a step of ∛ε: truncation and rounding both leave about 10⁻¹⁰ of the largest gradient, and sharp functions more. */
    public static final Tolerance FINITE_DIFFERENCE = new Tolerance(0, 1e-7);

    /** The gradient of one operation on a small shape, in float32 forward and backward. */
    public static final Tolerance GRADIENT = new Tolerance(0, 64 * U);

    /**
     * A latent after two steps guided by gradients of a drag's energies, between float32 backends: four times the 2.4·10⁻⁵ seen, where float32 by itself
     * loses as much against double.
     */
    public static final Tolerance DRAGGED_LATENT = new Tolerance(0, 1e-4);

    /** A picture after ten or fewer guided steps of a tiny pipeline, against seven decimals: eight times the 1.3·10⁻⁶ that float32 loses there. */
    public static final Tolerance GUIDED_PICTURE = new Tolerance(0, 1e-5);

    /** A sum in float32 of products of halves, rounded to half precision once: by at most 2⁻¹¹ of itself, and below the normal numbers by 2⁻²⁵. */
    public static final Tolerance ROUNDED_TO_HALF = new Tolerance(0x1.01p-11, 0x1p-20, 0x1p-25);

    /** A few such operations on numbers of like size, each rounded. */
    public static final Tolerance OPERATION_IN_HALF = new Tolerance(0x1p-10, 0x1p-10, 0x1p-24);

    /**
     * Attention of operands in half precision whose products are summed in float32: the probabilities are rounded to 11 bits, each by at most 2⁻¹² of itself,
     * and average values that may cancel; then the result is rounded, and once more where a row has two terms.
     */
    public static final Tolerance ATTENTION_IN_HALF = new Tolerance(0x1p-10, 0x1p-11);

    /** A text's encoding in half precision, relative: every layer rounds by up to 2⁻¹¹, and about twice what was seen on two small models is allowed. */
    public static final double TEXT_IN_HALF = 3e-3;

    /** A prediction of a network in half precision: the same with more layers. */
    public static final double NOISE_IN_HALF = 5e-3;

    /** A decoded picture in half precision. */
    public static final double PICTURE_IN_HALF = 5e-3;

    /** Latents after two long steps in half precision: guidance multiplies the rounding of the predictions, the first of which are divided by √ᾱ. */
    public static final double LATENTS_IN_HALF = 1.5e-2;

    private static final double RANDOM_WALK = 3;

    /** A float32 product of up to a thousand terms, relative to the largest result: the rounding of a sum grows with the root of its length. */
    public static final double PRODUCT = 2e-6;

    /** A convolution relative to the largest result: a product, and Winograd's transforms, which add about half of a product's rounding. */
    public static final double CONVOLUTION = 3e-6;

    /** A mean squared error behind several evaluations of a network, relative: the reference's float32 and float64 runs differ by 6.5·10⁻⁷. */
    public static final float LOSS = 4e-6f;

    /**
     * Root mean square of what Adam has tuned by steps of 0.01: the few elements whose gradient is near zero move in a direction that rounding decides, so
     * the reference's float32 and float64 runs differ by up to 4·10⁻⁴ in one element, and by 2·10⁻⁷ on average.
     */
    public static final double TUNED_BY_ADAM = 2e-5;

    /**
     * Three steps of an optimiser, on values around 1: a few roundings each. Muon's five iterations raise the rounding of the smallest singular values by up
     * to 3.4445⁵ = 485, and a step's length at the tests' rate is below 0.011: 3·485·2u·0.011.
     */
    public static final Tolerance OPTIMISER = new Tolerance(12 * U, 0, 2e-6);

    /** Moments of whitened latents: sums of some 10⁴ elements in double, of elements that float32 weights scaled. */
    public static final double WHITENED = 1e-5;

    /** A picture decoded from a latent whose scale was changed: float32 weights on both sides of it are rounded anew, and a network of some 20 layers follows. */
    public static final Tolerance WHITENED_PICTURE = new Tolerance(0, 1e-5);

    private Tolerances() {}

    /**
     * A sum of {@code n} terms in float32, in any order, relative to the sum of magnitudes: the roundings of its additions behave as a random walk, √n u,
     * and three times that is not exceeded by chance. Higham 2002, "Accuracy and Stability of Numerical Algorithms", section 4.2.
     */
    public static Tolerance sum(long n) {
        return new Tolerance(RANDOM_WALK * Math.sqrt(n) * U, 0);
    }

    /** A convolution's sum of {@code n} products. Winograd's F(2x2, 3x3) sums a tile's sixteen elements before and after; Winograd 1980, Lavin and Gray 2016. */
    public static Tolerance convolution(long n) {
        return sum(n + 16);
    }

    /**
     * What is normalised with the mean and variance of {@code n} elements: the rounding of the mean, relative to the offset of the data from zero in
     * standard deviations, enters every element.
     */
    public static Tolerance normalised(long n, double offset) {
        return new Tolerance(16 * U, RANDOM_WALK * (Math.sqrt(n) / 8 + 2 + offset) * U);
    }

    /**
     * The gradient through a normalisation of standard normal gradients: differences of terms of the size of the reciprocal standard deviation, which may
     * cancel, with what {@link #normalised} says about the data itself.
     */
    public static Tolerance normalisedGradient(long n, double offset, double reciprocal) {
        return new Tolerance(16 * U, 0, RANDOM_WALK * (Math.sqrt(n) / 8 + 2 + offset) * U * reciprocal);
    }

    /** Attention: scores are sums over a head's {@code dim} features, rounded relative to their magnitude; outputs average values. */
    public static Tolerance attention(int dim) {
        return new Tolerance(16 * U, RANDOM_WALK * (Math.sqrt(dim) + 4) * U);
    }

    /** Attention whose scores reach {@code score}: their rounding alone changes the exponentials by so many u. */
    public static Tolerance attentionOfLargeScores(double score) {
        return new Tolerance(0, RANDOM_WALK * score * U);
    }

    /**
     * {@link #attention}'s gradients sum over {@code tokens} queries or keys what is rounded like the forward. Each is a difference of terms of order one for
     * standard normal operands, and may cancel.
     */
    public static Tolerance attentionGradient(int dim, int tokens) {
        return new Tolerance(16 * U, RANDOM_WALK * (Math.sqrt(dim) + Math.sqrt(tokens) + 4) * U, 8 * U);
    }

    /** The softmax's gradient subtracts a sum over the run from each element: relative to the largest. */
    public static Tolerance softmaxGradient(int width) {
        return new Tolerance(4 * U, RANDOM_WALK * Math.sqrt(width) * U);
    }

    /**
     * A value of the reference libraries: five times what float32 itself loses there against float64, at least 2·10⁻⁶ of the tensor's maximum.
     *
     * @param float32Loss the largest difference between the reference's float32 and float64 runs
     * @param maximum the largest absolute value of the tensor
     */
    public static Tolerance fixture(double float32Loss, double maximum) {
        return new Tolerance(0, 0, Math.max(5 * float32Loss, 2e-6 * maximum));
    }
}
