package io.heddle.bench;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.Memory;
import io.heddle.tensor.Device;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/** A device whose tensors have shapes and no elements: networks built on it tell their parameters' names and cost no memory. It cannot compute. */
final class HollowDevice {
    private HollowDevice() {}

    private record HollowBuffer(long length) implements Buffer {
        @Override
        public Buffer slice(long offset, long sliceLength) {
            return new HollowBuffer(sliceLength);
        }
    }

    /** Opens one; nothing has to be closed. */
    static Device open() {
        Memory memory = (Memory) Proxy.newProxyInstance(Memory.class.getClassLoader(), new Class<?>[] {Memory.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "allocate" -> new HollowBuffer((long) arguments[0]);
                    case "upload", "release" -> null;
                    default -> throw new UnsupportedOperationException("a hollow device has no elements to " + method.getName());
                });
        return Device
                .of((Backend) Proxy.newProxyInstance(Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (backend, method, arguments) -> {
                    if (method.getReturnType() == Memory.class) {
                        return memory;
                    }
                    if (method.isDefault()) {
                        return InvocationHandler.invokeDefault(backend, method, arguments);
                    }
                    throw new UnsupportedOperationException("a hollow device cannot compute: " + method.getName());
                }));
    }
}
