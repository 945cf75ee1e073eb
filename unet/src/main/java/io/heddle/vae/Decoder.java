package io.heddle.vae;

import io.heddle.nn.Conv2d;
import io.heddle.nn.GroupNorm;
import io.heddle.nn.ParameterScope;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import io.heddle.unet.ResnetBlock;
import java.util.ArrayList;
import java.util.List;

/** Latent to picture: {@code [rows, height, width, 4] → [rows, 8·height, 8·width, 3]}. */
final class Decoder {
    private final Conv2d convIn;
    private final VaeBlocks.Mid mid;
    private final List<List<ResnetBlock>> blocks = new ArrayList<>();
    private final List<Conv2d> upsamplers = new ArrayList<>();
    private final GroupNorm normOut;
    private final Conv2d convOut;

    Decoder(ParameterScope at, VaeConfig config) {
        List<Integer> channels = config.channels().reversed();
        convIn = Conv2d.load3x3(at.at("conv_in"), config.latentChannels(), channels.getFirst());
        mid = VaeBlocks.Mid.load(at.at("mid_block"), config);
        for (int i = 0; i < channels.size(); i++) {
            ParameterScope block = at.at("up_blocks").at(i);
            int out = channels.get(i);
            blocks.add(VaeBlocks.resnets(block.at("resnets"), config.layersPerBlock() + 1, channels.get(Math.max(i - 1, 0)), out, config.groups()));
            if (i < channels.size() - 1) {
                upsamplers.add(Conv2d.load3x3(block.at("upsamplers.0.conv"), out, out));
            }
        }
        normOut = GroupNorm.load(at.at("conv_norm_out"), channels.getLast(), config.groups(), VaeBlocks.EPSILON);
        convOut = Conv2d.load3x3(at.at("conv_out"), channels.getLast(), 3);
    }

    Tensor forward(Tensor latent) {
        Tensor h = mid.forward(convIn.forward(latent));
        for (int i = 0; i < blocks.size(); i++) {
            List<ResnetBlock> resnets = blocks.get(i);
            Conv2d upsampler = i < upsamplers.size() ? upsamplers.get(i) : null;
            Tensor in = h;
            h = latent.device().tidy(() -> {
                Tensor out = VaeBlocks.forward(resnets, in);
                return upsampler == null ? out : upsampler.forward(out.resizeNearest(new Extent(2 * out.dim(1), 2 * out.dim(2))));
            });
            in.close();
        }
        return convOut.forward(normOut.forwardSilu(h));
    }
}
