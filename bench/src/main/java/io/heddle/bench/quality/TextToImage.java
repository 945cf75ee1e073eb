package io.heddle.bench.quality;

import io.heddle.toyworld.Attribute;
import io.heddle.toyworld.Captions;
import io.heddle.toyworld.Oracle;
import io.heddle.toyworld.Reading;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import io.heddle.toyworld.Thing;
import java.util.List;
import java.util.Locale;

/** Whether generated pictures show what their prompts say. */
final class TextToImage implements Experiment {
    private static final List<Double> SCALES = List.of(3.0, 5.0, 7.5);
    private static final double PAIR_SCALE = 5;

    @Override
    public String name() {
        return "text-to-image";
    }

    @Override
    public String protocol() {
        return "Prompts of held-out scenes that name everything, of pairs first the left or upper thing unless said otherwise; all four are kind, colour, texture and background; the pose counts for kinds that have two; a whole pair has relation,"
                + " kinds and colours right, either way round counts it with the things' places exchanged as well.";
    }

    @Override
    public void measure(Session session, Measurements results) {
        Scene single = session.scene(SceneMix.SINGLES);
        for (double scale : SCALES) {
            String row = String.format(Locale.ROOT, "one thing, guidance %.1f", scale);
            Reading reading = Oracle.read(session.generate(List.of(Captions.evaluation(single)), scale).getFirst());
            OracleAccuracy.addSingle(results, row, reading, single);
            results.add(row, Metric.EVALUATIONS, session.evaluations());
        }
        Scene pair = session.scene(SceneMix.PAIRS);
        addPair(session, results, "two things", Captions.evaluation(pair), pair);
        addPair(session, results, "two things, right or lower one first", Captions.inverted(pair), pair);
    }

    private static void addPair(Session session, Measurements results, String what, String prompt, Scene pair) {
        String row = String.format(Locale.ROOT, "%s, guidance %.1f", what, PAIR_SCALE);
        Reading reading = Oracle.readPair(session.generate(List.of(prompt), PAIR_SCALE).getFirst());
        results.add(row, Metric.BACKGROUND, reading.agrees(Attribute.BACKGROUND, pair));
        results.add(row, Metric.RELATION, reading.agreesOnRelation(pair));
        results.add(row, Metric.BOTH_KINDS, reading.agreesOnBoth(Attribute.KIND, pair));
        results.add(row, Metric.BOTH_COLOURS, reading.agreesOnBoth(Attribute.COLOUR, pair));
        results.add(row, Metric.WHOLE_PAIR, reading.agreesOnPair(pair));
        results.add(row, Metric.EITHER_WAY_ROUND, reading.agreesOnPair(pair) || reading.agreesOnPair(exchanged(pair)));
        results.add(row, Metric.EVALUATIONS, session.evaluations());
    }

    /** Each of two things at the other one's place. */
    private static Scene exchanged(Scene pair) {
        Thing first = pair.things().get(0);
        Thing second = pair.things().get(1);
        return new Scene(pair.backdrop(), List.of(second.at(first.x(), first.y()), first.at(second.x(), second.y())));
    }
}
