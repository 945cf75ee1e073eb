package io.heddle.nn;

import io.heddle.tensor.Scope;
import io.heddle.tensor.Shape;
import io.heddle.tensor.ShapeException;
import io.heddle.tensor.Tensor;
import java.util.Map;

/**
 * The state of Muon for one matrix or convolution kernel, which each step changes in place: Nesterov momentum whose singular values are all made about 1
 * by Newton-Schulz iterations. Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"; steps scaled to the size of AdamW's as in
 * Liu et al. 2025, "Muon is Scalable for LLM Training", section 2.2, with decoupled weight decay.
 */
public final class Muon implements Optimiser {
    /** The quintic whose iterations raise small singular values fastest and leave all within about 0.7 … 1.2. */
    private static final float A = 3.4445f;

    private static final float B = -4.7750f;
    private static final float C = 2.0315f;
    private static final int ITERATIONS = 5;
    private static final float SMALLEST_NORM = 1e-7f;
    private static final double SCALE = 0.2;

    private final Tensor momentum;
    private final float decay;
    private final double weightDecay;

    private Muon(Tensor like, double decay, double weightDecay) {
        if (like.shape().rank() < 2) {
            throw new ShapeException("Muon is for matrices and kernels, but the tensor has shape " + like.shape() + "; use Adam for it");
        }
        this.momentum = like.device().zeros(like.shape()).unscoped();
        this.decay = (float) decay;
        this.weightDecay = weightDecay;
    }

    /**
     * Muon for tensors like one.
     *
     * @param like {@code [out, ..]}: all axes but the first are one to it
     * @param decay of the momentum; the paper's is 0.95
     * @param weightDecay decoupled; 0 for none
     */
    public static Muon of(Tensor like, double decay, double weightDecay) {
        return new Muon(like, decay, weightDecay);
    }

    @Override
    public void step(Tensor value, Tensor gradient, double learningRate) {
        Shape shape = momentum.shape();
        if (!value.shape().equals(shape) || !gradient.shape().equals(shape)) {
            throw new ShapeException("Muon of " + shape + " got a value of " + value.shape() + " and a gradient of " + gradient.shape());
        }
        try (Scope _ = value.device().scope()) {
            Tensor fresh = gradient.times(1 - decay);
            momentum.assign(momentum.times(decay).plus(fresh));
            Tensor matrix = fresh.plus(momentum.times(decay)).reshape(shape.dim(0), -1);
            double size = SCALE * Math.sqrt(Math.max(matrix.dim(0), matrix.dim(1)));
            Tensor move = orthogonalised(matrix).times((float) (size * learningRate)).reshape(shape.dims());
            value.assign(value.times((float) (1 - learningRate * weightDecay)).minus(move));
        }
    }

    /**
     * A matrix with the singular vectors of {@code matrix} and singular values near 1.
     *
     * @param matrix {@code [rows, columns]}
     */
    static Tensor orthogonalised(Tensor matrix) {
        boolean tall = matrix.dim(0) > matrix.dim(1);
        Tensor x = tall ? matrix.permute(1, 0) : matrix;
        x = x.dividedBy(x.square().sum().sqrt().plus(SMALLEST_NORM));
        for (int i = 0; i < ITERATIONS; i++) {
            Tensor gram = x.matmulTransposed(x);
            Tensor polynomial = gram.times(B).plus(gram.matmul(gram).times(C));
            x = x.times(A).plus(polynomial.matmul(x));
        }
        return tall ? x.permute(1, 0) : x;
    }

    @Override
    public Map<String, Tensor> state() {
        return Map.of("momentum", momentum);
    }

    @Override
    public void close() {
        momentum.close();
    }
}
