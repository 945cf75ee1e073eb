package io.heddle.bench.quality;

import io.heddle.image.Fidelity;
import io.heddle.image.Picture;
import io.heddle.toyworld.Attribute;
import io.heddle.toyworld.Oracle;
import io.heddle.toyworld.Reading;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;

/** How often the oracle reads right what is known: on renderings, and after the autoencoder. All other numbers are to be seen beside these. */
final class OracleAccuracy implements Experiment {
    @Override
    public String name() {
        return "oracle";
    }

    @Override
    public String protocol() {
        return "Held-out scenes, rendered, and the same after the autoencoder has encoded and decoded them.";
    }

    @Override
    public void measure(Session session, Measurements results) {
        Scene single = session.scene(SceneMix.SINGLES);
        Scene pair = session.scene(SceneMix.PAIRS);
        Picture one = Rendering.of(single).picture();
        Picture two = Rendering.of(pair).picture();
        add(results, "rendered", single, one, pair, two);
        Picture decoded = roundTrip(session, one);
        add(results, "autoencoder", single, decoded, pair, roundTrip(session, two));
        results.add("autoencoder", Metric.DB_TO_PICTURE, Fidelity.between(one, decoded).psnr());
    }

    private static Picture roundTrip(Session session, Picture picture) {
        return session.model().pictures(session.model().encode(picture)).getFirst();
    }

    private static void add(Measurements results, String row, Scene single, Picture one, Scene pair, Picture two) {
        addSingle(results, row, Oracle.read(one), single);
        results.add(row, Metric.WHOLE_PAIR, Oracle.readPair(two).agreesOnPair(pair));
    }

    /** What is read of a picture of one thing. The pose is only counted of kinds that have two. */
    static void addSingle(Measurements results, String row, Reading reading, Scene scene) {
        results.add(row, Metric.KIND, reading.agrees(Attribute.KIND, scene));
        results.add(row, Metric.COLOUR, reading.agrees(Attribute.COLOUR, scene));
        results.add(row, Metric.TEXTURE, reading.agrees(Attribute.TEXTURE, scene));
        results.add(row, Metric.BACKGROUND, reading.agrees(Attribute.BACKGROUND, scene));
        results.add(row, Metric.SIZE, reading.agrees(Attribute.SCALE, scene));
        if (scene.first().kind().poses().size() > 1) {
            results.add(row, Metric.POSE, reading.agrees(Attribute.POSE, scene));
        }
        results.add(row, Metric.ONE_OBJECT, reading.regions() == 1);
        results.add(row, Metric.ALL_FOUR, EditCase.FOUR.stream().allMatch(attribute -> reading.agrees(attribute, scene)));
    }
}
