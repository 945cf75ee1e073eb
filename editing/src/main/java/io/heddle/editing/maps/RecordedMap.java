package io.heddle.editing.maps;

import io.heddle.attention.AttentionSite;
import io.heddle.spi.Extent;

/**
 * A map read out of a run, on the host.
 *
 * @param site where it was read
 * @param call the network call it was read at
 * @param grid height and width of the queries
 * @param heads heads kept: all of the site's, or 1 for their mean
 * @param keys number of keys
 * @param elements {@code [heads, queries, keys]}
 */
public record RecordedMap(AttentionSite site, int call, Extent grid, int heads, int keys, float[] elements) {
    /** {@code call/path}, as files name it. */
    public String name() {
        return call + "/" + site.path();
    }
}
