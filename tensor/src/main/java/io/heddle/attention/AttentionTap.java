package io.heddle.attention;

import io.heddle.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be read or changed in an attention layer: five openings, and only five. */
public sealed interface AttentionTap {
    /** Reads queries, keys and values as they are after the edits added before; the kernel stays fused. */
    @FunctionalInterface
    non-sealed interface ProjectionRead extends AttentionTap {
        /** Called once for each selected call; the tensors end with the call. */
        void read(AttentionCall call, Projections projections);
    }

    /** Changes keys and values, also their number; the kernel stays fused. */
    @FunctionalInterface
    non-sealed interface KeyValueEdit extends AttentionTap {
        /**
         * The keys and values to use instead.
         *
         * @param keyValue one row for each row of the call
         * @return {@code [rows, keys, heads·dim]} both, one row for each row of the call
         */
        KeyValue edit(AttentionCall call, KeyValue keyValue);
    }

    /** Replaces or mixes maps in the declarative form {@code P' = P₀·A + P·diag(c)}; the kernel stays fused. */
    @FunctionalInterface
    non-sealed interface MapInjection extends AttentionTap {
        /** One injection for each row of the call, null for rows that stay as they are. */
        List<@Nullable Injection> inject(AttentionCall call);
    }

    /** Reads maps as they are after injections and the edits added before; the output does not change by a bit. */
    @FunctionalInterface
    non-sealed interface MapRead extends AttentionTap {
        /** Called once for each selected call; the map ends with the call. */
        void read(AttentionCall call, AttentionMap map);
    }

    /** Changes maps in any way; they are materialised. */
    @FunctionalInterface
    non-sealed interface MapEdit extends AttentionTap {
        /**
         * The maps to use instead.
         *
         * @param map {@code [rows, heads, queries, keys]}, rows of which sum to one
         * @return of the same shape; rows need not sum to one and are not renormalised
         */
        Tensor edit(AttentionCall call, Tensor map);
    }
}
