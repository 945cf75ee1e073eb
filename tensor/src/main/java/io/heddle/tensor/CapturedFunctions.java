package io.heddle.tensor;

import io.heddle.spi.Buffer;
import io.heddle.spi.Graphs;
import io.heddle.spi.Graphs.Graph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Functions of tensors that the device records when they are first applied, and repeats with one call whenever they are applied again: the bits are those
 * of the function itself.
 *
 * <p>The recorded kernels read their operands at addresses of their own, to which {@link #apply} copies what is not there from the time before. Functions
 * that were not applied for longest are forgotten. Any thread may apply them; they take turns.
 */
public final class CapturedFunctions implements AutoCloseable {
    private static final int MOST = 16;

    private final Device device;
    private final Graphs graphs;
    private final Map<Place, Operand> operands = new HashMap<>();
    private final Map<Place, Tensor> results = new HashMap<>();
    private final LinkedHashMap<Key, Graph> functions = new LinkedHashMap<>(MOST, 0.75f, true);

    private CapturedFunctions(Device device, Graphs graphs) {
        this.device = device;
        this.graphs = graphs;
    }

    /** None yet; empty for a device that does not gain by recording. */
    public static Optional<CapturedFunctions> on(Device device) {
        return device.backend().graphs().map(graphs -> new CapturedFunctions(device, graphs));
    }

    /**
     * What a function makes of its arguments; the first time it is captured.
     *
     * @param plan what the function's operations depend on besides the shapes of the arguments, compared by {@link Object#equals}
     * @param arguments not recorded for gradients
     * @param resultShape the shape of what it makes
     * @param function receives the arguments in other tensors, and may besides use tensors that outlive this object; it is pure and leaves the host alone:
     *     nothing is copied from or to it
     * @throws IllegalStateException if the function asks for what cannot be repeated
     * @throws ShapeException if it makes another shape
     */
    public synchronized Tensor apply(Object plan, List<Tensor> arguments, Shape resultShape, Function<List<Tensor>, Tensor> function) {
        List<Place> places = new ArrayList<>();
        List<Tensor> fixed = new ArrayList<>();
        for (Tensor argument : arguments) {
            Place place = new Place(places.size(), argument.shape(), argument.storage().isFloat32() || device.isInFloat32());
            places.add(place);
            fixed.add(operands.computeIfAbsent(place, _ -> new Operand(reserve(place))).take(argument));
        }
        Place result = new Place(places.size(), resultShape, device.isInFloat32());
        Tensor written = results.computeIfAbsent(result, this::reserve);
        Key key = new Key(plan, places, result);
        Graph known = functions.get(key);
        if (known != null) {
            known.launch();
        } else {
            functions.put(key, graphs.record(() -> write(written, function, fixed)));
            forgetEldest();
        }
        Tensor copy = device.empty(resultShape);
        copy.assign(written);
        return copy;
    }

    private void write(Tensor result, Function<List<Tensor>, Tensor> function, List<Tensor> arguments) {
        try (Scope _ = device.scope()) {
            result.assign(function.apply(arguments));
        }
    }

    private void forgetEldest() {
        if (functions.size() > MOST) {
            functions.pollFirstEntry().getValue().close();
            Set<Place> read = functions.keySet().stream().flatMap(key -> key.operands.stream()).collect(Collectors.toSet());
            Set<Place> written = functions.keySet().stream().map(Key::result).collect(Collectors.toSet());
            forget(operands, read, operand -> operand.tensor.close());
            forget(results, written, Tensor::close);
        }
    }

    /** Closes what lies at places that no function names any more. */
    private static <T> void forget(Map<Place, T> held, Set<Place> named, Consumer<T> close) {
        held.entrySet().removeIf(entry -> {
            boolean unnamed = !named.contains(entry.getKey());
            if (unnamed) {
                close.accept(entry.getValue());
            }
            return unnamed;
        });
    }

    private record Key(Object plan, List<Place> operands, Place result) {}

    /** Functions share the memory of operands that are alike, as they share that of results. */
    private record Place(int index, Shape shape, boolean float32) {}

    private Tensor reserve(Place place) {
        Tensor tensor = place.float32 ? device.inFloat32(() -> device.empty(place.shape)) : device.empty(place.shape);
        return tensor.unscoped();
    }

    /** An argument as recorded kernels find it. */
    private static final class Operand {
        private final Tensor tensor;
        private @Nullable Contents contents;

        /** What no other elements have in common. */
        private record Contents(long version, Buffer buffer) {}

        Operand(Tensor tensor) {
            this.tensor = tensor;
        }

        Tensor take(Tensor argument) {
            Contents wanted = new Contents(argument.version(), argument.buffer());
            if (!wanted.equals(contents)) {
                tensor.assign(argument);
                contents = wanted;
            }
            return tensor;
        }
    }

    /** Forgets the functions and gives back what they hold. */
    @Override
    public synchronized void close() {
        functions.values().forEach(Graph::close);
        functions.clear();
        operands.values().forEach(operand -> operand.tensor.close());
        operands.clear();
        results.values().forEach(Tensor::close);
        results.clear();
    }
}
