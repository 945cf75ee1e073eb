package io.heddle.toyworld.training;

import io.heddle.nn.DefaultInitialisation;
import io.heddle.nn.Parameter;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import io.heddle.vae.AutoencoderKl;
import io.heddle.vae.LatentDistribution;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Pictures through the autoencoder: errors of pixels and of their differences, those of things counting more, and a weak pull of the latent to N(0, 1). */
final class AutoencoderObjective implements Objective {
    private static final float SQUARED_WEIGHT = 2;
    private static final float DIFFERENCE_WEIGHT = 0.5f;
    private static final float DIVERGENCE_WEIGHT = 3e-4f;

    private final Crew crew;
    private final Draws draws;
    private final int batch;
    private final int crop;
    private final int validationPictures;
    private final long work;
    private final List<AutoencoderKl> networks;

    /**
     * Networks with first weights.
     *
     * @param batch crops of a step
     * @param crop height and width of a crop in pixels
     * @param validationPictures whole pictures that validation measures on
     */
    AutoencoderObjective(Crew crew, Draws draws, Architecture architecture, int batch, int crop, int validationPictures) {
        this.crew = crew;
        this.draws = draws;
        this.batch = batch;
        this.crop = crop;
        this.validationPictures = validationPictures;
        this.work = architecture.autoencoderWork();
        long seed = draws.seedOf(Draws.Use.AUTOENCODER_WEIGHTS);
        this.networks = crew.each(shard -> AutoencoderKl
                .load(ParameterScope.root(crew.device(shard), new DefaultInitialisation(seed)), architecture.vae()));
    }

    List<AutoencoderKl> networks() {
        return networks;
    }

    @Override
    public List<Map<String, Parameter>> copies() {
        return networks.stream().map(AutoencoderKl::parameters).toList();
    }

    @Override
    public Tensor loss(int step, int shard) {
        Device device = crew.device(shard);
        AutoencoderKl network = networks.get(shard);
        int crops = batch / crew.size();
        AutoencoderBatch part = AutoencoderBatch.draw(draws, step, shard * crops, crops, crop);
        Tensor pictures = device.tensor(Shape.of(crops, crop, crop, 3), part.pictures());
        Tensor weights = device.tensor(Shape.of(crops, crop, crop, 1), part.weights());
        LatentDistribution latent = network.encode(pictures);
        Random random = draws.at(Draws.Use.AUTOENCODER_BATCH, step, batch + shard);
        Tensor noise = device.tensor(latent.mean().shape(), Draws.normals(random, Math.toIntExact(latent.mean().size())));
        Tensor error = network.decode(latent.sample(noise)).minus(pictures);
        Tensor pixels = error.abs().plus(error.square().times(SQUARED_WEIGHT)).times(weights).mean();
        Tensor differences = difference(error, weights, 1).plus(difference(error, weights, 2)).times(DIFFERENCE_WEIGHT);
        return pixels.plus(differences).plus(divergence(latent).times(DIVERGENCE_WEIGHT));
    }

    private static Tensor difference(Tensor error, Tensor weights, int axis) {
        int pairs = error.dim(axis) - 1;
        return error.slice(axis, 1, pairs).minus(error.slice(axis, 0, pairs)).abs().times(weights.slice(axis, 1, pairs)).mean();
    }

    /** The Kullback-Leibler divergence from N(0, 1), a mean over elements. Kingma and Welling 2014, appendix B. */
    private static Tensor divergence(LatentDistribution latent) {
        return latent.mean().square().plus(latent.logVariance().exp()).minus(latent.logVariance()).minus(1).mean().times(0.5f);
    }

    @Override
    public List<String> measures() {
        return List.of("psnr", "psnr_things");
    }

    @Override
    public Map<String, Double> validate() {
        SquaredError error = crew.each(validationPictures, this::reconstructionError).stream().reduce(SquaredError.NONE, SquaredError::plus);
        return Map.of("psnr", decibels(error.all / error.count), "psnr_things", decibels(error.things / error.thingCount));
    }

    private static double decibels(double meanSquare) {
        return -10 * Math.log10(meanSquare);
    }

    private SquaredError reconstructionError(int index) {
        int shard = index % crew.size();
        Random random = draws.at(Draws.Use.VALIDATION, 0, index);
        Rendering rendering = Rendering.of(Scene.draw(random, SceneMix.CAPTIONED));
        float[] picture = rendering.pixels();
        Device device = crew.device(shard);
        try (Tensor x = device.tensor(Shape.of(1, Rendering.SIDE, Rendering.SIDE, 3), picture);
                Tensor y = device
                        .tidy(() -> networks.get(shard).decode(networks.get(shard).encode(x.times(2).minus(1)).mode()).times(0.5f).plus(0.5f))) {
            return SquaredError.of(picture, y.toArray(), AutoencoderBatch.things(rendering));
        }
    }

    /** Sums of squared errors of pixels in 0..1, clamped, and of those that belong to things. */
    private record SquaredError(double all, long count, double things, long thingCount) {
        static final SquaredError NONE = new SquaredError(0, 0, 0, 0);

        static SquaredError of(float[] expected, float[] found, boolean[] mask) {
            double all = 0;
            double things = 0;
            long thingCount = 0;
            for (int i = 0; i < expected.length; i++) {
                double error = Math.clamp(found[i], 0f, 1f) - expected[i];
                all += error * error;
                if (mask[i / 3]) {
                    things += error * error;
                    thingCount++;
                }
            }
            return new SquaredError(all, expected.length, things, thingCount);
        }

        SquaredError plus(SquaredError other) {
            return new SquaredError(all + other.all, count + other.count, things + other.things, thingCount + other.thingCount);
        }
    }

    @Override
    public long work() {
        return work;
    }

    @Override
    public void close() {
        networks.forEach(AutoencoderKl::close);
    }
}
