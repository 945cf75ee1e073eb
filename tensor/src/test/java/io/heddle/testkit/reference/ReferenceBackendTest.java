package io.heddle.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.spi.Buffer;
import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.spi.Extent;
import io.heddle.spi.LinearKernels.LinearShape;
import io.heddle.spi.UnaryOp;
import io.heddle.testkit.Buffers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceBackendTest {
    private final ReferenceBackend backend = new ReferenceBackend();

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void newMemory_isNaN() {
        assertThat(backend.read(backend.memory().allocate(3))).containsOnly(Double.NaN);
    }

    @Test
    void releasedMemory_cannotBeUsed() {
        Buffer buffer = backend.memory().allocate(3);
        Buffer slice = buffer.slice(1, 2);
        backend.memory().release(buffer);

        assertThatThrownBy(() -> backend.read(buffer)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> backend.read(slice)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> backend.memory().release(buffer)).hasMessageContaining("released before");
    }

    @Test
    void unreleasedMemory_isListedWithItsOrigin() {
        Buffer kept = backend.memory().allocate(12);
        backend.memory().release(backend.memory().allocate(5));

        assertThat(backend.unreleased()).singleElement().satisfies(origin -> {
            assertThat(origin).hasMessageContaining("12 elements");
            assertThat(origin.getStackTrace()[1].getMethodName()).isEqualTo("unreleasedMemory_isListedWithItsOrigin");
        });
        backend.memory().release(kept);
        assertThat(backend.unreleased()).isEmpty();
    }

    @Test
    void wrongLengths_andSharedMemory_areRefused() {
        try (Buffers buffers = new Buffers(backend)) {
            Buffer x = buffers.of(1, 2, 3, 4);
            LinearShape shape = new LinearShape(1, 1, 2, 2);

            assertThatThrownBy(() -> backend.linear().linear(x, x, null, null, shape, buffers.allocate(2)))
                    .hasMessage("a buffer has 4 elements where the shape says 2");
            assertThatThrownBy(() -> backend.pointwise().unary(UnaryOp.EXP, x.slice(0, 3), x.slice(1, 3)))
                    .hasMessage("an output shares memory with an input");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5", "1, 0.8413447460685429", "-1, 0.15865525393145705", "-3.9, 4.8096344017602614e-5", "-4.1, 2.0657506912546714e-5",
        "-10, 7.619853024160527e-24"})
    void normalDistribution_isThatOfTheTables(double x, double expected) {
        assertThat(Functions.normal(x)).isCloseTo(expected, within(1e-15 + 1e-12 * expected));
    }

    @Test
    void convolution_isACrossCorrelation() {
        ConvolutionShape shape = new ConvolutionShape(1, new Extent(2, 3), 1, 1, new Extent(2, 2), 1, new Padding(0, 0, 1, 0));
        try (Buffers buffers = new Buffers(backend)) {
            Buffer y = buffers.allocate(4);
            backend.convolution().forward(buffers.of(1, 2, 3, 4, 5, 6), buffers.of(1, 10, 100, 1000), 1, buffers.of(0.5f), null, shape, y);

            assertThat(backend.read(y)).containsExactly(5421.5, 6532.5, 54.5, 65.5);
        }
    }
}
