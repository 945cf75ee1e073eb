package io.heddle.attention;

import io.heddle.spi.AttentionKernels;
import io.heddle.spi.AttentionKernels.QueryWindow;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.tensor.Functional;
import io.heddle.tensor.SummedAttention;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a call attend to after injections: each row's map is a sum of terms {@code P(query, key)·A} or {@code P(query, key)·diag(c)}. The
 * fused kernel takes {@code A} and {@code c} folded into the values.
 */
final class Mixture implements AutoCloseable {
    private final int heads;
    private final boolean causal;
    private final Tensor query;
    private final Tensor key;
    private final Tensor values;
    private final int[] valueRow;
    private final List<List<Term>> rows = new ArrayList<>();
    private @Nullable SummedAttention summed;

    private record Term(int query, int key, @Nullable Tensor mapper, @Nullable Tensor keep) {
        boolean isRecorded() {
            return mapper != null && mapper.isRecorded() || keep != null && keep.isRecorded();
        }
    }

    Mixture(Tensor query, int[] queryRow, KeyValue keyValue, int[] keyRow, int heads, boolean causal, List<@Nullable Injection> injections) {
        this.heads = heads;
        this.causal = causal;
        this.values = keyValue.value();
        this.valueRow = keyRow;
        List<Tensor> queries = new ArrayList<>(List.of(query));
        List<Tensor> keys = new ArrayList<>(List.of(keyValue.key()));
        for (int row = 0; row < queryRow.length; row++) {
            Injection injection = injections.isEmpty() ? null : injections.get(row);
            Term own = new Term(queryRow[row], keyRow[row], null, injection == null ? null : injection.keep());
            if (injection == null) {
                rows.add(List.of(own));
            } else {
                Term injected = switch (injection.source()) {
                    case Injection.OfRow(int source) -> new Term(queryRow[source], keyRow[source], injection.mapper(), null);
                    case Injection.Recorded(Tensor q, Tensor k) -> new Term(append(queries, q), append(keys, k), injection.mapper(), null);
                };
                rows.add(injection.keep() == null ? List.of(injected) : List.of(injected, own));
            }
        }
        this.query = Tensor.concat(0, queries);
        this.key = Tensor.concat(0, keys);
    }

    /** The row of a recorded tensor, which several rows of the call may share. */
    private static int append(List<Tensor> parts, Tensor recorded) {
        int row = 0;
        for (Tensor part : parts) {
            if (part == recorded) {
                return row;
            }
            row += part.dim(0);
        }
        parts.add(recorded);
        return row;
    }

    int rows() {
        return rows.size();
    }

    int heads() {
        return heads;
    }

    int queries() {
        return query.dim(1);
    }

    int keys() {
        return key.dim(1);
    }

    int[] valueRow() {
        return valueRow;
    }

    Tensor values() {
        return values;
    }

    /** The output of all rows {@code [rows, queries, heads·dim]}, without a map. */
    Tensor fused() {
        if (summed != null) {
            return summed.out().detach();
        }
        Folded folded = folded();
        return Functional.attention(query, key, folded.values, folded.terms, heads, causal);
    }

    /** Whether {@link #headSum} knows the answer. */
    boolean isSummable() {
        boolean recorded = rows.stream().flatMap(List::stream).anyMatch(Term::isRecorded);
        return keys() <= AttentionKernels.MOST_SUMMED_KEYS && !recorded && !query.isRecorded() && !key.isRecorded() && !values.isRecorded();
    }

    /** The map of one row summed over the heads {@code [queries, keys]}: the fused kernel sums, and its output is kept for {@link #fused}. */
    Tensor headSum(int row) {
        if (summed == null) {
            Folded folded = folded();
            summed = Functional.attentionWithHeadSums(query, key, folded.values, folded.terms, heads, causal);
            summed.out().unscoped();
            summed.headSums().unscoped();
        }
        int index = rows.subList(0, row).stream().mapToInt(List::size).sum();
        Tensor sum = null;
        for (Term term : rows.get(row)) {
            Tensor part = spread(summed.headSums().row(index++).reshape(1, 1, queries(), keys()), term);
            sum = sum == null ? part : sum.plus(part);
        }
        return sum.reshape(queries(), keys());
    }

    /** The terms with what they mix folded into their values. */
    private record Folded(Tensor values, Terms terms) {}

    private Folded folded() {
        List<Tensor> mixed = new ArrayList<>(List.of(values));
        int next = values.dim(0);
        int size = rows.stream().mapToInt(List::size).sum();
        int[] out = new int[size];
        int[] q = new int[size];
        int[] k = new int[size];
        int[] v = new int[size];
        int n = 0;
        for (int row = 0; row < rows.size(); row++) {
            for (Term term : rows.get(row)) {
                out[n] = row;
                q[n] = term.query;
                k[n] = term.key;
                v[n] = valueRow[row];
                if (term.mapper != null || term.keep != null) {
                    mixed.add(fold(term, values.row(valueRow[row])));
                    v[n] = next++;
                }
                n++;
            }
        }
        return new Folded(Tensor.concat(0, mixed), Terms.of(out, q, k, v));
    }

    private static Tensor fold(Term term, Tensor value) {
        Tensor tokens = value.reshape(value.dim(1), value.dim(2));
        Tensor folded = term.mapper != null ? term.mapper.matmul(tokens) : tokens.times(term.keep.reshape(tokens.dim(0), 1));
        return folded.reshape(1, tokens.dim(0), tokens.dim(1));
    }

    /** The map of one row {@code [1, heads, window, keys]}. */
    Tensor map(int row, QueryWindow window) {
        Tensor sum = null;
        for (Term term : rows.get(row)) {
            int[] q = {term.query};
            int[] k = {term.key};
            Tensor part = spread(Functional.attentionMap(query, key, q, k, heads, causal, window), term);
            sum = sum == null ? part : sum.plus(part);
        }
        return sum;
    }

    private static Tensor spread(Tensor map, Term term) {
        if (term.mapper != null) {
            int[] dims = map.shape().dims();
            return map.reshape(-1, map.dim(3)).matmul(term.mapper).reshape(dims);
        }
        return term.keep == null ? map : map.times(term.keep);
    }

    /** The maps of all rows {@code [rows, heads, queries, keys]}. */
    Tensor map() {
        QueryWindow all = new QueryWindow(0, queries());
        if (rows.stream().allMatch(terms -> terms.size() == 1 && terms.getFirst().mapper == null)) {
            int[] q = rows.stream().mapToInt(terms -> terms.getFirst().query).toArray();
            int[] k = rows.stream().mapToInt(terms -> terms.getFirst().key).toArray();
            return Functional.attentionMap(query, key, q, k, heads, causal, all);
        }
        Tensor[] maps = new Tensor[rows.size()];
        Arrays.setAll(maps, row -> map(row, all));
        return Tensor.concat(0, maps);
    }

    @Override
    public void close() {
        if (summed != null) {
            summed.out().close();
            summed.headSums().close();
        }
    }
}
