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
    private final TrainingSettings settings;
    private final List<AutoencoderKl> networks;

    /**
     * The first course of autoencoders.
     *
     * @param networks of each shard
     */
    AutoencoderObjective(Crew crew, Draws draws, TrainingSettings settings, List<AutoencoderKl> networks) {
        this.crew = crew;
        this.draws = draws;
        this.settings = settings;
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
        int batch = settings.autoencoder().batch();
        int crops = batch / crew.size();
        int crop = settings.crop();
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
        return Reconstruction.measure(crew, networks, draws, settings.validationPictures());
    }

    @Override
    public long work() {
        return settings.architecture().autoencoderWork();
    }
}
