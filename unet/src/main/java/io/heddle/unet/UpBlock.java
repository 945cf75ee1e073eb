package io.heddle.unet;

import io.heddle.attention.Attention;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.attention.Pass;
import io.heddle.nn.Conv2d;
import io.heddle.nn.ParameterScope;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One level of the decoder: layers, each on what came from below beside what the encoder kept, then upsampling on all levels but the finest. */
final class UpBlock {
    private final List<Layer> layers = new ArrayList<>();
    private final @Nullable Conv2d upsampler;

    /** The block of decoder index {@code index}, 0 for the coarsest. */
    UpBlock(ParameterScope at, UNetConfig config, int index) {
        List<UNetConfig.Level> levels = config.levels();
        int depth = levels.size() - 1 - index;
        UNetConfig.Level level = levels.get(depth);
        int out = level.channels();
        int below = levels.get(Math.min(depth + 1, levels.size() - 1)).channels();
        int kept = levels.get(Math.max(depth - 1, 0)).channels();
        for (int j = 0; j <= config.layersPerBlock(); j++) {
            int skip = j == config.layersPerBlock() ? kept : out;
            ResnetBlock resnet = ResnetBlock.load(
                    at.at("resnets").at(j), (j == 0 ? below : out) + skip, out, config.timeChannels(), config.groups(), config.epsilon());
            layers.add(new Layer(resnet, level.upAttention() ? new Transformer2D(at.at("attentions").at(j), Stage.UP, config, level, depth) : null));
        }
        upsampler = depth == 0 ? null : Conv2d.load3x3(at.at("upsamplers.0.conv"), out, out);
    }

    Tensor forward(Tensor x, Tensor time, Pass pass, Deque<Tensor> skips) {
        Tensor h = x;
        for (Layer layer : layers) {
            h = layer.forward(Tensor.concat(3, pass.spread(h), pass.spread(skips.pop())), time, pass);
        }
        if (upsampler == null) {
            return h;
        }
        // Odd sizes come back to what the encoder had, which twice the size would miss.
        Tensor skip = skips.element();
        return upsampler.forward(h.resizeNearest(new Extent(skip.dim(1), skip.dim(2))));
    }

    Stream<Attention> attentions() {
        return layers.stream().flatMap(Layer::attentions);
    }
}
