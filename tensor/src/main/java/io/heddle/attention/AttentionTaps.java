package io.heddle.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * An immutable list of taps, each with the predicate that selects its calls. Taps run in the order added, injections first. Predicates must be pure:
 * {@link AttentionPlan} evaluates them, too.
 */
public final class AttentionTaps {
    private static final AttentionTaps NONE = new AttentionTaps(List.of());

    private final List<Entry> entries;

    private record Entry(Predicate<AttentionCall> where, AttentionTap tap) {}

    private AttentionTaps(List<Entry> entries) {
        this.entries = entries;
    }

    /** No taps. */
    public static AttentionTaps none() {
        return NONE;
    }

    /** These taps and one more. */
    public AttentionTaps with(Predicate<AttentionCall> where, AttentionTap tap) {
        List<Entry> longer = new ArrayList<>(entries);
        longer.add(new Entry(where, tap));
        return new AttentionTaps(List.copyOf(longer));
    }

    /** These taps with a reader of queries, keys and values. */
    public AttentionTaps readProjections(Predicate<AttentionCall> where, AttentionTap.ProjectionRead tap) {
        return with(where, tap);
    }

    /** These taps with an edit of keys and values. */
    public AttentionTaps editKeyValue(Predicate<AttentionCall> where, AttentionTap.KeyValueEdit tap) {
        return with(where, tap);
    }

    /** These taps with an injection. */
    public AttentionTaps inject(Predicate<AttentionCall> where, AttentionTap.MapInjection tap) {
        return with(where, tap);
    }

    /** These taps with a reader of maps. */
    public AttentionTaps read(Predicate<AttentionCall> where, AttentionTap.MapRead tap) {
        return with(where, tap);
    }

    /** These taps with an edit of maps. */
    public AttentionTaps edit(Predicate<AttentionCall> where, AttentionTap.MapEdit tap) {
        return with(where, tap);
    }

    /** These taps, then the others. */
    public AttentionTaps and(AttentionTaps others) {
        List<Entry> longer = new ArrayList<>(entries);
        longer.addAll(others.entries);
        return new AttentionTaps(List.copyOf(longer));
    }

    /** The taps that a call is selected by, in order. */
    List<AttentionTap> at(AttentionCall call) {
        if (entries.isEmpty()) {
            return List.of();
        }
        return entries.stream().filter(e -> e.where.test(call)).map(Entry::tap).toList();
    }

    /** How a call runs with these taps. */
    public Route route(AttentionCall call) {
        Route route = Route.FUSED;
        for (AttentionTap tap : at(call)) {
            switch (tap) {
                case AttentionTap.MapEdit _ -> {
                    return Route.MATERIALISED;
                }
                case AttentionTap.MapRead _ -> route = Route.FUSED_PLUS_MAP;
                case AttentionTap.ProjectionRead _, AttentionTap.KeyValueEdit _, AttentionTap.MapInjection _ -> {
                    // these leave the kernel fused
                }
            }
        }
        return route;
    }
}
