package io.heddle.toyworld.training;

import io.heddle.files.AtomicFile.Existing;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Shape;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scene;
import io.heddle.vae.AutoencoderKl;
import io.heddle.vae.LatentDistribution;
import io.heddle.weights.SafetensorsFile;
import io.heddle.weights.SafetensorsWriter;
import io.heddle.weights.StoredType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Pictures encoded once: the latents' means and deviations in half precision, in a mapped file. Their scenes follow from their numbers. */
final class LatentPool implements AutoCloseable {
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final String MEAN = "mean";
    private static final String DEVIATION = "deviation";

    private final Draws draws;
    private final PictureSet pictures;
    private final SafetensorsFile file;
    private final MemorySegment means;
    private final MemorySegment deviations;
    private final List<Long> shape;

    private LatentPool(Draws draws, PictureSet pictures, SafetensorsFile file) {
        this.draws = draws;
        this.pictures = pictures;
        this.file = file;
        this.means = file.tensor(MEAN).bytes();
        this.deviations = file.tensor(DEVIATION).bytes();
        this.shape = file.tensor(MEAN).shape();
    }

    /** Opens a pool that was written with the same draws. */
    static LatentPool open(Path path, Draws draws, PictureSet pictures) {
        return new LatentPool(draws, pictures, SafetensorsFile.open(path));
    }

    /** Renders and encodes the first {@code count} pictures. */
    static void write(Path path, Draws draws, PictureSet pictures, int count, Crew crew, List<AutoencoderKl> networks) {
        int side = Rendering.SIDE / networks.getFirst().config().downsampling();
        int channels = networks.getFirst().config().latentChannels();
        long length = (long) side * side * channels;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment means = arena.allocate(count * length * Short.BYTES, Short.BYTES);
            MemorySegment deviations = arena.allocate(count * length * Short.BYTES, Short.BYTES);
            crew.each(count, index -> {
                int shard = index % crew.size();
                Device device = crew.device(shard);
                try (Scope _ = device.scope()) {
                    float[] pixels = Rendering.of(pictures.scene(draws, index)).pixels();
                    LatentDistribution latent = networks.get(shard)
                            .encode(device.tensor(Shape.of(1, Rendering.SIDE, Rendering.SIDE, 3), pixels).times(2).minus(1));
                    store(latent.mean().toArray(), means, index * length);
                    store(latent.logVariance().times(0.5f).exp().toArray(), deviations, index * length);
                }
                return index;
            });
            List<Long> shape = List.of((long) count, (long) side, (long) side, (long) channels);
            new SafetensorsWriter().addStored(MEAN, StoredType.F16, shape, () -> means)
                    .addStored(DEVIATION, StoredType.F16, shape, () -> deviations)
                    .write(path, Existing.REPLACE);
        }
    }

    private static void store(float[] values, MemorySegment target, long start) {
        for (int i = 0; i < values.length; i++) {
            target.setAtIndex(HALF, start + i, Float.floatToFloat16(values[i]));
        }
    }

    /** The number of pictures. */
    int size() {
        return Math.toIntExact(shape.getFirst());
    }

    /** The number of elements of a latent. */
    int length() {
        return Math.toIntExact(means.byteSize() / Short.BYTES / size());
    }

    /** The shape of a batch of latents, {@code [rows, height, width, channels]}. */
    Shape shape(int rows) {
        return Shape.of(rows, shape.get(1).intValue(), shape.get(2).intValue(), shape.get(3).intValue());
    }

    /** What a latent's picture shows. */
    Scene scene(int index) {
        return pictures.scene(draws, index);
    }

    /** A latent as the encoder might have drawn it, channels last. */
    float[] sample(int index, Random random) {
        int length = length();
        float[] sample = Draws.normals(random, length);
        long start = (long) index * length;
        for (int i = 0; i < length; i++) {
            sample[i] = Float.float16ToFloat(means.getAtIndex(HALF, start + i))
                    + Float.float16ToFloat(deviations.getAtIndex(HALF, start + i)) * sample[i];
        }
        return sample;
    }

    @Override
    public void close() {
        file.close();
    }
}
