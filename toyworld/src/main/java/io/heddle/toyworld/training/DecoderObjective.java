package io.heddle.toyworld.training;

import io.heddle.nn.Parameter;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.toyworld.Scene;
import io.heddle.vae.AutoencoderKl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

/** Pictures from their latents: the decoder alone learns, on whole pictures, so that whatever was learned about latents stays right. */
final class DecoderObjective implements Objective {
    private static final Pattern DECODER = Pattern.compile("(decoder|post_quant_conv)\\..*");

    private final Crew crew;
    private final Draws draws;
    private final TrainingSettings settings;
    private final LatentPool pool;
    private final List<AutoencoderKl> networks;

    /**
     * The second course of decoders.
     *
     * @param pool what is trained on
     * @param networks of each shard
     */
    DecoderObjective(Crew crew, Draws draws, TrainingSettings settings, LatentPool pool, List<AutoencoderKl> networks) {
        this.crew = crew;
        this.draws = draws;
        this.settings = settings;
        this.pool = pool;
        this.networks = networks;
    }

    @Override
    public List<Map<String, Parameter>> copies() {
        return networks.stream().map(DecoderObjective::decoder).toList();
    }

    private static Map<String, Parameter> decoder(AutoencoderKl network) {
        Map<String, Parameter> decoder = new LinkedHashMap<>(network.parameters());
        decoder.keySet().removeIf(name -> !DECODER.matcher(name).matches());
        return decoder;
    }

    @Override
    public Tensor loss(int step, int shard) {
        int rows = settings.decoder().batch() / crew.size();
        float[] latents = new float[rows * pool.length()];
        List<Scene> scenes = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            Random random = draws.at(Draws.Use.DECODER_BATCH, step, shard * rows + i);
            int index = random.nextInt(pool.size());
            System.arraycopy(pool.sample(index, random), 0, latents, i * pool.length(), pool.length());
            scenes.add(pool.scene(index));
        }
        AutoencoderBatch part = AutoencoderBatch.of(scenes);
        Device device = crew.device(shard);
        Tensor pictures = device.tensor(Shape.of(rows, part.side(), part.side(), 3), part.pictures());
        Tensor weights = device.tensor(Shape.of(rows, part.side(), part.side(), 1), part.weights());
        return Reconstruction.loss(networks.get(shard).decode(device.tensor(pool.shape(rows), latents)).minus(pictures), weights);
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
        return settings.architecture().decoderWork();
    }
}
