package io.heddle.testkit.contract;

import io.heddle.spi.Backend;
import io.heddle.testkit.reference.ReferenceBackend;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a contract compares.
 *
 * @param single the backend under test with one thread
 * @param several the backend under test with three threads
 * @param reference the definition
 * @param achieved for each primitive the largest error seen, as a share of its tolerance
 */
record Backends(Backend single, Backend several, ReferenceBackend reference, Map<String, Double> achieved) {
    Backends(Backend single, Backend several) {
        this(single, several, new ReferenceBackend(), new TreeMap<>());
    }

    void achieved(String primitive, double share) {
        achieved.merge(primitive, share, Math::max);
    }
}
