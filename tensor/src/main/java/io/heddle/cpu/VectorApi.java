package io.heddle.cpu;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the Vector API can be used. Classes that import {@code jdk.incubator.vector} may be touched only where this says yes. */
final class VectorApi {
    private static final Logger LOG = LoggerFactory.getLogger(VectorApi.class);

    /** Whether the module {@code jdk.incubator.vector} was resolved at start. */
    static final boolean AVAILABLE = find();

    private VectorApi() {}

    private static boolean find() {
        boolean found = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (!found) {
            LOG.info("The Vector API is off: start Java with --add-modules jdk.incubator.vector for faster kernels than plain Java's.");
        }
        return found;
    }
}
