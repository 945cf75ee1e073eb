package io.heddle.bench.quality;

import io.heddle.editing.Guidance;
import io.heddle.editing.p2p.EditKind;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.SourceRun;
import io.heddle.editing.p2p.StepWindow;
import io.heddle.editing.p2p.TensorStore;
import io.heddle.image.Picture;
import io.heddle.toyworld.Captions;
import io.heddle.toyworld.Oracle;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import io.heddle.toyworld.Sighting;
import io.heddle.toyworld.Texture;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The texture word made weaker and stronger by attention re-weighting. */
final class WordWeights implements Experiment {
    private static final double GUIDANCE = 5;
    private static final List<Double> WEIGHTS = List.of(-2.0, 0.0, 1.0, 3.0, 5.0);

    @Override
    public String name() {
        return "reweight";
    }

    @Override
    public String protocol() {
        return "Guidance 5, cross-attention weighted in the whole run, self-attention until 0.4; the oracle's probability of the texture whose word is weighted, 0 where no thing is seen. Weight 1 changes"
                + " nothing and is the source.";
    }

    @Override
    public void measure(Session session, Measurements results) {
        Texture texture = session.choices().nextBoolean() ? Texture.STRIPED : Texture.DOTTED;
        Scene scene = session.scene(SceneMix.SINGLES).withFirst(thing -> thing.with(texture));
        String prompt = Captions.evaluation(scene);
        // a weight acts while attention is injected, and textures are drawn to the end
        EditSettings settings = EditSettings.DEFAULTS.withKind(EditKind.REWEIGHT).withCrossReplace(StepWindow.ALWAYS);
        try (SourceRun source = new SourceRun(session.run(), prompt, settings, TensorStore.inMemory())) {
            Picture unchanged = session.sample(
                    session.noise(), source.recipe(session.conditioning(List.of(prompt)), Guidance.classifierFree(GUIDANCE)))
                    .getFirst();
            session.evaluations();
            for (double weight : WEIGHTS) {
                Picture picture = weight == 1
                        ? unchanged
                        : WordEdits.edited(session, source, prompt, prompt, settings.withEqualizer(Map.of(texture.word(), weight)));
                Optional<Sighting> seen = Oracle.read(picture).things().stream().findFirst();
                String row = "weight " + weight;
                results.add(row, Metric.PROBABILITY, seen.map(sighting -> sighting.textures().get(texture)).orElse(0.0));
                results.add(row, Metric.MASK_IOU, Comparison.of(unchanged, picture).maskOverlap());
                results.add(row, Metric.EVALUATIONS, session.evaluations());
            }
        }
    }
}
