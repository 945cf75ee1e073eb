package io.heddle.unet;

import io.heddle.nn.Linear;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import java.util.Map;

/** The embedding of the timestep: sinusoids (Vaswani et al. 2017, section 3.5), then two linear layers with SiLU between. */
final class TimeEmbedding {
    /** Entries of {@code exp} that PyTorch's vectorised kernel rounds up, by half the embedding's width and index; everything else rounds correctly. */
    private static final Map<Integer, Map<Integer, Integer>> ROUNDED_UP =
            Map.of(160, Map.of(2, 0x3f642906, 55, 0x3d2cba16), 128, Map.of(13, 0x3ec8eb24, 44, 0x3d2cba16, 119, 0x394860c0));

    private final UNetConfig config;
    private final Linear linear1;
    private final Linear linear2;

    TimeEmbedding(ParameterScope at, UNetConfig config) {
        this.config = config;
        this.linear1 = Linear.load(at.at("linear_1"), config.baseChannels(), config.timeChannels());
        this.linear2 = Linear.load(at.at("linear_2"), config.timeChannels(), config.timeChannels());
    }

    /** The sinusoids of each timestep, {@code [timesteps, channels]}. */
    Tensor waves(Device device, double... timesteps) {
        return device.tensor(Shape.of(timesteps.length, config.baseChannels()), sinusoids(timesteps));
    }

    /** One embedding for each timestep, {@code [timesteps, 4·channels]}. */
    Tensor forward(Tensor waves) {
        return linear2.forward(linear1.forward(waves).silu());
    }

    private float[] sinusoids(double[] timesteps) {
        int width = config.baseChannels();
        int half = width / 2;
        float[] waves = new float[timesteps.length * width];
        for (int n = 0; n < timesteps.length; n++) {
            for (int i = 0; i < half; i++) {
                float angle = (float) timesteps[n] * frequency(i, half);
                int first = n * width + i;
                waves[first + (config.flipSinToCos() ? 0 : half)] = (float) Math.cos(angle);
                waves[first + (config.flipSinToCos() ? half : 0)] = (float) Math.sin(angle);
            }
        }
        return waves;
    }

    private float frequency(int i, int half) {
        Integer bits = ROUNDED_UP.getOrDefault(half, Map.of()).get(i);
        if (bits != null) {
            return Float.intBitsToFloat(bits);
        }
        float exponent = (float) -Math.log(10000) * i / (float) (half - config.freqShift());
        return (float) Math.exp(exponent);
    }
}
