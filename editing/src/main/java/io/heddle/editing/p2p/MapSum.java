package io.heddle.editing.p2p;

import io.heddle.attention.AttentionCall;
import io.heddle.attention.AttentionMap;
import io.heddle.attention.AttentionTaps;
import io.heddle.attention.Injection;
import io.heddle.attention.Row;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Cross-attention maps summed while a run goes on: over layers, heads and steps, for each prompt. Of a whole run it holds one small matrix per prompt,
 * {@code [queries, columns]}.
 */
final class MapSum implements AutoCloseable {
    private final Device device;
    private final Predicate<AttentionCall> where;
    private final Source source;
    private final List<Tensor> columns;
    private final Map<Integer, Sum> sums = new TreeMap<>();
    private int latest;

    private record Sum(Tensor tensor, int maps) {}

    /**
     * A sum of nothing yet.
     *
     * @param where the calls to read; all have one grid
     * @param columns for each prompt the sums of tokens to keep, {@code [tokens, columns]}; empty keeps each token
     */
    MapSum(Device device, Predicate<AttentionCall> where, Source source, List<Tensor> columns) {
        this.device = device;
        this.where = where;
        this.source = source;
        this.columns = List.copyOf(columns);
    }

    /** Taps that add the maps as they are after the edit. */
    AttentionTaps readEdited() {
        return AttentionTaps.none().read(where, (call, map) -> {
            for (int row = 0; row < call.rows().size(); row++) {
                int index = row;
                add(call, call.rows().get(row), () -> map.headSum(index));
            }
            addRecorded(call);
        });
    }

    /** Taps that add the maps that each prompt has of its own, before the edit. */
    AttentionTaps readOwn() {
        return AttentionTaps.none().readProjections(where, (call, projections) -> {
            for (int row = 0; row < call.rows().size(); row++) {
                int index = row;
                add(call, call.rows().get(row), () -> headSum(call, projections.query(index), projections.key(index)));
            }
            addRecorded(call);
        });
    }

    /** The sum of a prompt's maps {@code [queries, columns]}, valid until more is added. */
    Tensor sum(int prompt) {
        return required(prompt).tensor;
    }

    /** The mean of a prompt's maps over layers, heads and steps, {@code [queries, columns]}. */
    Tensor mean(int prompt) {
        return required(prompt).tensor.dividedBy(required(prompt).maps);
    }

    private Sum required(int prompt) {
        Sum sum = sums.get(prompt);
        if (sum == null) {
            throw new IllegalStateException("no attention of prompt " + prompt + " was read: run a recipe with these taps first");
        }
        return sum;
    }

    /** The source's maps where it is not sampled in the batch. */
    private void addRecorded(AttentionCall call) {
        if (source.attention(call) instanceof Injection.Recorded(Tensor query, Tensor key)) {
            add(call, Source.ROW, () -> headSum(call, query, key));
        }
    }

    private void add(AttentionCall call, Row row, Supplier<Tensor> headSum) {
        if (!row.isConditional()) {
            return;
        }
        if (call.step().index() < latest) {
            throw new IllegalStateException(
                    "an edit serves one run: step " + call.step().index() + " came after step " + latest + "; prepare a new edit");
        }
        latest = call.step().index();
        Sum before = sums.get(row.prompt());
        Tensor sum = device.tidy(() -> {
            Tensor overHeads = headSum.get();
            return device.inFloat32(() -> {
                Tensor part = columns.isEmpty() ? overHeads : overHeads.matmul(columns.get(row.prompt()));
                return before == null ? part : before.tensor.plus(part);
            });
        });
        sums.put(row.prompt(), new Sum(sum.unscoped(), call.site().heads() + (before == null ? 0 : before.maps)));
        if (before != null) {
            before.tensor.close();
        }
    }

    private static Tensor headSum(AttentionCall call, Tensor query, Tensor key) {
        return AttentionMap.headSum(query, key, call.site().heads());
    }

    /** Gives the sums back. */
    @Override
    public void close() {
        sums.values().forEach(sum -> sum.tensor.close());
        sums.clear();
    }
}
