package io.heddle.toyworld.training;

import io.heddle.nn.Parameter;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.vae.AutoencoderKl;
import io.heddle.vae.LatentDistribution;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Pictures through the autoencoder: the reconstruction's error, and a weak pull of the latent to N(0, 1). */
final class AutoencoderObjective implements Objective {
    private static final float DIVERGENCE_WEIGHT = 3e-4f;

    private final Crew crew;
    private final Draws draws;
    private final int batch;
    private final int crop;
    private final long work;
    private final int validationPictures;
    private final List<AutoencoderKl> networks;

    /**
     * The first course of autoencoders.
     *
     * @param batch crops of a step
     * @param crop height and width of a crop in pixels
     * @param validationPictures whole pictures that validation measures on
     * @param networks of each shard
     */
    AutoencoderObjective(Crew crew, Draws draws, int batch, int crop, long work, int validationPictures, List<AutoencoderKl> networks) {
        this.crew = crew;
        this.draws = draws;
        this.batch = batch;
        this.crop = crop;
        this.work = work;
        this.validationPictures = validationPictures;
        this.networks = networks;
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
        return Reconstruction.loss(error, weights).plus(divergence(latent).times(DIVERGENCE_WEIGHT));
    }

    /** The Kullback-Leibler divergence from N(0, 1), a mean over elements. Kingma and Welling 2014, appendix B. */
    private static Tensor divergence(LatentDistribution latent) {
        return latent.mean().square().plus(latent.logVariance().exp()).minus(latent.logVariance()).minus(1).mean().times(0.5f);
    }

    @Override
    public List<String> measures() {
        return Reconstruction.MEASURES;
    }

    @Override
    public Map<String, Double> validate() {
        return Reconstruction.measure(crew, networks, draws, validationPictures);
    }

    @Override
    public long work() {
        return work;
    }
}
