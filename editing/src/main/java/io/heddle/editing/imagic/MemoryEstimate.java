package io.heddle.editing.imagic;

import io.heddle.nn.Parameter;
import io.heddle.spi.Extent;
import io.heddle.unet.UNet;
import io.heddle.unet.UNetConfig;
import io.heddle.unet.UNetConfig.Level;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What tuning a network takes at its peak, in bytes of float32. Layouts that a backend derives from weights come on top where there is room; they are
 * given up where there is none.
 *
 * @param weights of the network
 * @param moments two for each weight that is tuned
 * @param gradients those that are held at a time: each is used up as soon as it is final
 * @param activations what the gradients need of the evaluation
 */
public record MemoryEstimate(long weights, long moments, long gradients, long activations) {
    /** Tensors of a residual block as large as its input, and as its output. */
    private static final int RESIDUAL_INPUTS = 2;
    private static final int RESIDUAL_OUTPUTS = 3;

    /** Tensors of a transformer block as large as its input: of both attentions 12, of the feed-forward layer 14. */
    private static final int TRANSFORMER = 26;

    /** Gradients of a checkpointed block in sizes of the largest: a residual block has two of them and smaller ones, and their sums are made beside. */
    private static final int GRADIENTS_OF_A_BLOCK = 4;

    static MemoryEstimate of(UNet unet, Extent latent, ImagicSettings settings, boolean checkpointed) {
        List<Parameter> trained = settings.trained(unet);
        int rows = Math.max(settings.network().steps() == 0 ? 0 : settings.network().batch(), settings.embedding().batch());
        Activations activations = Activations.of(unet.config(), latent);
        return new MemoryEstimate(
                bytes(unet.parameters().values()),
                2 * bytes(trained),
                trained.stream().mapToLong(MemoryEstimate::bytes).max().orElse(0) * (checkpointed ? GRADIENTS_OF_A_BLOCK : 1),
                Float.BYTES * rows * (checkpointed ? activations.boundaries + activations.largest : activations.boundaries + activations.all));
    }

    /** All of it. */
    public long total() {
        return weights + moments + gradients + activations;
    }

    private static long bytes(Collection<Parameter> parameters) {
        return parameters.stream().mapToLong(MemoryEstimate::bytes).sum();
    }

    private static long bytes(Parameter parameter) {
        return parameter.checkpointShape().size() * Float.BYTES;
    }

    /**
     * Elements that one row's evaluation leaves.
     *
     * @param boundaries inputs of blocks
     * @param all insides of all blocks
     * @param largest inside of the largest block
     */
    private record Activations(long boundaries, long all, long largest) {
        static Activations of(UNetConfig config, Extent latent) {
            Activations sum = new Activations(0, 0, 0);
            List<Level> levels = config.levels();
            for (int i = 0; i < levels.size(); i++) {
                Level level = levels.get(i);
                long cells = (long) Math.ceilDiv(latent.height(), 1 << i) * Math.ceilDiv(latent.width(), 1 << i);
                int finer = levels.get(Math.max(i - 1, 0)).channels();
                int coarser = levels.get(Math.min(i + 1, levels.size() - 1)).channels();
                for (int layer = 0; layer < config.layersPerBlock(); layer++) {
                    sum = sum.layer(cells, layer == 0 ? finer : level.channels(), level, level.downAttention());
                }
                for (int layer = 0; layer <= config.layersPerBlock(); layer++) {
                    int skip = layer == config.layersPerBlock() ? finer : level.channels();
                    sum = sum.layer(cells, (layer == 0 ? coarser : level.channels()) + skip, level, level.upAttention());
                }
                if (i == levels.size() - 1) {
                    sum = sum.layer(cells, level.channels(), level, true).layer(cells, level.channels(), level, false);
                }
            }
            return sum;
        }

        private Activations layer(long cells, int in, Level level, boolean attends) {
            int out = level.channels();
            Activations residual = with(cells * in, cells * ((long) RESIDUAL_INPUTS * in + (long) RESIDUAL_OUTPUTS * out));
            return attends ? residual.with(cells * out, cells * out * (2L + (long) TRANSFORMER * level.depth())) : residual;
        }

        private Activations with(long boundary, long inside) {
            return new Activations(boundaries + boundary, all + inside, Math.max(largest, inside));
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f GB (weights %.2f, Adam's moments %.2f, gradients at a time %.2f, activations %.2f)", total() / 1e9,
                weights / 1e9, moments / 1e9, gradients / 1e9, activations / 1e9);
    }
}
