package io.heddle.attention;

import io.heddle.spi.Extent;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What each attention layer of an evaluation would do, known before anything runs.
 *
 * @param lines one for each layer, in the order of execution
 */
public record AttentionPlan(List<Line> lines) {
    /**
     * One layer's route.
     *
     * @param site where it sits
     * @param grid height and width of its queries
     * @param route how it would run
     * @param mapBytes the largest piece of map that would exist, if readers take tiles
     */
    public record Line(AttentionSite site, Extent grid, Route route, long mapBytes) {}

    /** The line of one call with some taps. */
    public static Line line(AttentionCall call, AttentionTaps taps) {
        Route route = taps.route(call);
        long heads = call.site().heads();
        long bytes = switch (route) {
            case FUSED -> 0;
            case FUSED_PLUS_MAP ->
                    Float.BYTES * heads * call.keys() * Math.min(call.queries(), AttentionMap.tileQueries(call.site().heads(), call.keys()));
            case MATERIALISED -> Float.BYTES * heads * call.rows().size() * call.queries() * call.keys();
        };
        return new Line(call.site(), call.grid(), route, bytes);
    }

    /** The largest piece of map that would exist at a time, in bytes. */
    public long peakMapBytes() {
        return lines.stream().mapToLong(Line::mapBytes).max().orElse(0);
    }

    /** A table: path, grid as width by height, route, bytes. */
    @Override
    public String toString() {
        return lines.stream()
                .map(l -> String.format(Locale.ROOT, "%-58s %4dx%-4d %-14s %,15d bytes", l.site.path(), l.grid.width(), l.grid.height(), l.route,
                        l.mapBytes))
                .collect(Collectors.joining("\n"));
    }
}
