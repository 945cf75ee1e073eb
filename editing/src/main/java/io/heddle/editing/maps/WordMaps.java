package io.heddle.editing.maps;

import io.heddle.clip.Word;
import io.heddle.image.HeatMap;
import io.heddle.image.Size;
import io.heddle.spi.Extent;
import java.util.Collection;
import java.util.List;

/** Where a word is in the picture: the attention to its tokens, averaged over recorded cross-attention maps. */
public final class WordMaps {
    private WordMaps() {}

    /**
     * The share of attention that a word's tokens get in each cell.
     *
     * @param maps cross-attention maps of one grid
     * @param word its tokens are added up
     * @throws IllegalArgumentException if there are no maps, their grids differ, or they end before the word, as where a prompt was truncated
     */
    public static HeatMap of(Collection<RecordedMap> maps, Word word) {
        List<Extent> grids = maps.stream().map(RecordedMap::grid).distinct().toList();
        if (grids.size() != 1) {
            throw new IllegalArgumentException(
                    "the overlay of a word needs cross-attention maps of one grid, found " + grids.size() + " grids: select one by --sites");
        }
        int keys = maps.stream().mapToInt(RecordedMap::keys).min().orElseThrow();
        if (word.positions().stream().anyMatch(position -> position >= keys)) {
            throw new IllegalArgumentException("the word \"" + word.text() + "\" has tokens at " + word.positions() + ", but the maps have " + keys
                    + " keys: leave out words that were truncated");
        }
        Extent grid = grids.getFirst();
        double[] sums = new double[grid.cells()];
        int count = 0;
        for (RecordedMap map : maps) {
            count += map.heads();
            for (int head = 0; head < map.heads(); head++) {
                for (int cell = 0; cell < sums.length; cell++) {
                    for (int position : word.positions()) {
                        sums[cell] += map.elements()[(head * sums.length + cell) * map.keys() + position];
                    }
                }
            }
        }
        float[] means = new float[sums.length];
        for (int cell = 0; cell < means.length; cell++) {
            means[cell] = (float) (sums[cell] / count);
        }
        return HeatMap.of(new Size(grid.width(), grid.height()), means);
    }
}
