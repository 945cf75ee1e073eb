package io.heddle.testkit;

import io.heddle.spi.AttentionKernels.QueryWindow;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.spi.Extent;
import io.heddle.tensor.Functional;
import io.heddle.tensor.Tensor;
import java.util.stream.Stream;

/** Every differentiable operation of tensors, at small awkward shapes. */
public final class Operations {
    private static final float EPSILON = 1e-5f;

    /** Each row with itself; a row twice; another row's queries and keys; another row's values. */
    private static final Terms TERMS = Terms.of(new int[] {0, 0, 1}, new int[] {0, 1, 0}, new int[] {0, 1, 0}, new int[] {0, 0, 1});

    private Operations() {}

    /** All of them. */
    public static Stream<Differentiable> all() {
        return Stream.of(pointwise(), arithmetic(), movement(), sums(), layers(), attention()).flatMap(operations -> operations);
    }

    private static Stream<Differentiable> pointwise() {
        Sample x = Sample.normal(1, 3, 7);
        Sample positive = x.map(value -> Math.abs(value) + 0.1);
        return Stream.of(
                Differentiable.of("negate", t -> t.get(0).negate(), x),
                Differentiable.of("abs", t -> t.get(0).abs(), x),
                Differentiable.of("exp", t -> t.get(0).exp(), x),
                Differentiable.of("log", t -> t.get(0).log(), positive),
                Differentiable.of("sqrt", t -> t.get(0).sqrt(), positive),
                Differentiable.of("square", t -> t.get(0).square(), x),
                Differentiable.of("reciprocal", t -> t.get(0).reciprocal(), positive),
                Differentiable.of("sigmoid", t -> t.get(0).sigmoid(), x),
                Differentiable.of("tanh", t -> t.get(0).tanh(), x),
                Differentiable.of("silu", t -> t.get(0).silu(), x),
                Differentiable.of("gelu", t -> t.get(0).gelu(), x),
                Differentiable.of("quickGelu", t -> t.get(0).quickGelu(), x),
                Differentiable.of("clamp", t -> t.get(0).clamp(-0.5f, 0.75f), x),
                Differentiable.of("plus number", t -> t.get(0).plus(0.3f), x),
                Differentiable.of("minus number", t -> t.get(0).minus(0.3f), x),
                Differentiable.of("times number", t -> t.get(0).times(-1.7f), x),
                Differentiable.of("divided by number", t -> t.get(0).dividedBy(3), x));
    }

    private static Stream<Differentiable> arithmetic() {
        Sample a = Sample.normal(2, 2, 1, 5);
        Sample b = Sample.normal(3, 3, 1);
        Sample awayFromZero = b.map(value -> value + Math.copySign(0.5, value));
        return Stream.of(
                Differentiable.of("plus", t -> t.get(0).plus(t.get(1)), a, b),
                Differentiable.of("minus", t -> t.get(0).minus(t.get(1)), a, b),
                Differentiable.of("times", t -> t.get(0).times(t.get(1)), a, b),
                Differentiable.of("divided by", t -> t.get(0).dividedBy(t.get(1)), a, awayFromZero),
                Differentiable.of("minimum", t -> t.get(0).minimum(t.get(1)), a, b),
                Differentiable.of("maximum", t -> t.get(0).maximum(t.get(1)), a, b),
                Differentiable.of("times with a scalar", t -> t.get(0).times(t.get(1)), a, Sample.normal(4)),
                Differentiable.of("times of one shape", t -> t.get(0).times(t.get(1)), a, Sample.normal(5, 2, 1, 5)),
                Differentiable.of("times itself", t -> t.get(0).times(t.get(0)), a),
                Differentiable.of("a result used twice", t -> twice(t.get(0).exp()), a));
    }

    private static Stream<Differentiable> movement() {
        Sample x = Sample.normal(6, 4, 3, 5);
        Sample picture = Sample.normal(7, 2, 3, 5, 2);
        return Stream.of(
                Differentiable.of("reshape", t -> t.get(0).reshape(5, -1).square(), x),
                Differentiable.of("permute", t -> t.get(0).permute(2, 0, 1), x),
                Differentiable.of("slice of the first axis", t -> t.get(0).slice(0, 1, 2).square(), x),
                Differentiable.of("slice of the middle axis", t -> t.get(0).slice(1, 1, 2), x),
                Differentiable.of("slice of the last axis", t -> t.get(0).slice(-1, 2, 3), x),
                Differentiable.of("row", t -> t.get(0).row(3), x),
                Differentiable.of("overlapping rows", t -> t.get(0).rows(0, 3).times(t.get(0).rows(1, 3)), x),
                Differentiable.of("gatherRows", t -> t.get(0).gatherRows(2, 0, 2, 2), x),
                Differentiable.of("concat of the first axis", t -> Tensor.concat(0, t), x, Sample.normal(8, 1, 3, 5)),
                Differentiable.of("concat of the last axis", t -> Tensor.concat(-1, t), x, Sample.normal(9, 4, 3, 2), Sample.normal(10, 4, 3, 1)),
                Differentiable.of("resizeNearest up", t -> t.get(0).resizeNearest(new Extent(6, 10)), picture),
                Differentiable.of("resizeNearest unevenly", t -> t.get(0).resizeNearest(new Extent(5, 3)), picture));
    }

