package io.heddle.bench.pti;

import io.heddle.editing.pti.ClassList;
import io.heddle.editing.pti.EditEvaluation;
import io.heddle.editing.pti.EditJudges;
import io.heddle.editing.pti.EditQuery;
import io.heddle.editing.pti.FeatureMeans;
import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Fidelity;
import io.heddle.toyworld.Background;
import io.heddle.toyworld.Colour;
import io.heddle.toyworld.Kind;
import io.heddle.toyworld.Oracle;
import io.heddle.toyworld.Reading;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import io.heddle.toyworld.Sighting;
import io.heddle.toyworld.Split;
import io.heddle.toyworld.Texture;
import io.heddle.toyworld.Thing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Things of the toy world whose colour is to change, filed as an evaluation of edits reads ImageNet: {@code classes.txt}, {@code val/CLASS/PICTURE.png} and
 * {@code queries.txt}. A class is a kind in a colour. The oracle is the classifier, its readings are the features, and the distance is 1 − SSIM.
 *
 * @param folder where the files are
 */
public record ColourSwaps(Path folder) {
    private static final Colour[] COLOURS = Colour.values();
    private static final String CLASSES = "classes.txt";
    private static final String QUERIES = "queries.txt";
    private static final String PICTURES = "val";

    /**
     * Files scenes of the evaluation split, one query each, and for each query's target a picture that really shows it.
     *
     * @throws IllegalArgumentException if the folder has other pictures, which would count as real ones
     */
    public void write(int items) {
        SequencedMap<String, String> classes = new TreeMap<>();
        SequencedMap<Path, Scene> pictures = new LinkedHashMap<>();
        List<String> queries = new ArrayList<>();
        for (int i = 0; i < items; i++) {
            Scene scene = Split.EVALUATION.scene(i, SceneMix.SINGLES);
            Colour wanted = COLOURS[(scene.first().colour().ordinal() + 1 + i % (COLOURS.length - 1)) % COLOURS.length];
            Thing target = scene.first().with(wanted);
            String name = "%05d.png".formatted(i);
            pictures.put(file(scene.first(), name), scene);
            pictures.put(file(target, "real-" + name), Split.EVALUATION.scene(items + i, SceneMix.SINGLES).withFirst(_ -> target));
            classes.put(id(scene.first()), words(scene.first()));
            classes.put(id(target), words(target));
            queries.add(id(scene.first()) + "/" + name + "\t" + id(target));
        }
        requireNoOthers(pictures.keySet());
        pictures.forEach(ColourSwaps::write);
        write(CLASSES, classes.entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue()).toList());
        write(QUERIES, queries);
    }

    private Path file(Thing thing, String name) {
        return folder.resolve(PICTURES).resolve(id(thing)).resolve(name);
    }

    private void requireNoOthers(Set<Path> pictures) {
        Path there = folder.resolve(PICTURES);
        if (!Files.exists(there)) {
            return;
        }
        try (Stream<Path> files = Files.walk(there)) {
            files.filter(file -> Files.isRegularFile(file) && !pictures.contains(file)).findFirst().ifPresent(other -> {
                throw new IllegalArgumentException(folder + " has pictures of other items, such as " + other + ": choose another folder");
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the pictures under " + there + " cannot be listed", e);
        }
    }

    private static void write(Path file, Scene scene) {
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException("the picture " + file + " cannot be filed", e);
        }
        Rendering.of(scene).picture().write(file, Map.of(), Existing.REPLACE);
    }

    private void write(String name, List<String> lines) {
        AtomicFile.write(folder.resolve(name), Existing.REPLACE, temporary -> Files.write(temporary, lines));
    }

    private static String words(Thing thing) {
        String words = thing.colour().word() + " " + thing.kind().word();
        return ("aeiou".indexOf(words.charAt(0)) < 0 ? "a " : "an ") + words;
    }

    private static String id(Thing thing) {
        return thing.colour().word() + "-" + thing.kind().word();
    }

    /** The queries that were filed. */
    public List<EditQuery> queries() {
        return EditQuery.read(folder.resolve(QUERIES), folder.resolve(PICTURES), classes());
    }

    /** The evaluation by the oracle. */
    public EditEvaluation evaluation() {
        ClassList classes = classes();
        EditJudges judges = new EditJudges(
                (original, edited) -> 1 - Fidelity.between(original, edited).ssim(),
                picture -> scores(Oracle.read(picture), classes),
                picture -> features(Oracle.read(picture)));
        return new EditEvaluation(classes, Rendering.SIDE, judges, FeatureMeans.of(folder.resolve(PICTURES), classes, judges.features()));
    }

    private ClassList classes() {
        return ClassList.read(folder.resolve(CLASSES));
    }

    /** The probability of each class's colour where the kind is the class's, 0 elsewhere. */
    private static double[] scores(Reading reading, ClassList classes) {
        double[] scores = new double[classes.ids().size()];
        for (Sighting seen : reading.things()) {
            for (Colour colour : COLOURS) {
                int index = classes.ids().indexOf(id(seen.thing().with(colour)));
                if (index >= 0) {
                    scores[index] = seen.colours().get(colour);
                }
            }
        }
        return scores;
    }

    /** What was read as numbers: probabilities of colours and textures, then 1 for the kind and the background; 0 for a thing that is not there. */
    private static double[] features(Reading reading) {
        DoubleStream thing = reading.things().stream()
                .map(ColourSwaps::features)
                .findFirst()
                .orElse(DoubleStream.generate(() -> 0).limit(COLOURS.length + Texture.values().length + Kind.values().length));
        return DoubleStream.concat(thing, oneOf(Background.values(), reading.background())).toArray();
    }

    private static DoubleStream features(Sighting seen) {
        DoubleStream colours = Arrays.stream(COLOURS).mapToDouble(seen.colours()::get);
        DoubleStream textures = Arrays.stream(Texture.values()).mapToDouble(seen.textures()::get);
        return DoubleStream.concat(DoubleStream.concat(colours, textures), oneOf(Kind.values(), seen.thing().kind()));
    }

    private static <K> DoubleStream oneOf(K[] values, K value) {
        return Arrays.stream(values).mapToDouble(each -> each.equals(value) ? 1 : 0);
    }
}
