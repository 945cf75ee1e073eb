package io.heddle.bench.quality;

import io.heddle.attention.Row;
import io.heddle.attention.Row.Branch;
import io.heddle.attention.Where;
import io.heddle.clip.Words;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.maps.MapRecorder;
import io.heddle.editing.maps.RecordedMap;
import io.heddle.image.Picture;
import io.heddle.spi.Extent;
import io.heddle.toyworld.Captions;
import io.heddle.toyworld.Mask;
import io.heddle.toyworld.Oracle;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** How well cross-attention of the noun and of the colour word finds the thing, layer by layer. */
final class AttentionToObject implements Experiment {
    private static final double GUIDANCE = 5;
    private static final int LARGE_GRID = 16;

    @Override
    public String name() {
        return "attention";
    }

    @Override
    public String protocol() {
        return "Generated pictures at guidance 5; maps are means over heads and steps, the truth is the oracle's mask of the picture; top-k takes as many cells"
                + " as the thing has; the mass ratio is attention on the thing by its share of the picture, 1 by chance. Items without a thing are left out, and in each grid those whose thing fills no cell by half.";
    }

    @Override
    public void measure(Session session, Measurements results) {
        Scene scene = session.scene(SceneMix.SINGLES);
        String prompt = Captions.evaluation(scene);
        MapRecorder recorder = new MapRecorder(Where.cross(), new Row(Branch.CONDITIONAL, 0), false);
        EditRecipe recipe = EditRecipe.plain(session.conditioning(List.of(prompt)), Guidance.classifierFree(GUIDANCE)).withTaps(recorder.taps());
        Picture picture = session.sample(session.noise(), recipe).getFirst();
        Mask mask = Oracle.read(picture).mask();
        if (mask.area() == 0) {
            return;
        }
        Words words = Words.exact(session.model().tokenizer(), prompt);
        for (String word : List.of(scene.first().kind().word(), scene.first().colour().word())) {
            String role = word.equals(scene.first().kind().word()) ? "noun, " : "colour, ";
            byLayer(recorder.maps()).forEach((layer, maps) -> add(results, role + layer, attention(maps, words.require(word)), mask, maps));
        }
    }

    private static Map<String, List<RecordedMap>> byLayer(List<RecordedMap> maps) {
        Map<String, List<RecordedMap>> layers = new LinkedHashMap<>();
        for (RecordedMap map : maps) {
            if (map.grid().width() == LARGE_GRID) {
                layers.computeIfAbsent("all of 16x16", _ -> new ArrayList<>()).add(map);
            }
            String layer = map.site().path().replaceAll("\\.transformer_blocks.*", "") + " " + map.grid().width() + "x" + map.grid().height();
            layers.computeIfAbsent(layer, _ -> new ArrayList<>()).add(map);
        }
        return layers;
    }

    /** The attention to tokens in each cell, summed over maps of one grid. */
    private static double[] attention(List<RecordedMap> maps, List<Integer> tokens) {
        double[] sums = new double[maps.getFirst().grid().cells()];
        for (RecordedMap map : maps) {
            for (int cell = 0; cell < sums.length; cell++) {
                for (int token : tokens) {
                    sums[cell] += map.elements()[cell * map.keys() + token];
                }
            }
        }
        return sums;
    }

    private static void add(Measurements results, String row, double[] attention, Mask mask, List<RecordedMap> maps) {
        boolean[] thing = cells(mask, maps.getFirst().grid());
        int size = (int) IntStream.range(0, thing.length).filter(cell -> thing[cell]).count();
        if (size == 0) {
            return;
        }
        double[] sorted = attention.clone();
        Arrays.sort(sorted);
        results.add(row, Metric.IOU_TOP_K, overlap(attention, sorted[sorted.length - size], thing));
        results.add(row, Metric.IOU_HALF_MAX, overlap(attention, sorted[sorted.length - 1] / 2, thing));
        double inside = IntStream.range(0, thing.length).filter(cell -> thing[cell]).mapToDouble(cell -> attention[cell]).sum();
        double all = Arrays.stream(attention).sum();
        results.add(row, Metric.MASS_RATIO, inside / all * thing.length / size);
    }

    private static double overlap(double[] attention, double threshold, boolean[] thing) {
        int both = 0;
        int either = 0;
        for (int cell = 0; cell < thing.length; cell++) {
            boolean attended = attention[cell] >= threshold;
            both += attended && thing[cell] ? 1 : 0;
            either += attended || thing[cell] ? 1 : 0;
        }
        return (double) both / either;
    }

    /** The cells of a grid that the mask fills at least by half. */
    static boolean[] cells(Mask mask, Extent grid) {
        int height = Rendering.SIDE / grid.height();
        int width = Rendering.SIDE / grid.width();
        int[] counts = new int[grid.cells()];
        for (int y = 0; y < Rendering.SIDE; y++) {
            for (int x = 0; x < Rendering.SIDE; x++) {
                counts[y / height * grid.width() + x / width] += mask.contains(x, y) ? 1 : 0;
            }
        }
        boolean[] cells = new boolean[counts.length];
        for (int cell = 0; cell < cells.length; cell++) {
            cells[cell] = 2 * counts[cell] >= height * width;
        }
        return cells;
    }
}
