package io.heddle.tensor;

import io.heddle.spi.Availability;
import io.heddle.spi.Backend;
import io.heddle.spi.BackendOptions;
import io.heddle.spi.BackendProvider;
import io.heddle.spi.MemoryStatistics;
import io.heddle.spi.Precision;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where tensors live and operations run: one opened backend, with the stack of scopes of each thread. */
public final class Device implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Device.class);

    private final Backend backend;
    private final ThreadLocal<@Nullable Scope> innermost = new ThreadLocal<>();
    private final ThreadLocal<Boolean> float32 = ThreadLocal.withInitial(() -> false);

    private Device(Backend backend) {
        this.backend = backend;
    }

    /** A device on an opened backend; closing the device closes the backend. */
    public static Device of(Backend backend) {
        return new Device(backend);
    }

    /** The CPU with all its processors. */
    public static Device cpu() {
        return open("cpu", 0);
    }

    /**
     * Opens a device by name.
     *
     * @param name {@code cpu}, {@code cuda}, {@code cuda:1}, or {@code auto}: the best usable one; without a number the first of its kind that can be used;
     *     {@code ,fp16} after it asks for half precision, as in {@code cuda:1,fp16}
     * @param threads threads of a CPU backend; 0 takes all processors
     * @throws DeviceException if the device is unknown or cannot be used here; the message has the reason
     */
    public static Device open(String name, int threads) {
        List<BackendProvider> providers = new ArrayList<>();
        ServiceLoader.load(BackendProvider.class).forEach(providers::add);
        providers.sort(Comparator.comparingInt(BackendProvider::priority).reversed());
        int comma = name.indexOf(',');
        String place = comma < 0 ? name : name.substring(0, comma);
        Precision precision = comma < 0 ? Precision.FLOAT32 : precision(name, name.substring(comma + 1));
        if (place.equals("auto")) {
            return openBest(providers, new BackendOptions(BackendOptions.ANY, threads, precision));
        }
        int colon = place.indexOf(':');
        String kind = colon < 0 ? place : place.substring(0, colon);
        int ordinal = colon < 0 ? BackendOptions.ANY : ordinal(name, place.substring(colon + 1));
        for (BackendProvider provider : providers) {
            if (provider.name().equals(kind)) {
                Availability availability = provider.probe();
                if (!availability.usable()) {
                    throw new DeviceException("device " + name + " cannot be used: " + availability.reason());
                }
                return of(provider.open(new BackendOptions(ordinal, threads, precision)));
            }
        }
        throw new DeviceException("device " + name + " is unknown; available: " + providers.stream().map(BackendProvider::name).toList());
    }

    private static Device openBest(List<BackendProvider> providers, BackendOptions options) {
        for (BackendProvider provider : providers) {
            Availability availability = provider.probe();
            if (availability.usable()) {
                return of(provider.open(options));
            }
            LOG.info("{} is not used: {}", provider.name(), availability.reason());
        }
        throw new DeviceException("no device can be used; add heddle-tensor's CPU backend to the class path");
    }

    private static int ordinal(String name, String digits) {
        if (!digits.matches("[0-9]{1,9}")) {
            throw new DeviceException("device " + name + " is unknown: expected a number after the colon, as in cuda:0");
        }
        return Integer.parseInt(digits);
    }

    private static Precision precision(String name, String word) {
        return switch (word) {
            case "fp32" -> Precision.FLOAT32;
            case "fp16" -> Precision.FLOAT16;
            default -> throw new DeviceException("device " + name + " is unknown: expected fp32 or fp16 after the comma, as in cuda:0,fp16");
        };
    }

    /** The backend, for reports and for code beside the tensor layer. */
    public Backend backend() {
        return backend;
    }

    /** Bytes of tensors in use. */
    public MemoryStatistics memory() {
        return backend.memory().statistics();
    }

    /** Opens a scope on this thread: it owns what is made until it closes. */
    public Scope scope() {
        Scope scope = new Scope(this, innermost.get());
        innermost.set(scope);
        return scope;
    }

    /** Runs {@code body} in a scope of its own and keeps the result. */
    public Tensor tidy(Supplier<Tensor> body) {
        try (Scope scope = scope()) {
            return scope.keep(body.get());
        }
    }

    /**
     * Runs {@code body} with what it makes held in float32, whatever the device's precision: for sums that grow from step to step, and numbers that
     * halves cannot hold. On a device of float32 it changes nothing.
     */
    public Tensor inFloat32(Supplier<Tensor> body) {
        boolean before = float32.get();
        float32.set(true);
        try {
            return body.get();
        } finally {
            float32.set(before);
        }
    }

    /** A tensor with the given elements in row-major order. */
    public Tensor tensor(Shape shape, float... elements) {
        if (shape.size() != elements.length) {
            throw new ShapeException("a tensor of shape " + shape + " has " + shape.size() + " elements, but got " + elements.length);
        }
        Tensor tensor = empty(shape);
        backend.memory().upload(MemorySegment.ofArray(elements), tensor.buffer());
        return tensor;
    }

    /** A tensor whose elements all have one value. */
    public Tensor full(Shape shape, float value) {
        Tensor tensor = empty(shape);
        backend.memory().fill(tensor.buffer(), value);
        return tensor;
    }

    /** A tensor of zeros. */
    public Tensor zeros(Shape shape) {
        return full(shape, 0);
    }

    /** A single number. */
    public Tensor scalar(float value) {
        return full(Shape.SCALAR, value);
    }

    /** Whether what this thread makes is held in float32 whatever the precision is. */
    boolean isInFloat32() {
        return float32.get();
    }

    /** A tensor with undefined contents, for operations to write. */
    Tensor empty(Shape shape) {
        return adopt(new Tensor(this, shape, new Storage(backend.memory(), shape.size(), float32.get())));
    }

    /** Gives a tensor to the innermost scope of this thread. */
    Tensor adopt(Tensor tensor) {
        Scope scope = innermost.get();
        if (scope != null) {
            scope.add(tensor);
        }
        return tensor;
    }

    void leave(Scope scope, @Nullable Scope enclosing) {
        if (innermost.get() != scope) {
            throw new LifetimeException("scopes close in the opposite order of their opening, on the thread that opened them");
        }
        if (enclosing == null) {
            innermost.remove();
        } else {
            innermost.set(enclosing);
        }
    }

    /** Closes the backend. Tensors of the device cannot be used afterwards. */
    @Override
    public void close() {
        backend.close();
    }

    @Override
    public String toString() {
        return backend.description();
    }
}
