package io.heddle.unet;

import io.heddle.attention.Attention;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.attention.Pass;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/** The bottleneck: a residual block, a transformer, a residual block, on the coarsest level. */
final class MidBlock {
    private final Layer first;
    private final ResnetBlock second;

    MidBlock(ParameterScope at, UNetConfig config) {
        UNetConfig.Level level = config.levels().getLast();
        ResnetBlock resnet = resnet(at.at("resnets.0"), config);
        first = new Layer(resnet, new Transformer2D(at.at("attentions.0"), Stage.MID, config, level, config.levels().size() - 1));
        second = resnet(at.at("resnets.1"), config);
    }

    private static ResnetBlock resnet(ParameterScope at, UNetConfig config) {
        int channels = config.levels().getLast().channels();
        return ResnetBlock.load(at, channels, channels, config.timeChannels(), config.groups(), config.epsilon());
    }

    Tensor forward(Tensor x, Tensor time, Pass pass) {
        Tensor h = first.forward(x, time, pass);
        return pass.block(List.of(h, time), in -> second.forward(in.get(0), in.get(1)));
    }

    Stream<Attention> attentions() {
        return first.attentions();
    }
}
