package io.heddle.bench;

import io.heddle.attention.AttentionCall;
import io.heddle.attention.AttentionMap;
import io.heddle.attention.AttentionTaps;
import java.util.HashMap;
import java.util.Map;

/** Sums the maps of every cross-attention layer over heads, rows and evaluations: what an attention explorer reads. */
final class CrossAttentionReader {
    private final Map<String, float[]> sums = new HashMap<>();

    /** The taps that read. */
    AttentionTaps taps() {
        return AttentionTaps.none().read(call -> call.site().isCross(), this::add);
    }

    private void add(AttentionCall call, AttentionMap map) {
        int keys = map.keys();
        float[] sum = sums.computeIfAbsent(call.site().path(), _ -> new float[map.queries() * keys]);
        for (int row = 0; row < map.rows(); row++) {
            map.forEachTile(row, (first, tile) -> {
                float[] part = tile.sum(0).toArray();
                for (int i = 0; i < part.length; i++) {
                    sum[first * keys + i] += part[i];
                }
            });
        }
    }
}
