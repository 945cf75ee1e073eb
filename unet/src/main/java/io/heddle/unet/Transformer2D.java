package io.heddle.unet;

import io.heddle.attention.Attention;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.attention.Pass;
import io.heddle.nn.GroupNorm;
import io.heddle.nn.Linear;
import io.heddle.nn.ParameterScope;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Transformer blocks on the cells of a feature map: {@code [rows, height, width, channels]} to the same. Rombach et al. 2022, section 3.3. */
final class Transformer2D {
    private static final float EPSILON = 1e-6f;

    private final GroupNorm norm;
    private final Linear projIn;
    private final List<TransformerBlock> blocks;
    private final Linear projOut;

    Transformer2D(ParameterScope at, Stage stage, UNetConfig config, UNetConfig.Level level, int depthOfLevel) {
        int width = level.channels();
        boolean convolution = !config.linearProjection();
        norm = GroupNorm.load(at.at("norm"), width, config.groups(), EPSILON);
        projIn = Linear.loadPointwise(at.at("proj_in"), width, width, convolution);
        blocks = IntStream.range(0, level.depth())
                .mapToObj(k -> new TransformerBlock(
                        at.at("transformer_blocks").at(k), stage, width, level.heads(), depthOfLevel, config.crossAttentionDim()))
                .toList();
        projOut = Linear.loadPointwise(at.at("proj_out"), width, width, convolution);
    }

    Tensor forward(Tensor x, Pass pass) {
        Extent grid = new Extent(x.dim(1), x.dim(2));
        Tensor tokens = pass.beforeText(projIn, () -> projIn.forward(norm.forward(x)).reshape(x.dim(0), grid.cells(), x.dim(3)));
        for (TransformerBlock block : blocks) {
            tokens = block.forward(tokens, grid, pass);
        }
        Tensor residual = pass.spread(x);
        return projOut.forward(tokens.reshape(residual.shape().dims()), residual);
    }

    Stream<Attention> attentions() {
        return blocks.stream().flatMap(b -> Stream.of(b.selfAttention(), b.crossAttention()));
    }
}
