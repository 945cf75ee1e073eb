package io.heddle.toyworld.training;

import io.heddle.clip.Tokenizer;
import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.files.OutputException;
import io.heddle.nn.DefaultInitialisation;
import io.heddle.nn.Parameter;
import io.heddle.nn.ParameterScope;
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
    private static final String DECODER = "decoder";
    /** In the order of the training. */
    private static final List<String> COURSES =
            List.of(AUTOENCODER, DenoiserCourse.FIRST.title(), DenoiserCourse.PAIRS.title(), DenoiserCourse.ORDER.title(), DECODER);

    private final TrainingSettings settings;
    private final Draws draws;
    private final Path model;
    /** The model of the first course, whose encoder stays. */
    private final Path first;
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
        this.first = work.resolve("first");
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
            Vocabulary vocabulary = Vocabulary.ofCaptions();
            for (Path folder : List.of(first, model)) {
                ModelWriter.writeFrame(folder, vocabulary);
            }
            listener.stage("training on " + crew);
            if (!isWritten(first, Component.VAE)) {
                trainAutoencoder(crew);
            }
            if (!isWritten(model, Component.UNET)) {
                trainDenoiser(crew);
            }
            if (!isWritten(model, Component.VAE)) {
                trainDecoder(crew);
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
        for (String name : COURSES) {
            Path log = work.resolve(name + ".csv");
            Files.copy(log, model.resolve(name + ".csv"), StandardCopyOption.REPLACE_EXISTING);
            curves.add(TrainingLog.curve(name, log));
        }
        LossPlot.of(curves).write(model.resolve("training.png"), Map.of(), Existing.REPLACE);
        Files.writeString(model.resolve(SETTINGS), settings.toJson());
        Files.writeString(model.resolve("README.md"), new ModelCard(settings, curves).text());
    }

    private static boolean isWritten(Path folder, Component component) {
        return Files.exists(ModelWriter.weights(folder, component));
    }

    private void trainAutoencoder(Crew crew) throws IOException {
        Recipe recipe = settings.autoencoder();
        Architecture architecture = settings.architecture();
        listener.stage("autoencoder: %d steps of %d crops".formatted(recipe.steps(), recipe.batch()));
        long seed = draws.seedOf(Use.AUTOENCODER_WEIGHTS);
        List<AutoencoderKl> networks = crew.each(shard -> AutoencoderKl
                .load(ParameterScope.root(crew.device(shard), new DefaultInitialisation(seed)), architecture.vae()));
        run(AUTOENCODER, recipe, crew, new AutoencoderObjective(crew, draws, settings, networks));
        Whitening whitening = Whitening.measure(crew, networks, draws, settings.statistics());
        listener.stage("latent channels before whitening: " + whitening);
        Map<String, Parameter> parameters = networks.getFirst().parameters();
        whitening.fold(parameters);
        ModelWriter.writeNetwork(first, architecture, Component.VAE, parameters);
        networks.forEach(AutoencoderKl::close);
    }

    private void trainDenoiser(Crew crew) throws IOException {
        List<DenoiserNetworks> networks = DenoiserNetworks.first(crew, draws, settings.architecture());
        for (DenoiserCourse course : DenoiserCourse.values()) {
            Recipe recipe = settings.recipe(course);
            listener.stage("text encoder and denoiser, course %s: %d steps of %d pictures".formatted(course.title(), recipe.steps(), recipe.batch()));
            train(course, recipe, crew, networks);
        }
        DenoiserNetworks trained = networks.getFirst();
        ModelWriter.writeNetwork(model, settings.architecture(), Component.TEXT_ENCODER, trained.text().parameters());
        ModelWriter.writeNetwork(model, settings.architecture(), Component.UNET, trained.unet().parameters());
        networks.forEach(DenoiserNetworks::close);
    }

    private void train(DenoiserCourse course, Recipe recipe, Crew crew, List<DenoiserNetworks> networks) {
        Tokenizer tokenizer = Tokenizer.load(model.resolve("tokenizer"));
        try (LatentPool pool = pool(crew, course.pictures()); LatentPool held = pool(crew, PictureSet.VALIDATION)) {
            run(course.title(), recipe, crew, new DenoiserObjective(crew, draws, settings, course, pool, held, tokenizer, networks));
        }
    }

    private void trainDecoder(Crew crew) throws IOException {
        Recipe recipe = settings.decoder();
        listener.stage("decoder: %d steps of %d pictures".formatted(recipe.steps(), recipe.batch()));
        List<AutoencoderKl> networks = autoencoders(crew);
        try (LatentPool pool = pool(crew, PictureSet.SINGLES)) {
            run(DECODER, recipe, crew, new DecoderObjective(crew, draws, settings, pool, networks));
        }
        ModelWriter.writeNetwork(model, settings.architecture(), Component.VAE, networks.getFirst().parameters());
        networks.forEach(AutoencoderKl::close);
    }

    /** Runs a course to its end and leaves the networks with what it keeps. */
    private void run(String course, Recipe recipe, Crew crew, Objective objective) {
        try (Learner learner = new Learner(crew, objective.copies(), recipe::optimiser, recipe.averaging())) {
            new Training(course, recipe, objective, learner, work, listener).run(() -> stopping);
            learner.takeAverages();
        }
    }

    /** The latents of pictures, which are encoded when they are needed first. */
    private LatentPool pool(Crew crew, PictureSet pictures) {
        Path file = work.resolve(pictures.file());
        if (!Files.exists(file)) {
            int count = settings.count(pictures);
            listener.stage("encoding %d pictures".formatted(count));
            List<AutoencoderKl> networks = autoencoders(crew);
            LatentPool.write(file, draws, pictures, count, crew, networks);
            networks.forEach(AutoencoderKl::close);
        }
        return LatentPool.open(file, draws, pictures);
    }

    /** The autoencoder of the first course, for each shard. */
    private List<AutoencoderKl> autoencoders(Crew crew) {
        ModelLocation location = ModelLocation.resolve(first.toString(), Optional.empty());
        return crew.each(shard -> {
            try (Checkpoint checkpoint = location.open(Component.VAE)) {
                return checkpoint.load(
                        weights -> AutoencoderKl.load(ParameterScope.root(crew.device(shard), weights), settings.architecture().vae()));
            }
        });
    }
}
