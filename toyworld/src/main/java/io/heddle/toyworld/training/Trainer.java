package io.heddle.toyworld.training;

import io.heddle.clip.Tokenizer;
import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.files.OutputException;
import io.heddle.nn.Parameter;
import io.heddle.nn.ParameterScope;
import io.heddle.schedulers.NoiseSchedule;
import io.heddle.tensor.Device;
import io.heddle.toyworld.Vocabulary;
import io.heddle.toyworld.training.Draws.Use;
import io.heddle.vae.AutoencoderKl;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ModelLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From nothing to a finished model in the diffusers layout. Everything on the way is in one folder: the same call goes on from there, whenever the last one
 * ended, and comes to the same bits.
 */
public final class Trainer {
    /** The file of a finished model, and of a training on its way, that says what was asked for. */
    public static final String SETTINGS = "training.json";

    private static final String AUTOENCODER = "autoencoder";
    private static final String DENOISER = "denoiser";

    private final TrainingSettings settings;
    private final Draws draws;
    private final Path model;
    private final Path work;
    private final TrainingListener listener;
    private volatile boolean stopping;

    /**
     * A training whose progress is kept in a folder.
     *
     * @param work is made if it does not exist
     */
    public Trainer(TrainingSettings settings, Path work, TrainingListener listener) {
        this.settings = settings;
        this.draws = new Draws(settings.seed());
        this.work = work;
        this.model = work.resolve("model");
        this.listener = listener;
    }

    /**
     * Trains what is not trained yet.
     *
     * @param device as {@link Device#open} names it
     * @param threads processors to use; 0 takes all
     * @return the folder of the finished model
     * @throws TrainingInterrupted if the program is asked to end; everything is saved
     */
    public Path run(String device, int threads) {
        try (Crew crew = Crew.open(device, settings.shards(), threads)) {
            Files.createDirectories(model);
            requireSameSettings();
            listener.stage("training on " + crew);
            if (!isWritten(Component.VAE)) {
                trainAutoencoder(crew);
            }
            if (!isWritten(Component.UNET)) {
                ModelWriter.writeFrame(model, Vocabulary.ofCaptions());
                trainDenoiser(crew);
            }
            describe();
            return model;
        } catch (IOException e) {
            throw new UncheckedIOException("the training in " + work + " cannot write its files", e);
        }
    }

    /** Asks a running training to save its state and stop. */
    public void stop() {
        stopping = true;
    }

    private void requireSameSettings() {
        Path file = work.resolve(SETTINGS);
        String text = settings.toJson();
        try {
            if (!Files.exists(file)) {
                AtomicFile.write(file, Existing.REFUSE, temporary -> Files.writeString(temporary, text));
            } else if (!Files.readString(file).equals(text)) {
                throw new IllegalArgumentException("the folder " + work + " holds a training with other settings, see its " + SETTINGS + ":"
                        + " repeat those, choose another folder, or delete this one");
            }
        } catch (IOException e) {
            throw OutputException.failed(file, e);
        }
    }

    /** Adds what tells a reader of the finished model where it comes from. */
    private void describe() throws IOException {
        List<TrainingLog.Curve> curves = new ArrayList<>();
        for (String name : List.of(AUTOENCODER, DENOISER)) {
            Path log = work.resolve(name + ".csv");
            Files.copy(log, model.resolve(name + ".csv"), StandardCopyOption.REPLACE_EXISTING);
            curves.add(TrainingLog.curve(name, log));
        }
        LossPlot.of(curves).write(model.resolve("training.png"), Map.of(), Existing.REPLACE);
        Files.writeString(model.resolve(SETTINGS), settings.toJson());
        Files.writeString(model.resolve("README.md"), new ModelCard(settings, curves.get(0), curves.get(1)).text());
    }

    private boolean isWritten(Component component) {
        return Files.exists(ModelWriter.weights(model, component));
    }

    private void trainAutoencoder(Crew crew) throws IOException {
        Recipe recipe = settings.autoencoder();
        listener.stage("autoencoder: %d steps of %d crops".formatted(recipe.steps(), recipe.batch()));
        try (AutoencoderObjective objective =
                new AutoencoderObjective(crew, draws, settings.architecture(), recipe.batch(), settings.crop(), settings.validationPictures());
                Learner learner = new Learner(crew, objective.copies(), recipe::optimiser, recipe.averaging())) {
            new Training(AUTOENCODER, recipe, objective, learner, work, listener).run(() -> stopping);
            Whitening whitening = Whitening.measure(crew, objective.networks(), draws, settings.statistics());
            listener.stage("latent channels before whitening: means %s, deviations %s".formatted(
                    Arrays.toString(whitening.mean()), Arrays.toString(whitening.deviation())));
            Map<String, Parameter> parameters = objective.copies().getFirst();
            whitening.fold(parameters);
            ModelWriter.writeNetwork(model, settings.architecture(), Component.VAE, parameters);
        }
    }

    private void trainDenoiser(Crew crew) throws IOException {
        Path training = work.resolve("latents.safetensors");
        Path validation = work.resolve("validation.safetensors");
        if (!Files.exists(training) || !Files.exists(validation)) {
            listener.stage("encoding %d pictures".formatted(settings.pool()));
            encode(crew, validation, Use.VALIDATION, settings.validation());
            encode(crew, training, Use.POOL, settings.pool());
        }
        Recipe recipe = settings.denoiser();
        listener.stage("text encoder and denoiser: %d steps of %d pictures".formatted(recipe.steps(), recipe.batch()));
        Tokenizer tokenizer = Tokenizer.load(model.resolve("tokenizer"));
        try (LatentPool pool = LatentPool.open(training, draws, Use.POOL);
                LatentPool held = LatentPool.open(validation, draws, Use.VALIDATION);
                DenoiserObjective objective = new DenoiserObjective(
                        crew, draws, settings.architecture(), recipe.batch(), pool, held, tokenizer, NoiseSchedule.stableDiffusion());
                Learner learner = new Learner(crew, objective.copies(), recipe::optimiser, recipe.averaging())) {
            new Training(DENOISER, recipe, objective, learner, work, listener).run(() -> stopping);
            learner.takeAverages();
            DenoiserObjective.Networks networks = objective.networks().getFirst();
            ModelWriter.writeNetwork(model, settings.architecture(), Component.TEXT_ENCODER, networks.text().parameters());
            ModelWriter.writeNetwork(model, settings.architecture(), Component.UNET, networks.unet().parameters());
        }
    }

    private void encode(Crew crew, Path file, Use use, int pictures) {
        ModelLocation location = ModelLocation.resolve(model.toString(), Optional.empty());
        List<AutoencoderKl> networks = crew.each(shard -> {
            try (Checkpoint checkpoint = location.open(Component.VAE)) {
                return checkpoint.load(
                        weights -> AutoencoderKl.load(ParameterScope.root(crew.device(shard), weights), settings.architecture().vae()));
            }
        });
        LatentPool.write(file, draws, use, pictures, crew, networks);
        networks.forEach(AutoencoderKl::close);
    }
}
