package io.heddle.vae;

import io.heddle.nn.Conv2d;
import io.heddle.nn.GroupNorm;
import io.heddle.nn.ParameterScope;
import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.tensor.Tensor;
import io.heddle.unet.ResnetBlock;
import java.util.ArrayList;
import java.util.List;

/** Picture to the moments of the latent's distribution: {@code [rows, height, width, 3] → [rows, height/8, width/8, 8]}. */
final class Encoder {
    /** Downsampling pads on the right and below only. */
    private static final Padding RIGHT_AND_BELOW = new Padding(0, 0, 1, 1);

    private final Conv2d convIn;
    private final List<List<ResnetBlock>> blocks = new ArrayList<>();
    private final List<Conv2d> downsamplers = new ArrayList<>();
    private final VaeBlocks.Mid mid;
    private final GroupNorm normOut;
    private final Conv2d convOut;

    Encoder(ParameterScope at, VaeConfig config) {
        List<Integer> channels = config.channels();
        convIn = Conv2d.load3x3(at.at("conv_in"), 3, channels.getFirst());
        for (int i = 0; i < channels.size(); i++) {
            ParameterScope block = at.at("down_blocks").at(i);
            int out = channels.get(i);
            blocks.add(VaeBlocks.resnets(block.at("resnets"), config.layersPerBlock(), channels.get(Math.max(i - 1, 0)), out, config.groups()));
            if (i < channels.size() - 1) {
                downsamplers.add(Conv2d.load(block.at("downsamplers.0.conv"), out, out, 3, 2, RIGHT_AND_BELOW));
            }
        }
        mid = VaeBlocks.Mid.load(at.at("mid_block"), config);
        normOut = GroupNorm.load(at.at("conv_norm_out"), channels.getLast(), config.groups(), VaeBlocks.EPSILON);
        convOut = Conv2d.load3x3(at.at("conv_out"), channels.getLast(), 2 * config.latentChannels());
    }

    Tensor forward(Tensor picture) {
        Tensor h = convIn.forward(picture);
        for (int i = 0; i < blocks.size(); i++) {
            h = VaeBlocks.forward(blocks.get(i), h);
            if (i < downsamplers.size()) {
                h = downsamplers.get(i).forward(h);
            }
        }
        return convOut.forward(normOut.forwardSilu(mid.forward(h)));
    }
}
