package io.heddle.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.attention.AttentionSite.Kind;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.nn.ParameterScope;
import io.heddle.random.TorchGenerator;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys and values of an encoding are kept as long as what they were made of stays as it is. */
class TextEmbeddingTest {
    private static final Extent GRID = new Extent(2, 3);
    private static final int WIDTH = 8;
    private static final int TOKENS = 5;

    private final Device device = Device.cpu();
    private final TorchGenerator generator = new TorchGenerator(5);
    private final ParameterScope parameters = ParameterScope.root(device, (_, shapes) -> generator.randn(length(shapes[0])));
    private final Attention layer = Attention.loadText(parameters, new AttentionSite("mid.cross", Stage.MID, Kind.CROSS, 2, WIDTH / 2, 0));
    private final Tensor x = random(GRID.cells());
    private final TextEmbedding text = TextEmbedding.of(random(TOKENS));

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void aChangedEncoding_isProjectedAnew() {
        float[] before = forward(text);
        text.tensor().assign(random(TOKENS));
        assertThat(forward(text)).isEqualTo(forward(TextEmbedding.of(text.tensor()))).isNotEqualTo(before);
    }

    @Test
    void aChangedWeightOrBias_projectsAnew() {
        for (String name : new String[] {"k_proj.weight", "v_proj.weight", "v_proj.bias"}) {
            float[] before = forward(text);
            parameters.parameters().get(name).tensor().assign(parameters.parameters().get(name).tensor().times(2));
            assertThat(forward(text)).as(name).isEqualTo(forward(TextEmbedding.of(text.tensor()))).isNotEqualTo(before);
        }
    }

    @Test
    void aWatchedBias_getsItsGradient() {
        forward(text);
        try (Recording tape = Recording.open()) {
            Tensor bias = parameters.parameters().get("v_proj.bias").watch(tape);
            Tensor y = layer.forward(x, x, GRID, pass(text));
            assertThat(tape.gradients(y.square().sum()).contains(bias)).isTrue();
        }
    }

    private float[] forward(TextEmbedding embedding) {
        return layer.forward(x, x, GRID, pass(embedding)).toArray();
    }

    private static Pass pass(TextEmbedding embedding) {
        return Pass.of(Step.at(500), TextConditioning.of(embedding));
    }

    private Tensor random(int tokens) {
        return device.tensor(Shape.of(1, tokens, WIDTH), generator.randn(tokens * WIDTH));
    }

    private static int length(int[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
}
