package io.heddle.attention;

import io.heddle.nn.Linear;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Which encoding conditions which row of a batch. Rows may share one. */
public final class TextConditioning {
    private final List<TextEmbedding> distinct;
    private final int[] rowOf;

    private TextConditioning(List<TextEmbedding> distinct, int[] rowOf) {
        this.distinct = distinct;
        this.rowOf = rowOf;
    }

    /** One encoding of one prompt for each row of the batch; repeated ones are computed once. An encoding of several prompts stands for as many rows. */
    public static TextConditioning of(TextEmbedding... rows) {
        return of(List.of(rows));
    }

    /** One encoding of one prompt for each row of the batch; repeated ones are computed once. An encoding of several prompts stands for as many rows. */
    public static TextConditioning of(List<TextEmbedding> rows) {
        List<TextEmbedding> distinct = new ArrayList<>();
        List<Integer> first = new ArrayList<>();
        List<Integer> rowOf = new ArrayList<>();
        int next = 0;
        for (TextEmbedding row : rows) {
            int known = distinct.indexOf(row);
            if (known < 0) {
                known = distinct.size();
                distinct.add(row);
                first.add(next);
                next += row.tensor().dim(0);
            }
            for (int i = 0; i < row.tensor().dim(0); i++) {
                rowOf.add(first.get(known) + i);
            }
        }
        return new TextConditioning(List.copyOf(distinct), rowOf.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Whether a recording holds one of the encodings. */
    boolean isRecorded() {
        return distinct.stream().anyMatch(text -> text.tensor().isRecorded());
    }

    /** The same rows with other handles of the recorded encodings. */
    TextConditioning map(UnaryOperator<Tensor> handle) {
        return withDistinct(distinct.stream()
                .map(text -> text.tensor().isRecorded() ? TextEmbedding.of(handle.apply(text.tensor())) : text)
                .toList());
    }

    /** The distinct encodings. */
    List<TextEmbedding> distinct() {
        return distinct;
    }

    /** The same rows with other encodings in the place of the distinct ones. */
    TextConditioning withDistinct(List<TextEmbedding> others) {
        return new TextConditioning(List.copyOf(others), rowOf);
    }

    /** The number of rows of the batch. */
    public int rows() {
        return rowOf.length;
    }

    /** The number of tokens of a prompt. */
    public int tokens() {
        return distinct.getFirst().tensor().dim(1);
    }

    /** For each row of the batch the row of {@link #project}'s result. */
    int[] rowOf() {
        return rowOf;
    }

    /** The distinct encodings projected by a layer, {@code [distinct, tokens, heads·dim]}. */
    Tensor project(Linear layer) {
        return Tensor.concat(0, distinct.stream().map(e -> e.project(layer)).toList());
    }
}
