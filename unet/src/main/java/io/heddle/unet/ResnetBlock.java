package io.heddle.unet;

import io.heddle.nn.Conv2d;
import io.heddle.nn.GroupNorm;
import io.heddle.nn.Linear;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A residual block: {@code y = shortcut(x) + conv2(SiLU(norm2(conv1(SiLU(norm1 x)) + time)))}. He et al. 2016, with group normalisation and the time
 * embedding of Ho et al. 2020, appendix B. The autoencoder's blocks have no time.
 */
public final class ResnetBlock {
    private final GroupNorm norm1;
    private final Conv2d conv1;
    private final @Nullable Linear time;
    private final GroupNorm norm2;
    private final Conv2d conv2;
    private final @Nullable Linear shortcut;

    private ResnetBlock(ParameterScope at, int in, int out, int timeChannels, int groups, float epsilon) {
        norm1 = GroupNorm.load(at.at("norm1"), in, groups, epsilon);
        conv1 = Conv2d.load3x3(at.at("conv1"), in, out);
        time = timeChannels == 0 ? null : Linear.load(at.at("time_emb_proj"), timeChannels, out);
        norm2 = GroupNorm.load(at.at("norm2"), out, groups, epsilon);
        conv2 = Conv2d.load3x3(at.at("conv2"), out, out);
        shortcut = in == out ? null : Linear.loadPointwise(at.at("conv_shortcut"), in, out, true);
    }

    /** The UNet's block, with a time embedding of the given width. */
    public static ResnetBlock load(ParameterScope at, int in, int out, int timeChannels, int groups, float epsilon) {
        return new ResnetBlock(at, in, out, timeChannels, groups, epsilon);
    }

    /** The autoencoder's block. */
    public static ResnetBlock loadWithoutTime(ParameterScope at, int in, int out, int groups, float epsilon) {
        return new ResnetBlock(at, in, out, 0, groups, epsilon);
    }

    /** Applies a block without time: {@code [rows, height, width, in] → [rows, height, width, out]}. */
    public Tensor forward(Tensor x) {
        return finish(x, conv1.forward(norm1.forwardSilu(x)));
    }

    /**
     * Applies a block with time.
     *
     * @param x {@code [rows, height, width, in]}
     * @param activatedTime SiLU of the time embedding, {@code [1 or rows, timeChannels]}
     * @return {@code [rows, height, width, out]}
     */
    public Tensor forward(Tensor x, Tensor activatedTime) {
        Tensor shift = time.forward(activatedTime);
        Tensor normed = norm1.forwardSilu(x);
        // A shift common to all rows costs nothing as part of the bias.
        Tensor h = shift.dim(0) == 1
                ? conv1.forwardShifted(normed, shift.reshape(-1))
                : conv1.forward(normed).plus(shift.reshape(shift.dim(0), 1, 1, shift.dim(1)));
        return finish(x, h);
    }

    private Tensor finish(Tensor x, Tensor h) {
        return conv2.forward(norm2.forwardSilu(h), shortcut == null ? x : shortcut.forward(x));
    }
}
