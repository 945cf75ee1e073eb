package io.heddle.bench.quality;

import io.heddle.editing.Guidance;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.PromptToPrompt;
import io.heddle.editing.p2p.SourceRun;
import io.heddle.editing.p2p.TensorStore;
import io.heddle.image.Picture;
import io.heddle.toyworld.Attribute;
import io.heddle.toyworld.SceneMix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Prompt-to-Prompt beside the naive baseline, which samples the changed prompt from the same noise. */
final class WordEdits implements Experiment {
    private static final double GUIDANCE = 5;

    @Override
    public String name() {
        return "p2p";
    }

    @Override
    public String protocol() {
        return "Guidance 5. Success: the oracle reads the target attribute; kept: all others of kind, colour, texture and background are as the"
                + " prompt says; the kept region is outside both things, for backgrounds inside both; the masks' overlap is 0 where a picture shows no thing. Cross-attention until 0.8, self-attention until 0.4 of the run;"
                + " backgrounds are refined at 0.15 and 0.1, kinds and poses replaced at 0.1 and none. Blends at threshold 0.3 around noun and colour. Evaluations of the source are shared"
                + " by its edits and not counted.";
    }

    @Override
    public void measure(Session session, Measurements results) {
        Map<String, List<EditCase>> bySource = EditCase.of(session.scene(SceneMix.SINGLES), session.choices()).stream()
                .collect(Collectors.groupingBy(EditCase::sourcePrompt, LinkedHashMap::new, Collectors.toList()));
        bySource.forEach((prompt, cases) -> measure(session, prompt, cases, results));
    }

    private static void measure(Session session, String prompt, List<EditCase> cases, Measurements results) {
        try (SourceRun source = new SourceRun(session.run(), prompt, EditCase.widest(), TensorStore.inMemory())) {
            Picture before = session.sample(
                    session.noise(), source.recipe(session.conditioning(List.of(prompt)), Guidance.classifierFree(GUIDANCE)))
                    .getFirst();
            session.evaluations();
            List<Picture> naive = session.generate(cases.stream().map(EditCase::targetPrompt).toList(), GUIDANCE);
            double each = session.evaluations() / (double) cases.size();
            for (int i = 0; i < cases.size(); i++) {
                EditCase edit = cases.get(i);
                add(results, edit.row() + ", naive", edit, Comparison.of(before, naive.get(i)), each);
                addEdited(session, results, edit.row(), source, before, edit, edit.settings());
                edit.blend().ifPresent(blend -> addEdited(session, results, edit.row() + ", blend", source, before, edit, blend));
            }
        }
    }

    private static void addEdited(
            Session session, Measurements results, String row, SourceRun source, Picture before, EditCase edit, EditSettings settings) {
        Picture after = edited(session, source, edit.sourcePrompt(), edit.targetPrompt(), settings);
        add(results, row, edit, Comparison.of(before, after), session.evaluations());
    }

    /** The picture of a target prompt with the attention of a recorded source. */
    static Picture edited(Session session, SourceRun source, String sourcePrompt, String targetPrompt, EditSettings settings) {
        try (PromptToPrompt edit = PromptToPrompt.after(source, List.of(targetPrompt), settings)) {
            return session.sample(
                    session.noise(),
                    edit.recipe(session.conditioning(List.of(sourcePrompt, targetPrompt)), Guidance.classifierFree(GUIDANCE)))
                    .getFirst();
        }
    }

    private static void add(Measurements results, String row, EditCase edit, Comparison comparison, double evaluations) {
        results.add(row, Metric.SUCCESS, comparison.edited().agrees(edit.attribute(), edit.target()));
        results.add(row, Metric.KEPT, EditCase.FOUR.stream()
                .filter(attribute -> attribute != edit.attribute())
                .allMatch(attribute -> comparison.edited().agrees(attribute, edit.target())));
        results.add(row, Metric.MASK_IOU, comparison.maskOverlap());
        OptionalDouble kept = edit.attribute() == Attribute.BACKGROUND ? comparison.inside() : comparison.outside();
        kept.ifPresent(decibels -> results.add(row, Metric.KEPT_REGION_DB, decibels));
        results.add(row, Metric.EVALUATIONS, evaluations);
    }
}
