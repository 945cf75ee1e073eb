package io.heddle.editing.pti;

import io.heddle.image.Picture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Sums of features by class: their means, over a class or over all, and the squared distances of means, which the simplified FID is. */
public final class FeatureMeans {
    private final Map<Integer, Mean> byClass = new TreeMap<>();
    private final Mean all = new Mean();

    private static final class Mean {
        private double[] sum = {};
        private int count;

        void add(double[] features) {
            sum = count == 0 ? features.clone() : sum;
            for (int i = 0; count > 0 && i < sum.length; i++) {
                sum[i] += features[i];
            }
            count++;
        }

        double squaredDistance(Mean other) {
            double distance = 0;
            for (int i = 0; i < sum.length; i++) {
                double difference = sum[i] / count - other.sum[i] / other.count;
                distance += difference * difference;
            }
            return distance;
        }
    }

    /** No features yet. */
    public FeatureMeans() {}

    /** The means of real pictures: those in the folder of each class. */
    public static FeatureMeans of(Path folder, ClassList classes, Function<Picture, double[]> features) {
        FeatureMeans means = new FeatureMeans();
        for (int index = 0; index < classes.ids().size(); index++) {
            for (Path picture : pictures(folder.resolve(classes.ids().get(index)))) {
                means.add(index, features.apply(Picture.read(picture)));
            }
        }
        return means;
    }

    private static List<Path> pictures(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return new ArrayList<>(files.sorted().toList());
        } catch (IOException e) {
            throw new UncheckedIOException("the pictures in " + folder + " cannot be listed", e);
        }
    }

    /** Adds a picture's features. */
    public void add(int classIndex, double[] features) {
        byClass.computeIfAbsent(classIndex, _ -> new Mean()).add(features);
        all.add(features);
    }

    /** The squared distance to the mean of other pictures, SFID. */
    public double distance(FeatureMeans reference) {
        return all.squaredDistance(reference.all);
    }

    /**
     * The squared distances to the means of other pictures of the same class, averaged over the classes, CSFID.
     *
     * @throws IllegalArgumentException if a class has no other pictures
     */
    public double distanceByClass(FeatureMeans reference) {
        return byClass.entrySet().stream()
                .mapToDouble(entry -> {
                    Mean other = reference.byClass.get(entry.getKey());
                    if (other == null) {
                        throw new IllegalArgumentException(
                                "there are no real pictures of class " + entry.getKey() + " to compare the edited ones with");
                    }
                    return entry.getValue().squaredDistance(other);
                })
                .average()
                .orElse(Double.NaN);
    }
}
