package io.heddle.testkit.contract;

import io.heddle.spi.LinearKernels.LinearShape;
import io.heddle.spi.LinearKernels.MatmulShape;
import io.heddle.testkit.Tolerances;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

interface LinearContract extends Contract {
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "7, 5, 3", "33, 31, 65", "77, 64, 33", "64, 40, 130", "1, 320, 129", "1, 3, 64", "130, 67, 70", "600, 16, 8", "5, 700, 17",
        "3, 9, 700"})
    default void linear_multipliesAndAdds(int tokens, int in, int out) {
        trial("linear", tokens, in, out)
                .rowInput(tokens * in)
                .input(out * in)
                .rowOutput(tokens * out, Tolerances.sum(in))
                .sumsProducts()
                .check((backend, rows, t) -> backend.linear().linear(t[0], t[1], null, null, new LinearShape(rows, tokens, in, out), t[2]));
        trial("linear with bias", tokens, in, out)
                .rowInput(tokens * in)
                .input(out * in)
                .input(out)
                .rowOutput(tokens * out, Tolerances.sum(in + 1))
                .sumsProducts()
                .check((backend, rows, t) -> backend.linear().linear(t[0], t[1], t[2], null, new LinearShape(rows, tokens, in, out), t[3]));
        trial("linear with residual", tokens, in, out)
                .rowInput(tokens * in)
                .input(out * in)
                .rowInput(tokens * out)
                .rowOutput(tokens * out, Tolerances.sum(in + 1))
                .sumsProducts()
                .check((backend, rows, t) -> backend.linear().linear(t[0], t[1], null, t[2], new LinearShape(rows, tokens, in, out), t[3]));
        trial("linear with bias and residual", tokens, in, out)
                .rowInput(tokens * in)
                .input(out * in)
                .input(out)
                .rowInput(tokens * out)
                .rowOutput(tokens * out, Tolerances.sum(in + 2))
                .sumsProducts()
                .check((backend, rows, t) -> backend.linear().linear(t[0], t[1], t[2], t[3], new LinearShape(rows, tokens, in, out), t[4]));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "7, 5, 3", "33, 31, 65", "77, 64, 33", "64, 40, 130", "1, 320, 129", "130, 67, 70"})
    default void linearInputGradient_isTheDerivative(int tokens, int in, int out) {
        trial("linearInputGradient", tokens, in, out)
                .rowInput(tokens * out)
                .input(out * in)
                .rowOutput(tokens * in, Tolerances.sum(out))
                .sumsProducts()
                .check((backend, rows, t) -> backend.linear().linearInputGradient(t[0], t[1], new LinearShape(rows, tokens, in, out), t[2]));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "7, 5, 3", "33, 31, 65", "77, 64, 33", "64, 40, 130", "1, 320, 129", "130, 67, 70"})
    default void linearWeightGradient_sumsOverRowsAndTokens(int tokens, int in, int out) {
        LinearShape shape = new LinearShape(ROWS, tokens, in, out);
        trial("linearWeightGradient", tokens, in, out)
                .input(ROWS * tokens * in)
                .input(ROWS * tokens * out)
                .output(out * in, Tolerances.sum((long) ROWS * tokens))
                .output(out, Tolerances.sum((long) ROWS * tokens))
                .sumsProducts()
                .check((backend, rows, t) -> backend.linear().linearWeightGradient(t[0], t[1], shape, t[2], t[3]));
        trial("linearWeightGradient without bias", tokens, in, out)
                .input(ROWS * tokens * in)
                .input(ROWS * tokens * out)
                .output(out * in, Tolerances.sum((long) ROWS * tokens))
                .sumsProducts()
                .check((backend, rows, t) -> backend.linear().linearWeightGradient(t[0], t[1], shape, t[2], null));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, false, false", "5, 3, 7, false, false", "5, 3, 7, true, false", "5, 3, 7, false, true", "5, 3, 7, true, true",
        "33, 65, 31, false, false", "33, 65, 31, true, false", "33, 65, 31, false, true", "33, 65, 31, true, true",
        "130, 7, 300, false, false", "7, 130, 129, true, false", "64, 77, 40, false, true", "1, 64, 5, true, true", "20, 300, 700, false, false",
        "300, 20, 700, true, true"
    })
    default void matmul_multipliesEachPair(int m, int n, int k, boolean transposeA, boolean transposeB) {
        trial("matmul", m, n, k, transposeA, transposeB)
                .rowInput(m * k)
                .rowInput(k * n)
                .rowOutput(m * n, Tolerances.sum(k))
                .sumsProducts()
                .check((backend, rows, t) -> backend.linear().matmul(t[0], t[1], new MatmulShape(rows, m, n, k, transposeA, transposeB), t[2]));
    }
}
