package io.heddle.editing.pti;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.heddle.editing.Fingerprint;
import io.heddle.editing.Verdict;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Picture;
import io.heddle.image.Resampling;
import io.heddle.image.Size;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Judges an editing method by the protocol of FlexIT: each query's picture is cut to a square and resized, edited towards its target class, and judged by
 * its distance to the original, by a classifier among the classes of the list, and, all edited pictures together, by their features against those of real
 * ones. Couairon et al. 2022, "FlexIT".
 *
 * <p>Every edited picture and its verdict are written as soon as they are there, so that an interrupted evaluation goes on where it was.
 *
 * @param classes the classes
 * @param side of the square pictures in pixels; 256 in the paper
 * @param judges what judges
 * @param reference the means of real pictures' features
 */
public record EditEvaluation(ClassList classes, int side, EditJudges judges, FeatureMeans reference) {
    private static final int NO_CLASS = -1;

    /** An editing method as the evaluation sees it. */
    @FunctionalInterface
    public interface Editor {
        /**
         * Edits a picture.
         *
         * @param sourceName what it shows
         * @param targetName what it should show
         */
        Picture edit(Picture picture, String sourceName, String targetName);
    }

    /**
     * The result.
     *
     * @param items the number of edits
     * @param distance mean distance to the originals
     * @param accuracy share of edits that the classifier takes for their target, 0 … 1
     * @param csfid squared distance of mean features by class
     * @param sfid squared distance of mean features
     */
    public record Score(int items, double distance, double accuracy, double csfid, double sfid) {}

    /**
     * Edits and judges what is not there yet, and sums up.
     *
     * @param recipe what verdicts depend on beside queries, classes and side: the editor's settings and model, and what judges; kept with each verdict
     * @param out folder of the edited pictures and verdicts; made if it is missing
     * @throws IllegalArgumentException if the folder has verdicts on other queries or of another recipe
     */
    public Score run(List<EditQuery> queries, Editor editor, String recipe, Path out) {
        String how = side + " pixels, classes " + new Fingerprint().add(classes.toString()).hex() + ", " + recipe;
        FeatureMeans edited = new FeatureMeans();
        double distance = 0;
        int hits = 0;
        for (int i = 0; i < queries.size(); i++) {
            EditQuery query = queries.get(i);
            JsonObject verdict = verdict(query, editor, how, out.resolve("%05d".formatted(i)));
            distance += verdict.get("distance").getAsDouble();
            hits += verdict.get("class").getAsInt() == query.target() ? 1 : 0;
            edited.add(query.target(), verdict.getAsJsonArray("features").asList().stream().mapToDouble(JsonElement::getAsDouble).toArray());
        }
        int items = queries.size();
        return new Score(items, distance / items, hits / (double) items, edited.distanceByClass(reference), edited.distance(reference));
    }

    /** The verdict on a query, from its file if it is there. */
    private JsonObject verdict(EditQuery query, Editor editor, String how, Path name) {
        String asked = classes.ids().get(query.source()) + "/" + query.picture().getFileName() + " " + classes.ids().get(query.target()) + ", " + how;
        return Verdict.kept(name.resolveSibling(name.getFileName() + ".json"), asked, () -> {
            Picture original = Picture.read(query.picture()).centreSquare().resize(Size.square(side), Resampling.BICUBIC);
            Picture edited = editor.edit(original, classes.names().get(query.source()), classes.names().get(query.target()));
            edited.write(name.resolveSibling(name.getFileName() + ".png"), Map.of(), Existing.REPLACE);
            return judge(original, edited);
        });
    }

    private JsonObject judge(Picture original, Picture edited) {
        JsonObject verdict = new JsonObject();
        verdict.addProperty("distance", judges.distance().applyAsDouble(original, edited));
        verdict.addProperty("class", largest(judges.scores().apply(edited)));
        JsonArray features = new JsonArray();
        for (double feature : judges.features().apply(edited)) {
            features.add(feature);
        }
        verdict.add("features", features);
        return verdict;
    }

    /** The class of the largest score; of none where no score is larger than another, as of a picture that shows nothing. */
    private int largest(double[] scores) {
        if (scores.length != classes.ids().size()) {
            throw new IllegalArgumentException("the classifier gave " + scores.length + " scores for " + classes.ids().size() + " classes");
        }
        int best = 0;
        int least = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
            least = scores[i] < scores[least] ? i : least;
        }
        return best == least ? NO_CLASS : best;
    }
}
