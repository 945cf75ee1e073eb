package io.heddle.bench.quality;

import io.heddle.editing.inversion.DdimInversion;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.PromptTuningInversion;
import io.heddle.editing.inversion.SourceText;
import io.heddle.editing.inversion.Tuning;
import io.heddle.editing.pti.PromptTuningEdit;
import io.heddle.image.Fidelity;
import io.heddle.image.Picture;
import io.heddle.tensor.Tensor;
import io.heddle.toyworld.Attribute;
import io.heddle.toyworld.Captions;
import io.heddle.toyworld.Colour;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;

/** Prompt Tuning Inversion: pictures get another colour, for which nothing but the target's caption is known. */
final class PromptTuning implements Experiment {
    private static final String DDIM = "ddim with the target prompt";
    private static final double GUIDANCE = 7.5;
    private static final List<Attribute> KEPT = List.of(Attribute.KIND, Attribute.TEXTURE, Attribute.BACKGROUND);
    private static final List<Double> ETAS = List.of(0.4, 0.6, 0.8, 1.0);
    private static final Tuning LONGER = new Tuning(10, Tuning.PROMPT_TUNING.learningRate(), OptionalDouble.empty());

    @Override
    public String name() {
        return "pti";
    }

    @Override
    public String protocol() {
        return "Rendered held-out pictures; the target is the caption of the same scene in another colour, the only text given. Guidance 7.5, rate"
                + " 0.01, 5 inner steps where no other number is said. Success and probability are of the target colour, kept: kind, texture and"
                + " background; the kept region lies outside both things; the masks' overlap is 0 where a picture shows no thing. DDIM with the target prompt"
                + " is the reconstruction that shows how much is lost, and the edit without tuning.";
    }

    @Override
    public void measure(Session session, Measurements results) {
        Scene scene = session.scene(SceneMix.SINGLES);
        Scene target = scene.withFirst(thing -> thing.with(other(thing.colour(), session.choices())));
        Picture picture = Rendering.of(scene).picture();
        Tensor clean = session.model().encode(picture);
        results.add("autoencoder", Metric.DB_TO_PICTURE, Fidelity.between(picture, session.model().pictures(clean).getFirst()).psnr());
        SourceText text = session.text(Captions.evaluation(target));
        try (Inversion ddim = session.inverter(GUIDANCE).invert(clean, text, new DdimInversion())) {
            Picture led = addReconstruction(session, results, DDIM, picture, ddim);
            add(results, DDIM, Comparison.of(picture, led), target);
        }
        Task task = new Task(picture, clean, text, target);
        addEdits(session, results, "", Tuning.PROMPT_TUNING, task);
        addEdits(session, results, LONGER.innerSteps() + " inner steps, ", LONGER, task);
    }

    /** A picture, encoded, and what it is to become. */
    private record Task(Picture picture, Tensor clean, SourceText text, Scene target) {}

    private static void addEdits(Session session, Measurements results, String tuned, Tuning tuning, Task task) {
        try (Inversion inversion = session.inverter(GUIDANCE).invert(task.clean, task.text, new PromptTuningInversion(tuning));
                PromptTuningEdit edit = new PromptTuningEdit(inversion, task.text.conditional(), ETAS)) {
            addReconstruction(session, results, tuned + "reconstruction", task.picture, inversion);
            List<Picture> edited = session.sample(inversion.start(), edit.recipe());
            double evaluations = session.evaluations() / (double) ETAS.size();
            boolean some = false;
            for (int i = 0; i < ETAS.size(); i++) {
                String row = tuned + "eta " + ETAS.get(i);
                some |= add(results, row, Comparison.of(task.picture, edited.get(i)), task.target);
                results.add(row, Metric.EVALUATIONS, evaluations);
            }
            results.add(tuned + "some eta", Metric.SUCCESS, some);
        }
    }

    /** The picture that the inversion leads back to. */
    private static Picture addReconstruction(Session session, Measurements results, String row, Picture picture, Inversion inversion) {
        Picture reconstructed = session.model().pictures(inversion.reconstruction().getLast()).getFirst();
        results.add(row, Metric.DB_TO_PICTURE, Fidelity.between(picture, reconstructed).psnr());
        results.add(row, Metric.EVALUATIONS, session.evaluations());
        results.add(row, Metric.GRADIENTS, inversion.report().cost().backward());
        return reconstructed;
    }

    /** Whether the edit succeeded. */
    private static boolean add(Measurements results, String row, Comparison comparison, Scene target) {
        boolean success = comparison.edited().agrees(Attribute.COLOUR, target);
        Colour wanted = target.first().colour();
        results.add(row, Metric.SUCCESS, success);
        results.add(row, Metric.KEPT, KEPT.stream().allMatch(attribute -> comparison.edited().agrees(attribute, target)));
        results.add(row, Metric.PROBABILITY,
                comparison.edited().things().stream().findFirst().map(sighting -> sighting.colours().get(wanted)).orElse(0.0));
        results.add(row, Metric.MASK_IOU, comparison.maskOverlap());
        comparison.outside().ifPresent(decibels -> results.add(row, Metric.KEPT_REGION_DB, decibels));
        return success;
    }

    private static Colour other(Colour present, Random random) {
        List<Colour> others = Arrays.stream(Colour.values()).filter(colour -> colour != present).toList();
        return others.get(random.nextInt(others.size()));
    }
}
