package io.heddle.weights;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The named tensors of one network, from one file or several shards. It remembers which of them were taken. Views made by {@link #renamed} and
 * {@link #ignoring} share the files: closing one closes all.
 */
public final class Checkpoint implements AutoCloseable {
    private final String origin;
    private final SequencedMap<String, StoredTensor> tensors;
    private final List<SafetensorsFile> files;
    private final Predicate<String> ignorable;
    private final Set<String> taken = ConcurrentHashMap.newKeySet();

    private Checkpoint(String origin, SequencedMap<String, StoredTensor> tensors, List<SafetensorsFile> files, Predicate<String> ignorable) {
        this.origin = origin;
        this.tensors = tensors;
        this.files = files;
        this.ignorable = ignorable;
    }

    /**
     * Opens a safetensors file, or all shards that an index file ({@code *.json}) names.
     *
     * @throws WeightException if a file is missing, of another format or breaks a rule of its format
     */
    public static Checkpoint open(Path path) {
        if (path.toString().endsWith(".json")) {
            return ShardIndex.read(path).open();
        }
        ForeignFormat.refuseName(path);
        SafetensorsFile file = SafetensorsFile.open(path);
        return new Checkpoint(path.toString(), file.tensors(), List.of(file), name -> false);
    }

    static Checkpoint of(String origin, SequencedMap<String, StoredTensor> tensors, List<SafetensorsFile> files) {
        return new Checkpoint(origin, tensors, List.copyOf(files), name -> false);
    }

    /** The file, or the index of the shards, that this was opened from, as messages call it. */
    public String origin() {
        return origin;
    }

    /** The names of all tensors. */
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(tensors.sequencedKeySet());
    }

    /** All tensors. */
    public Collection<StoredTensor> tensors() {
        return Collections.unmodifiableCollection(tensors.values());
    }

    /** Whether there is a tensor of this name. */
    public boolean contains(String name) {
        return tensors.containsKey(name);
    }

    /**
     * The tensor of this name; looking at it does not count as taking it.
     *
     * @throws WeightException.Mismatch if there is none; the message lists the nearest names
     */
    public StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw Discrepancies.missing(origin, name, tensors.keySet());
        }
        return tensor;
    }

    /**
     * The values of tensor {@code name}, which counts as taken: a {@link WeightSource} that throws at the first tensor that does not fit.
     *
     * @throws WeightException if the tensor is missing, has none of {@code shapes}, or is of a type that is not supported
     */
    public float[] take(String name, int[]... shapes) {
        return take(new Discrepancies(origin, tensors.keySet(), -1), name, shapes);
    }

    /**
     * Builds a model from the whole checkpoint.
     *
     * @param builder takes every weight of the model from the source it is given; where one does not fit it is given zeros, and its result is discarded
     * @throws WeightException.Mismatch with everything that is missing, has another shape, or was not taken and is not ignored
     */
    public <T> T load(Function<WeightSource, T> builder) {
        long allowance = tensors.values().stream().mapToLong(StoredTensor::elements).sum();
        Discrepancies discrepancies = new Discrepancies(origin, tensors.keySet(), allowance);
        T model = builder.apply((name, shapes) -> take(discrepancies, name, shapes));
        discrepancies.requireNone(unexpected());
        return model;
    }

    /**
     * Insists that every tensor was taken or is ignored.
     *
     * @throws WeightException.Mismatch with the names of those that were not
     */
    public void requireFullyConsumed() {
        new Discrepancies(origin, tensors.keySet(), -1).requireNone(unexpected());
    }

    /** A view in which the tensors that {@code ignorable} accepts by name need not be taken. */
    public Checkpoint ignoring(Predicate<String> ignorable) {
        return new Checkpoint(origin, tensors, files, this.ignorable.or(ignorable));
    }

    /**
     * A view with other names.
     *
     * @param rename answers the new name for each old one
     * @throws WeightException.Mismatch if two tensors would get the same name
     */
    public Checkpoint renamed(UnaryOperator<String> rename) {
        return converted(tensor -> Stream.of(tensor.named(rename.apply(tensor.name()))));
    }

    /** A view in which each tensor gives way to those that {@code conversion} makes of it. */
    Checkpoint converted(Function<StoredTensor, Stream<StoredTensor>> conversion) {
        SequencedMap<String, StoredTensor> views = LinkedHashMap.newLinkedHashMap(tensors.size());
        tensors.values().stream().flatMap(conversion).forEach(view -> {
            if (views.put(view.name(), view) != null) {
                throw new WeightException.Mismatch(
                        origin + " holds tensor " + Phrases.name(view.name()) + " twice under different names",
                        List.of(),
                        List.of(),
                        List.of(view.name()));
            }
        });
        return new Checkpoint(origin, views, files, ignorable);
    }

    /** Closes the files. Tensors of this checkpoint and of its views cannot be read afterwards. */
    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }

    private float[] take(Discrepancies discrepancies, String name, int[]... shapes) {
        taken.add(name);
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            return discrepancies.missing(name, shapes);
        }
        if (Arrays.stream(shapes).noneMatch(tensor::hasShape)) {
            return discrepancies.misshapen(name, shapes, tensor.shape());
        }
        return tensor.toFloats();
    }

    private List<String> unexpected() {
        return tensors.keySet().stream().filter(name -> !taken.contains(name) && !ignorable.test(name)).toList();
    }
}
