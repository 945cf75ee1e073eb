package io.heddle.toyworld.training;

import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.clip.Tokenizer;
import io.heddle.nn.Parameter;
import io.heddle.schedulers.NoiseSchedule;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.toyworld.Captions;
import io.heddle.toyworld.Scene;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Noise in latents, predicted from the noisy latent, the time and the caption: the text encoder and the denoiser learn together. */
final class DenoiserObjective implements Objective {
    private static final double NO_CAPTION = 0.12;
    /** From here on things are no longer seen in the noise, so that nothing but the caption says which of two is where. */
    private static final double LATE = 0.8;
    /** Captions of late examples that say everything, and the left or the upper thing first. */
    private static final double EXACT = 0.8;
    private static final double LARGEST_WEIGHT = 2.5;
    private static final double LARGEST_SIGNAL_TO_NOISE = 5;
    private static final List<String> MEASURES = List.of("validation", "validation_early", "validation_middle", "validation_late");

    private final Crew crew;
    private final Draws draws;
    private final DenoiserCourse course;
    private final Recipe recipe;
    private final long work;
    private final LatentPool pool;
    private final LatentPool validation;
    private final Tokenizer tokenizer;
    private final NoiseSchedule noise = NoiseSchedule.stableDiffusion();
    private final List<DenoiserNetworks> networks;
    /** The pool's pictures of two things. */
    private final int[] pairs;

    /**
     * A course of networks.
     *
     * @param pool what is trained on
     * @param validation what is never trained on
     * @param networks of each shard
     */
    DenoiserObjective(Crew crew, Draws draws, TrainingSettings settings, DenoiserCourse course, LatentPool pool, LatentPool validation,
            Tokenizer tokenizer, List<DenoiserNetworks> networks) {
        this.crew = crew;
        this.draws = draws;
        this.course = course;
        this.recipe = settings.recipe(course);
        this.work = settings.architecture().denoiserWork();
        this.pool = pool;
        this.validation = validation;
        this.tokenizer = tokenizer;
        this.networks = networks;
        this.pairs = IntStream.range(0, pool.size()).filter(index -> pool.scene(index).things().size() > 1).toArray();
        if (course == DenoiserCourse.ORDER && pairs.length == 0) {
            throw new IllegalArgumentException("none of the " + pool.size() + " pictures has two things: take a larger pool of pairs");
        }
    }

    @Override
    public List<Map<String, Parameter>> copies() {
        return networks.stream().map(DenoiserNetworks::parameters).toList();
    }

    /** One noisy latent. */
    private record Example(float[] clean, float[] noise, String caption, int timestep) {}

    private Example training(long step, int place) {
        Random random = draws.at(course.batches(), step, place);
        boolean late = course.isLate(step / (double) recipe.steps(), place);
        int index = late ? pairs[random.nextInt(pairs.length)] : random.nextInt(pool.size());
        String caption = caption(pool.scene(index), late, random);
        double part = (place + random.nextDouble()) / recipe.batch();
        double time = late ? LATE + (1 - LATE) * part : part;
        return new Example(pool.sample(index, random), Draws.normals(random, pool.length()), caption, (int) (time * noise.steps()));
    }

    private static String caption(Scene scene, boolean late, Random random) {
        if (late && random.nextDouble() < EXACT) {
            return Captions.evaluation(scene);
        }
        return random.nextDouble() < NO_CAPTION ? "" : Captions.training(scene, random);
    }

    private Example validation(int index) {
        Random random = draws.at(Draws.Use.VALIDATION, 1, index);
        String caption = Captions.evaluation(validation.scene(index));
        return new Example(validation.sample(index, random), Draws.normals(random, pool.length()), caption, validationTime(index));
    }

    private int validationTime(int index) {
        return (int) ((index + 0.5) / validation.size() * noise.steps());
    }

    @Override
    public Tensor loss(int step, int shard) {
        int rows = recipe.batch() / crew.size();
        Example[] examples = new Example[rows];
        float[] weights = new float[rows];
        for (int i = 0; i < rows; i++) {
            examples[i] = training(step, shard * rows + i);
            weights[i] = (float) Math.min(LARGEST_WEIGHT, 1 / Math.sqrt(signalToNoise(examples[i].timestep)));
        }
        Tensor squared = squaredError(shard, examples);
        return squared.times(crew.device(shard).tensor(Shape.of(rows, 1, 1, 1), weights)).mean();
    }

    /** The squared errors of the predicted noise, {@code [examples, height, width, 4]}. */
    private Tensor squaredError(int shard, Example... examples) {
        Device device = crew.device(shard);
        int length = pool.length();
        float[] noisy = new float[examples.length * length];
        float[] noises = new float[noisy.length];
        for (int n = 0; n < examples.length; n++) {
            double alphaBar = noise.alphaBar(examples[n].timestep);
            float signal = (float) Math.sqrt(alphaBar);
            float sigma = (float) Math.sqrt(1 - alphaBar);
            for (int i = 0; i < length; i++) {
                noisy[n * length + i] = signal * examples[n].clean[i] + sigma * examples[n].noise[i];
            }
            System.arraycopy(examples[n].noise, 0, noises, n * length, length);
        }
        Shape shape = pool.shape(examples.length);
        DenoiserNetworks network = networks.get(shard);
        int[][] ids = Arrays.stream(examples).map(e -> tokenizer.encodePadded(e.caption)).toArray(int[][]::new);
        Tensor text = network.text().encode(ids).tokens();
        Pass pass = Pass.of(Step.at(0), TextConditioning.of(TextEmbedding.of(text)));
        double[] times = Arrays.stream(examples).mapToDouble(Example::timestep).toArray();
        return network.unet().predict(device.tensor(shape, noisy), pass, times).minus(device.tensor(shape, noises)).square();
    }

    private double signalToNoise(int timestep) {
        double alphaBar = noise.alphaBar(timestep);
        return alphaBar / (1 - alphaBar);
    }

    @Override
    public List<String> measures() {
        return MEASURES;
    }

    /** The loss on fixed latents, times and noises: weighted by min(SNR, 5)/SNR (Hang et al. 2023), then plain in each third of the times. */
    @Override
    public Map<String, Double> validate() {
        List<Double> losses = crew.each(validation.size(), index -> {
            int shard = index % crew.size();
            try (Tensor loss = crew.device(shard).tidy(() -> squaredError(shard, validation(index)).mean())) {
                return (double) loss.item();
            }
        });
        double weighted = 0;
        double[] sums = new double[3];
        int[] counts = new int[3];
        for (int i = 0; i < losses.size(); i++) {
            int timestep = validationTime(i);
            double ratio = signalToNoise(timestep);
            weighted += losses.get(i) * Math.min(ratio, LARGEST_SIGNAL_TO_NOISE) / ratio;
            int third = Math.min(2, 3 * timestep / noise.steps());
            sums[third] += losses.get(i);
            counts[third]++;
        }
        Map<String, Double> measured = new LinkedHashMap<>();
        measured.put(MEASURES.get(0), weighted / losses.size());
        for (int third = 0; third < 3; third++) {
            measured.put(MEASURES.get(third + 1), sums[third] / counts[third]);
        }
        return measured;
    }

    @Override
    public long work() {
        return work;
    }
}
