package io.heddle.editing.dragon;

import io.heddle.attention.AttentionCall;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.attention.AttentionTap.KeyValueEdit;
import io.heddle.attention.AttentionTaps;
import io.heddle.attention.KeyValue;
import io.heddle.attention.Step.Purpose;
import io.heddle.attention.Where;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** What queries of the decoder's self-attention look at besides, or instead of, their own picture. Section 3.3 of the paper; the kernel stays fused. */
sealed interface CrossBranchAttention {
    /** The bank's keys and values instead of their own. */
    record Replace() implements CrossBranchAttention {
        @Override
        public KeyValue edit(AttentionCall call, KeyValue own, int samplingCall, List<MemoryBank> banks) {
            return repeated(banks.getFirst().keyValue(samplingCall, call), call.rows().size());
        }
    }

    /** The bank's beside their own. */
    record Append() implements CrossBranchAttention {
        @Override
        public KeyValue edit(AttentionCall call, KeyValue own, int samplingCall, List<MemoryBank> banks) {
            return concat(own, repeated(banks.getFirst().keyValue(samplingCall, call), call.rows().size()));
        }
    }

    /**
     * The bank's of some cells, and the second picture's of others.
     *
     * @param base cells of the edited picture
     * @param second cells of the second picture
     */
    record Combine(Mask base, Mask second) implements CrossBranchAttention {
        @Override
        public KeyValue edit(AttentionCall call, KeyValue own, int samplingCall, List<MemoryBank> banks) {
            List<KeyValue> parts = new ArrayList<>();
            List<Mask> masks = List.of(base, second);
            for (int picture = 0; picture < masks.size(); picture++) {
                int[] tokens = masks.get(picture).resize(call.grid()).cells().index();
                if (tokens.length > 0) {
                    parts.add(tokens(banks.get(picture).keyValue(samplingCall, call), tokens));
                }
            }
            return parts.isEmpty() ? own : repeated(parts.stream().reduce(CrossBranchAttention::concat).orElseThrow(), call.rows().size());
        }
    }

    /**
     * The keys and values to use, one row for each row of the call.
     *
     * @param own one row for each row of the call
     * @param banks of the edited picture and, if there is one, of the second
     */
    KeyValue edit(AttentionCall call, KeyValue own, int samplingCall, List<MemoryBank> banks);

    /**
     * The taps of a run.
     *
     * @param samplingCall the sampling call that a call of the network belongs to
     * @param read in which sampling calls banks are read
     */
    default AttentionTaps taps(List<MemoryBank> banks, IntUnaryOperator samplingCall, IntPredicate read) {
        KeyValueEdit tap = (call, own) -> edit(call, own, samplingCall.applyAsInt(call.step().index()), banks);
        return AttentionTaps.none().editKeyValue(
                Where.self().and(Where.stage(Stage.UP)).and(call -> call.step().purpose() == Purpose.SAMPLE
                        && read.test(samplingCall.applyAsInt(call.step().index()))),
                tap);
    }

    private static KeyValue repeated(KeyValue one, int rows) {
        return new KeyValue(one.key().gatherRows(new int[rows]), one.value().gatherRows(new int[rows]));
    }

    private static KeyValue concat(KeyValue first, KeyValue second) {
        return new KeyValue(Tensor.concat(1, first.key(), second.key()), Tensor.concat(1, first.value(), second.value()));
    }

    private static KeyValue tokens(KeyValue all, int[] tokens) {
        return new KeyValue(tokens(all.key(), tokens), tokens(all.value(), tokens));
    }

    private static Tensor tokens(Tensor all, int[] tokens) {
        return all.reshape(-1, all.dim(2)).gatherRows(tokens).reshape(1, tokens.length, all.dim(2));
    }
}
