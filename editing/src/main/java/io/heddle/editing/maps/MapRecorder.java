package io.heddle.editing.maps;

import io.heddle.attention.AttentionCall;
import io.heddle.attention.AttentionMap;
import io.heddle.attention.AttentionTaps;
import io.heddle.attention.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Reads the maps of one row of a run, tile by tile, with their heads or the mean over them. */
public final class MapRecorder {
    private final Predicate<AttentionCall> where;
    private final Row row;
    private final boolean allHeads;
    private final List<RecordedMap> maps = new ArrayList<>();

    /**
     * A recorder of nothing yet.
     *
     * @param where the calls to read
     * @param row the row of the batch to read, such as the conditional row of prompt 0
     * @param allHeads whether each head is kept, or their mean
     */
    public MapRecorder(Predicate<AttentionCall> where, Row row, boolean allHeads) {
        this.where = where;
        this.row = row;
        this.allHeads = allHeads;
    }

    /** The taps to run with. */
    public AttentionTaps taps() {
        return AttentionTaps.none().read(where, this::read);
    }

    /** What was read, in the order of the run. */
    public List<RecordedMap> maps() {
        return List.copyOf(maps);
    }

    private void read(AttentionCall call, AttentionMap map) {
        int index = call.rows().indexOf(row);
        if (index < 0) {
            return;
        }
        float[] elements = allHeads ? heads(map, index) : map.headSum(index).times(1f / map.heads()).toArray();
        maps.add(new RecordedMap(call.site(), call.step().index(), call.grid(), allHeads ? map.heads() : 1, map.keys(), elements));
    }

    private static float[] heads(AttentionMap map, int row) {
        int keys = map.keys();
        float[] elements = new float[Math.multiplyExact(Math.multiplyExact(map.heads(), map.queries()), keys)];
        map.forEachTile(row, (first, tile) -> {
            float[] part = tile.toArray();
            int run = tile.dim(1) * keys;
            for (int head = 0; head < map.heads(); head++) {
                System.arraycopy(part, head * run, elements, (head * map.queries() + first) * keys, run);
            }
        });
        return elements;
    }
}
