package io.heddle.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What does not fit between a model and a checkpoint. A collecting instance answers a missing tensor with zeros, so that the model's construction goes on
 * and the report is complete. It gives up when the zeros would take more elements than it may hand out, or when nearly nothing fits: a configuration of
 * absurd size must not cost memory.
 */
final class Discrepancies {
    private static final int MOST = 1000;

    private final String origin;
    private final Collection<String> names;
    private final List<String> missing = new ArrayList<>();
    private final List<String> missingShapes = new ArrayList<>();
    private final List<String> misshapen = new ArrayList<>();
    private final List<String> misshapenShapes = new ArrayList<>();
    private long allowance;

    /**
     * Starts without any.
     *
     * @param origin what the checkpoint is called in messages
     * @param names the names in the checkpoint
     * @param allowance how many elements of zeros may be handed out; a negative number makes the first discrepancy an exception
     */
    Discrepancies(String origin, Collection<String> names, long allowance) {
        this.origin = origin;
        this.names = names;
        this.allowance = allowance;
    }

    /** The exception for one missing tensor of unknown shape. */
    static WeightException.Mismatch missing(String origin, String name, Collection<String> names) {
        Discrepancies single = new Discrepancies(origin, names, -1);
        single.missing.add(name);
        single.missingShapes.add(Phrases.name(name));
        return single.report("", List.of());
    }

    /** Notes that tensor {@code path} is not there, and answers with zeros or throws. */
    float[] missing(String path, int[][] shapes) {
        missing.add(path);
        missingShapes.add(Phrases.name(path) + " " + either(shapes));
        return standIn(shapes[0]);
    }

    /** Notes that tensor {@code path} has another shape, and answers with zeros or throws. */
    float[] misshapen(String path, int[][] shapes, List<Long> found) {
        misshapen.add(path);
        misshapenShapes.add(Phrases.name(path) + " is " + found + " and should be " + either(shapes));
        return standIn(shapes[0]);
    }

    /** Throws if anything was noted or {@code unexpected} is not empty. */
    void requireNone(List<String> unexpected) {
        if (!missing.isEmpty() || !misshapen.isEmpty() || !unexpected.isEmpty()) {
            throw report("", unexpected);
        }
    }

    private float[] standIn(int[] shape) {
        double elements = Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b);
        if (allowance < 0) {
            throw report("", List.of());
        }
        if (elements > Math.min(allowance, StoredTensor.LONGEST_ARRAY) || missing.size() + misshapen.size() > MOST) {
            throw report("so badly that the rest was not looked at: ", List.of());
        }
        allowance -= (long) elements;
        return new float[(int) elements];
    }

    private WeightException.Mismatch report(String degree, List<String> unexpected) {
        String lacking = missing.isEmpty() ? "" : counted(missing.size(), "is", "are") + " missing: " + Phrases.list(missingShapes) + nearest();
        String different = misshapen.isEmpty() ? "" : counted(misshapen.size(), "has", "have") + " another shape: " + Phrases.list(misshapenShapes);
        String unused = unexpected.isEmpty() ? "" : counted(unexpected.size(), "is", "are") + " not used by the model: " + Phrases.list(unexpected);
        String parts = Stream.of(lacking, different, unused).filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
        return new WeightException.Mismatch(origin + " does not fit the model" + (degree.isEmpty() ? ": " : " " + degree) + parts, missing, misshapen,
                unexpected);
    }

    private String nearest() {
        List<String> nearest = NearestNames.of(missing.getFirst(), names);
        String subject = missing.size() == 1 ? "it" : "the first";
        return nearest.isEmpty() ? "" : " (the names nearest to " + subject + " in the file are " + Phrases.list(nearest) + ")";
    }

    private static String counted(int count, String singular, String plural) {
        return count == 1 ? "1 tensor " + singular : count + " tensors " + plural;
    }

    private static String either(int[][] shapes) {
        return Arrays.stream(shapes).map(Arrays::toString).collect(Collectors.joining(" or "));
    }
}
