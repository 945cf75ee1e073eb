package io.heddle.bench.quality;

import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.schedulers.NoiseSchedule;
import io.heddle.spi.Extent;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.toyworld.Backdrop;
import io.heddle.toyworld.Captions;
import io.heddle.toyworld.Mask;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Whether features of the decoder's blocks find a thing again that was moved: what DragonDiffusion's energies are made of. */
final class Correspondence implements Experiment {
    private static final List<Integer> TIMES = List.of(100, 300, 500, 700);
    private static final Set<String> BLOCKS = Set.of("up_blocks.0", "up_blocks.1", "up_blocks.2", "up_blocks.3");
    private static final double MARGIN = 18;

    @Override
    public String name() {
        return "correspondence";
    }

    @Override
    public String protocol() {
        return "Two pictures of a thing in two places, before the same background with other details; both noised with the same noise. For each cell of one, the"
                + " cell of the other whose features are nearest by cosine: the share of the thing's cells that find the thing, and of the others that"
                + " find the others; by chance: the thing's share of the cells.";
    }

    @Override
    public void measure(Session session, Measurements results) {
        Random random = session.choices();
        Scene scene = session.scene(SceneMix.SINGLES);
        Backdrop backdrop = new Backdrop(
                scene.backdrop().background(), between(random, 30, 48), between(random, 8, 56), between(random, 7, 17));
        Scene moved = new Scene(backdrop, scene.things())
                .withFirst(thing -> thing.at(between(random, MARGIN, 64 - MARGIN), between(random, MARGIN, 64 - MARGIN)));
        Rendering first = Rendering.of(scene);
        Rendering second = Rendering.of(moved);
        TextEmbedding caption = session.encode(Captions.evaluation(scene));
        TextConditioning text = TextConditioning.of(caption, caption);
        NoiseSchedule schedule = NoiseSchedule.stableDiffusion();
        for (int time : TIMES) {
            try (Scope _ = session.model().device().scope()) {
                Tensor noise = session.noise();
                Tensor latents = Tensor.concat(0,
                        schedule.addNoise(session.model().encode(first.picture()), noise, time),
                        schedule.addNoise(session.model().encode(second.picture()), noise, time));
                session.model().unet().features(latents, Pass.of(Step.at(time), text), BLOCKS).forEach((block, features) -> add(
                        results, "t %d, %s %dx%d".formatted(time, block, features.dim(1), features.dim(2)), features,
                        first.masks().getFirst(), second.masks().getFirst()));
            }
        }
    }

    private static double between(Random random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    private static void add(Measurements results, String row, Tensor features, Mask first, Mask second) {
        int side = features.dim(1);
        int cells = side * side;
        Tensor flat = features.reshape(2, cells, features.dim(3));
        Tensor unit = flat.dividedBy(flat.square().sum(2).sqrt().reshape(2, cells, 1));
        float[] similarity = unit.slice(0, 0, 1).matmulTransposed(unit.slice(0, 1, 1)).toArray();
        boolean[] from = AttentionToObject.cells(first, new Extent(side, side));
        boolean[] to = AttentionToObject.cells(second, new Extent(side, side));
        int[] found = new int[2];
        int[] all = new int[2];
        for (int cell = 0; cell < cells; cell++) {
            int nearest = 0;
            for (int other = 1; other < cells; other++) {
                nearest = similarity[cell * cells + other] > similarity[cell * cells + nearest] ? other : nearest;
            }
            int kind = from[cell] ? 1 : 0;
            all[kind]++;
            found[kind] += to[nearest] == from[cell] ? 1 : 0;
        }
        if (all[1] > 0) {
            results.add(row, Metric.THING_FOUND, found[1] / (double) all[1]);
            results.add(row, Metric.BACKGROUND_FOUND, found[0] / (double) all[0]);
            results.add(row, Metric.BY_CHANCE, all[1] / (double) cells);
        }
    }
}
