package io.heddle.unet;

import com.google.gson.JsonObject;
import io.heddle.attention.Pass;
import io.heddle.nn.Conv2d;
import io.heddle.nn.DefaultInitialisation;
import io.heddle.nn.ParameterScope;
import io.heddle.random.TorchGenerator;
import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.SharedFiles;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import io.heddle.unet.UNetConfig.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Single blocks against the reference library's own tests of them, on the weights that PyTorch initialises. */
class BlocksGoldenTest {
    private static final int CHANNELS = 32;
    private static final int TIME = 4 * CHANNELS;
    private static final float EPSILON = 1e-6f;
    private static final UNetConfig CONFIG = new UNetConfig(
            32, 4, 4, true, 0, List.of(new Level(CHANNELS, 1, false, false, 1), new Level(CHANNELS, 1, false, false, 1)), 1, CHANNELS, EPSILON, 32,
            false);

    private final Device device = Device.cpu();
    private TorchGenerator generator = new TorchGenerator(0);

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void downBlock() {
        Tensor h = randn(4, CHANNELS, 32, 32).permute(0, 2, 3, 1);
        Tensor time = randn(4, TIME).silu();
        DownBlock block = new DownBlock(initialised(), CONFIG, 0);
        assertCorner("DownBlock2D", block.forward(h, time, Pass.ofText(4), new ArrayDeque<>()));
    }

    @Test
    void upBlock() {
        Tensor h = randn(4, CHANNELS, 32, 32).permute(0, 2, 3, 1);
        Tensor time = randn(4, TIME).silu();
        generator = new TorchGenerator(1);
        Tensor skip = randn(4, CHANNELS, 32, 32).permute(0, 2, 3, 1);
        UNetConfig oneLayer = new UNetConfig(32, 4, 4, true, 0, CONFIG.levels(), 0, CHANNELS, EPSILON, 32, false);
        UpBlock block = new UpBlock(initialised(), oneLayer, 0);
        Deque<Tensor> skips = new ArrayDeque<>(List.of(skip, device.zeros(Shape.of(4, 64, 64, CHANNELS))));
        assertCorner("UpBlock2D", block.forward(h, time, Pass.ofText(4), skips));
    }

    @Test
    void resnetBlock() {
        Tensor x = randn(1, CHANNELS, 64, 64).permute(0, 2, 3, 1);
        Tensor time = randn(1, TIME).silu();
        ResnetBlock block = ResnetBlock.load(initialised(), CHANNELS, CHANNELS, TIME, CHANNELS, EPSILON);
        assertCorner("ResnetBlock2D", block.forward(x, time));
    }

    @Test
    void downsampling() {
        Tensor x = randn(1, CHANNELS, 64, 64).permute(0, 2, 3, 1);
        assertCorner("Downsample2D conv pad1", Conv2d.load(initialised(), CHANNELS, CHANNELS, 3, 2, Padding.all(1)).forward(x));
        generator = new TorchGenerator(0);
        randn(1, CHANNELS, 64, 64);
        assertCorner("Downsample2D conv pad0", Conv2d.load(initialised(), CHANNELS, CHANNELS, 3, 2, new Padding(0, 0, 1, 1)).forward(x));
    }

    @Test
    void upsampling() {
        Tensor x = randn(1, CHANNELS, 32, 32).permute(0, 2, 3, 1);
        assertCorner("Upsample2D conv", Conv2d.load3x3(initialised(), CHANNELS, CHANNELS).forward(x.resizeNearest(new Extent(64, 64))));
    }

    private ParameterScope initialised() {
        return ParameterScope.root(device, new DefaultInitialisation(generator));
    }

    private Tensor randn(int... dims) {
        Shape shape = Shape.of(dims);
        return device.tensor(shape, generator.randn(Math.toIntExact(shape.size())));
    }

    /** The last 3×3 cells of the last channel of the first row. */
    private static void assertCorner(String name, Tensor y) {
        JsonObject golden = SharedFiles.json("golden/blocks_default_init.json").getAsJsonObject().getAsJsonObject(name);
        Tensor corner = y.row(0).slice(1, y.dim(1) - 3, 3).slice(2, y.dim(2) - 3, 3).slice(3, y.dim(3) - 1, 1);
        double[] expected = golden.getAsJsonArray("slice").asList().stream().mapToDouble(e -> e.getAsDouble()).toArray();
        TensorAssert.assertClose(name, TensorAssert.doubles(corner.toArray()), expected, Tolerances.GUIDED_PICTURE);
    }
}
