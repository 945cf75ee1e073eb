package io.heddle.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.attention.AttentionSite;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.FormulaWeights;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import io.heddle.weights.ConfigReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shape of the small BK-SDM models, Kim et al. 2023: attention on every level, no middle block. */
class UNetWithoutMidBlockTest {
    private static final UNetConfig CONFIG = UNetConfig.of(ConfigReader.parse("unet/config.json", """
            {"mid_block_type": null, "block_out_channels": [32, 64], "layers_per_block": 1, "cross_attention_dim": 32, "norm_num_groups": 8,
             "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D"], "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D"]}
            """.getBytes(StandardCharsets.UTF_8)));
    /** The reference library's in float64, on the same weights; in float32 it differs by up to 1.44e-6. */
    private static final double[] FIRST = {
        0.194412299, 0.264200922, 0.468525191, 0.690956189, 1.23669049, -0.145118696, -0.0597885965, -0.0709080197};
    private static final double[] LAST = {
        0.0151559913, -0.893803488, -0.543458671, -0.181775403, 0.185003575, -0.240162163, 0.664334322, 0.0936680496};
    private static final double FLOAT32_LOSS = 1.44e-6;
    private static final double MAXIMUM = 2.03;

    private final Device device = Device.cpu();
    private final UNet unet = UNet.load(ParameterScope.root(device, new FormulaWeights()), CONFIG);
    private final Tensor latents = input("in.sample", 2, 4, 8, 8).permute(0, 2, 3, 1);
    private final Pass pass = Pass.of(Step.at(981), TextConditioning.of(TextEmbedding.of(input("in.context", 2, 7, 32))));

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void predictionIsTheReferences() {
        double[] out = TensorAssert.doubles(unet.predict(latents, pass).permute(0, 3, 1, 2).toArray());
        var tolerance = Tolerances.fixture(FLOAT32_LOSS, MAXIMUM);
        TensorAssert.assertClose("first elements", Arrays.copyOf(out, FIRST.length), FIRST, tolerance);
        TensorAssert.assertClose("last elements", Arrays.copyOfRange(out, out.length - LAST.length, out.length), LAST, tolerance);
    }

    @Test
    void noNameIsTheMidBlocks() {
        assertThat(unet.parameters().keySet()).hasSize(240).noneMatch(name -> name.startsWith("mid_block"));
        assertThat(unet.sites()).extracting(AttentionSite::stage).containsOnly(Stage.DOWN, Stage.UP);
        assertThat(unet.features(latents, pass, Set.of("down_blocks.1", "up_blocks.0"))).containsOnlyKeys("down_blocks.1", "up_blocks.0");
        assertThatThrownBy(() -> unet.features(latents, pass, Set.of("mid_block"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[down_blocks.0, down_blocks.1, up_blocks.0, up_blocks.1]");
    }

    private Tensor input(String name, int... dims) {
        Shape shape = Shape.of(dims);
        return device.tensor(shape, FormulaWeights.input(name, Math.toIntExact(shape.size())));
    }
}
