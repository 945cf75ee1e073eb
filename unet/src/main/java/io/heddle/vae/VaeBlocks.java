package io.heddle.vae;

import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Tensor;
import io.heddle.unet.ResnetBlock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What encoder and decoder share: runs of residual blocks, and the bottleneck. */
final class VaeBlocks {
    static final float EPSILON = 1e-6f;

    private VaeBlocks() {}

    static List<ResnetBlock> resnets(ParameterScope at, int count, int in, int out, int groups) {
        List<ResnetBlock> resnets = new ArrayList<>();
        for (int j = 0; j < count; j++) {
            resnets.add(ResnetBlock.loadWithoutTime(at.at(j), j == 0 ? in : out, out, groups, EPSILON));
        }
        return resnets;
    }

    static Tensor forward(List<ResnetBlock> resnets, Tensor x) {
        Tensor h = x;
        for (ResnetBlock resnet : resnets) {
            Tensor in = h;
            h = x.device().tidy(() -> resnet.forward(in));
            if (in != x) {
                in.close();
            }
        }
        return h;
    }

    /** A residual block, attention, a residual block. */
    record Mid(ResnetBlock first, @Nullable VaeAttention attention, ResnetBlock second) {
        static Mid load(ParameterScope at, VaeConfig config) {
            int width = config.channels().getLast();
            ResnetBlock first = resnet(at.at("resnets.0"), width, config);
            VaeAttention attention = config.midAttention() ? new VaeAttention(at.at("attentions.0"), width, config.groups(), EPSILON) : null;
            return new Mid(first, attention, resnet(at.at("resnets.1"), width, config));
        }

        private static ResnetBlock resnet(ParameterScope at, int width, VaeConfig config) {
            return ResnetBlock.loadWithoutTime(at, width, width, config.groups(), EPSILON);
        }

        Tensor forward(Tensor x) {
            return x.device().tidy(() -> {
                Tensor h = first.forward(x);
                return second.forward(attention == null ? h : attention.forward(h));
            });
        }
    }
}
