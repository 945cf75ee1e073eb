package io.heddle.bench;

import com.sun.management.OperatingSystemMXBean;
import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Adds up the time of every kernel of a backend, by name and sizes. */
final class KernelClock {
    private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final Spent ONE_CALL = new Spent(1, 0, 0);

    private final Map<Call, Spent> spent = new LinkedHashMap<>();
    private boolean stopped;

    /**
     * One kind of call.
     *
     * @param kernel group and method, such as {@code Convolution.forward}
     * @param sizes the arguments that are no buffers
     */
    record Call(String kernel, String sizes) {}

    /**
     * What calls of one kind took.
     *
     * @param calls how many
     * @param nanoseconds by the wall's clock
     * @param cpuNanoseconds of all processors, which other work on the machine disturbs less
     */
    record Spent(long calls, long nanoseconds, long cpuNanoseconds) {
        static final Spent NOTHING = new Spent(0, 0, 0);

        /** From an arbitrary moment until now. */
        static Spent now() {
            return new Spent(0, System.nanoTime(), SYSTEM.getProcessCpuTime());
        }

        Spent plus(Spent other) {
            return new Spent(calls + other.calls, nanoseconds + other.nanoseconds, cpuNanoseconds + other.cpuNanoseconds);
        }

        double seconds() {
            return nanoseconds / 1e9;
        }

        double cpuSeconds() {
            return cpuNanoseconds / 1e9;
        }

        Spent minus(Spent other) {
            return new Spent(calls - other.calls, nanoseconds - other.nanoseconds, cpuNanoseconds - other.cpuNanoseconds);
        }
    }

    /** The backend, observed. */
    Backend around(Backend backend) {
        return (Backend) proxy(Backend.class, (method, arguments) -> {
            Object result = invoke(backend, method, arguments);
            return method.getReturnType().isInterface() ? clocked(method.getReturnType(), result) : result;
        });
    }

    private Object clocked(Class<?> group, Object kernels) {
        return proxy(group, (method, arguments) -> {
            Spent start = Spent.now();
            Object result = invoke(kernels, method, arguments);
            Spent time = Spent.now().minus(start).plus(ONE_CALL);
            if (!stopped) {
                spent.merge(new Call(group.getSimpleName() + "." + method.getName(), sizes(arguments)), time, Spent::plus);
            }
            return result;
        });
    }

    @FunctionalInterface
    private interface Behaviour {
        Object call(Method method, Object[] arguments) throws Throwable;
    }

    private static Object proxy(Class<?> type, Behaviour behaviour) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> behaviour.call(method, arguments));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            method.setAccessible(true);
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static String sizes(Object[] arguments) {
        return arguments == null
                ? ""
                : Arrays.stream(arguments)
                        .filter(argument -> argument instanceof Record && !(argument instanceof Buffer) || argument instanceof Enum<?>)
                        .map(Object::toString)
                        .collect(Collectors.joining(" "));
    }

    /** Forgets what was counted. */
    void reset() {
        spent.clear();
    }

    /** Counts no more. */
    void stop() {
        stopped = true;
    }

    /** What was counted since the last reset. */
    Map<Call, Spent> spent() {
        return spent;
    }
}
