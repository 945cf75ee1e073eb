package io.heddle.bench.quality;

import io.heddle.attention.Step.Purpose;
import io.heddle.editing.dragon.Network;
import io.heddle.image.Picture;
import io.heddle.tensor.Scope;
import io.heddle.toyworld.SceneMix;
import java.util.Random;
import java.util.function.Supplier;

/** DragonDiffusion moves things, resizes them and gives them another one's colour, beside what it does without its energies and its bank. */
final class Dragging implements Experiment {
    private static final double NEAR = 3;
    private static final double NEARLY = 6;
    private static final double AREA = 0.15;

    @Override
    public String name() {
        return "dragon";
    }

    @Override
    public String protocol() {
        return "Rendered held-out pictures of one thing with their own captions; for sizes with the word of the new size, for appearances without"
                + " colour and texture; standard settings of the model. Moves by 20 to 56 px; sizes by 0.7 or 1.4; appearances of a thing of another colour in another picture. Places, areas,"
                + " colours and masks are read by the oracle and compared with its reading of the right answer; left behind: the share of the"
                + " vacated pixels that look more as before than as they should; the kept region is outside of the thing's old and new place, 4 px"
                + " around them excepted. Without energies: all else as in the edit; naive: the noise is taken along, without energies and bank; not edited: sampling with"
                + " the bank alone. Calls of the network are those after the inversion, whatever their rows.";
    }

    @Override
    public void measure(Session session, Measurements results) {
        Random random = session.choices();
        for (DragTask.Kind kind : DragTask.Kind.values()) {
            DragTask task = DragTask.of(kind, session.scene(SceneMix.SINGLES), random);
            Network network = session.network();
            try (Scope _ = session.model().device().scope();
                    DragTrial trial = new DragTrial(session.model(), network, task)) {
                add(results, kind.key(), task, network, trial::edited);
                add(results, kind.key() + ", without energies", task, network, trial::withoutEnergies);
                if (kind != DragTask.Kind.APPEARANCE) {
                    add(results, kind.key() + ", naive", task, network, trial::naive);
                }
                add(results, kind.key() + ", not edited", task, network, trial::reconstructed);
            }
        }
    }

    private static void add(Measurements results, String row, DragTask task, Network network, Supplier<Picture> made) {
        int before = calls(network);
        DragOutcome outcome = DragOutcome.of(task, made.get());
        switch (task.kind()) {
            case MOVE -> {
                results.add(row, Metric.WITHIN_3_PX, outcome.error() <= NEAR);
                results.add(row, Metric.WITHIN_6_PX, outcome.error() <= NEARLY);
                results.add(row, Metric.LEFT_BEHIND, outcome.left());
            }
            case RESIZE -> results.add(row, Metric.AREA_WITHIN_15_PERCENT, Math.abs(outcome.area() - 1) <= AREA);
            case APPEARANCE -> results.add(row, Metric.COLOUR, outcome.colour());
        }
        results.add(row, Metric.MASK_IOU, outcome.overlap());
        results.add(row, Metric.KEPT_REGION_DB, outcome.background());
        results.add(row, Metric.CALLS, calls(network) - before);
    }

    private static int calls(Network network) {
        return network.calls() - network.calls(Purpose.INVERT);
    }
}
