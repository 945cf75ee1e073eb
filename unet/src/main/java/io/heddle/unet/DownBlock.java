package io.heddle.unet;

import io.heddle.attention.Attention;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.attention.Pass;
import io.heddle.nn.Conv2d;
import io.heddle.nn.ParameterScope;
import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One level of the encoder: layers, then a convolution of stride 2 on all levels but the coarsest. What it makes is kept for the decoder. */
final class DownBlock {
    private final List<Layer> layers = new ArrayList<>();
    private final @Nullable Conv2d downsampler;

    DownBlock(ParameterScope at, UNetConfig config, int index) {
        UNetConfig.Level level = config.levels().get(index);
        int in = config.levels().get(Math.max(index - 1, 0)).channels();
        int out = level.channels();
        for (int j = 0; j < config.layersPerBlock(); j++) {
            ResnetBlock resnet = ResnetBlock.load(
                    at.at("resnets").at(j), j == 0 ? in : out, out, config.timeChannels(), config.groups(), config.epsilon());
            layers.add(new Layer(
                    resnet, level.downAttention() ? new Transformer2D(at.at("attentions").at(j), Stage.DOWN, config, level, index) : null));
        }
        boolean coarsest = index == config.levels().size() - 1;
        downsampler = coarsest ? null : Conv2d.load(at.at("downsamplers.0.conv"), out, out, 3, 2, Padding.all(1));
    }

    Tensor forward(Tensor x, Tensor time, Pass pass, Deque<Tensor> skips) {
        Tensor h = x;
        for (Layer layer : layers) {
            h = layer.forward(h, time, pass);
            skips.push(h);
        }
        if (downsampler != null) {
            h = downsampler.forward(h);
            skips.push(h);
        }
        return h;
    }

    Stream<Attention> attentions() {
        return layers.stream().flatMap(Layer::attentions);
    }
}