    private static Stream<Differentiable> sums() {
        Sample x = Sample.normal(11, 2, 3, 5);
        return Stream.of(
                Differentiable.of("sum", t -> t.get(0).sum(), x),
                Differentiable.of("sum of an axis", t -> t.get(0).sum(1), x),
                Differentiable.of("sum of two axes", t -> t.get(0).sum(0, 2), x),
                Differentiable.of("mean", t -> t.get(0).mean(), x),
                Differentiable.of("mean of an axis", t -> t.get(0).mean(-1), x),
                Differentiable.of("softmax", t -> t.get(0).softmax(), x),
                Differentiable.of("softmax of one", t -> t.get(0).softmax(), Sample.normal(12, 3, 1)),
                Differentiable.of("matmul", t -> t.get(0).matmul(t.get(1)), Sample.normal(13, 2, 3, 5), Sample.normal(14, 2, 5, 4)),
                Differentiable.of("matmulTransposed", t -> t.get(0).matmulTransposed(t.get(1)), Sample.normal(15, 2, 3, 5),
                        Sample.normal(16, 2, 4, 5)),
                Differentiable.of("matmul with itself", t -> t.get(0).matmulTransposed(t.get(0)), Sample.normal(17, 3, 5)));
    }

    private static Stream<Differentiable> layers() {
        Sample x = Sample.normal(18, 2, 3, 5);
        Sample weight = Sample.normal(19, 4, 5);
        Sample bias = Sample.normal(20, 4);
        Sample picture = Sample.normal(21, 2, 4, 5, 3);
        Sample kernel = Sample.normal(22, 2, 3, 3, 3);
        Sample biases = Sample.normal(23, 2);
        Sample wide = Sample.normal(24, 2, 3, 6);
        Sample gamma = Sample.normal(25, 6);
        Sample beta = Sample.normal(26, 6);
        Padding one = Padding.all(1);
        Padding below = new Padding(0, 0, 1, 1);
        return Stream.of(
                Differentiable.of("linear", t -> Functional.linear(t.get(0), t.get(1), null, null), x, weight),
                Differentiable.of("linear with bias", t -> Functional.linear(t.get(0), t.get(1), t.get(2), null), x, weight, bias),
                Differentiable.of(
                        "linear with residual", t -> Functional.linear(t.get(0), t.get(1), t.get(2), t.get(3)), x, weight, bias,
                        Sample.normal(27, 2, 3, 4)),
                Differentiable.of("conv2d", t -> Functional.conv2d(t.get(0), t.get(1), null, null, 1, one), picture, kernel),
                Differentiable.of("conv2d of 1x1", t -> Functional.conv2d(t.get(0), t.get(1), null, null, 1, Padding.NONE), picture,
                        Sample.normal(28, 2, 1, 1, 3)),
                Differentiable.of("conv2d of stride 2", t -> Functional.conv2d(t.get(0), t.get(1), t.get(2), null, 2, below), picture, kernel,
                        biases),
                Differentiable.of(
                        "conv2d with residual",
                        t -> Functional.conv2d(t.get(0), t.get(1), t.get(2), t.get(3), 1, one),
                        picture, kernel, biases, Sample.normal(29, 2, 4, 5, 2)),
                Differentiable.of("groupNorm", t -> Functional.groupNorm(t.get(0), t.get(1), t.get(2), 3, EPSILON, false), wide, gamma, beta),
                Differentiable.of("groupNorm with SiLU", t -> Functional.groupNorm(t.get(0), t.get(1), t.get(2), 2, EPSILON, true), wide, gamma,
                        beta),
                Differentiable.of("layerNorm", t -> Functional.layerNorm(t.get(0), t.get(1), t.get(2), EPSILON), wide, gamma, beta),
                Differentiable.of("geglu", t -> Functional.geglu(t.get(0)), wide));
    }

    private static Stream<Differentiable> attention() {
        Sample q = Sample.normal(30, 2, 5, 6);
        Sample k = Sample.normal(31, 2, 4, 6);
        Sample v = Sample.normal(32, 2, 4, 6);
        Sample keys = Sample.normal(33, 2, 5, 6);
        Sample map = Sample.normal(34, 3, 2, 5, 4);
        QueryWindow all = new QueryWindow(0, 5);
        QueryWindow some = new QueryWindow(1, 3);
        int[] rows = {1, 0, 1};
        int[] others = {0, 0, 1};
        return Stream.of(
                Differentiable.of("attention", t -> Functional.attention(t.get(0), t.get(1), t.get(2), Terms.identity(2), 2, false), q, k, v),
                Differentiable.of("causal attention", t -> Functional.attention(t.get(0), t.get(1), t.get(1), Terms.identity(2), 3, true), q, keys),
                Differentiable.of("attention of terms", t -> Functional.attention(t.get(0), t.get(1), t.get(2), TERMS, 2, false), q, k, v),
                Differentiable.of("self-attention", t -> Functional.attention(t.get(0), t.get(0), t.get(0), Terms.identity(2), 2, false), q),
                Differentiable.of("attentionMap", t -> Functional.attentionMap(t.get(0), t.get(1), rows, others, 2, false, all), q, k),
                Differentiable.of("causal attentionMap", t -> Functional.attentionMap(t.get(0), t.get(1), rows, others, 3, true, all), q, keys),
                Differentiable.of("attentionMap of a window", t -> Functional.attentionMap(t.get(0), t.get(1), rows, others, 2, false, some), q, k),
                Differentiable.of("applyMap", t -> Functional.applyMap(t.get(0), t.get(1), rows), map, v));
    }

    private static Tensor twice(Tensor x) {
        return x.times(x.plus(1).tanh());
    }
}
