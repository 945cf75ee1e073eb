package io.heddle.editing.dragon;

import io.heddle.attention.AttentionSite;
import io.heddle.attention.KeyValue;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/** Keys and values of calls and layers in the host's memory. */
final class KeyValueStore {
    private final Precision precision;
    private final Map<Place, Pair> pairs = new HashMap<>();

    private record Place(int call, String path) {}

    private record Pair(Shape shape, Precision.Stored key, Precision.Stored value) {}

    KeyValueStore(Precision precision) {
        this.precision = precision;
    }

    void put(int call, AttentionSite site, KeyValue keyValue) {
        Pair pair = new Pair(
                keyValue.key().shape(), precision.store(keyValue.key().toArray()), precision.store(keyValue.value().toArray()));
        pairs.put(new Place(call, site.path()), pair);
    }

    /** A copy on a device, {@code [1, tokens, heads·dim]}. */
    KeyValue get(int call, AttentionSite site, Device device) {
        Pair pair = pairs.get(new Place(call, site.path()));
        if (pair == null) {
            throw new IllegalStateException("the memory bank has no keys and values of " + site.path() + " at sampling call " + call
                    + ": make it with the settings of the edit");
        }
        return new KeyValue(device.tensor(pair.shape, pair.key.elements()), device.tensor(pair.shape, pair.value.elements()));
    }

    long bytes() {
        return pairs.values().stream().mapToLong(pair -> 2 * pair.shape.size() * precision.bytes()).sum();
    }
}
