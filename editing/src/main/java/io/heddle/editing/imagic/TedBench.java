package io.heddle.editing.imagic;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.heddle.editing.Verdict;
import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.files.OutputException;
import io.heddle.image.Picture;
import io.heddle.image.Resampling;
import io.heddle.image.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs a method on TEdBench: each picture is cut to a square, resized, edited with several η, and scored. The authors chose η for each picture by eye and
 * asked people; here every η has a folder of pictures under the authors' names, and its mean scores. An interrupted run goes on where it was.
 *
 * @param side of the square pictures in pixels
 * @param etas how far to go, one folder of results each
 * @param editor the method
 * @param judge scores the results
 */
public record TedBench(int side, List<Double> etas, Editor editor, EditJudge judge) {
    private static final String SCORES = "scores";

    /** An editing method as the benchmark sees it. */
    @FunctionalInterface
    public interface Editor {
        /**
         * Edits a picture.
         *
         * @param target what the results should show
         * @param progress a file where the method may keep what it has done; it is gone when the edit is done
         * @return one picture for each η
         */
        List<Picture> edit(Picture picture, String target, Path progress);
    }

    /**
     * Edits and judges what is not there yet, and writes {@code scores.csv}: a line for each item and η, the means last.
     *
     * @param recipe what verdicts depend on beside targets, etas and side: the editor's settings and model, and what judges; kept with each verdict
     * @param out folder of results; made if it is missing
     * @return the mean scores, one for each η
     * @throws IllegalArgumentException if the folder has verdicts on other targets or of another recipe
     */
    public List<EditScore> run(List<TedBenchItem> items, String recipe, Path out) {
        StringBuilder table = new StringBuilder("item,eta,similarity,edit\n");
        double[] similarity = new double[etas.size()];
        double[] edit = new double[etas.size()];
        for (TedBenchItem item : items) {
            JsonArray scores = verdict(item, recipe, out).getAsJsonArray(SCORES);
            for (int i = 0; i < etas.size(); i++) {
                EditScore score = EditScore.of(scores.get(i).getAsJsonObject());
                similarity[i] += score.similarity() / items.size();
                edit[i] += score.edit() / items.size();
                table.append(line(item.name(), etas.get(i), score));
            }
        }
        List<EditScore> means = new ArrayList<>();
        for (int i = 0; i < etas.size(); i++) {
            means.add(new EditScore(similarity[i], edit[i]));
            table.append(line("mean", etas.get(i), means.get(i)));
        }
        AtomicFile.write(out.resolve("scores.csv"), Existing.REPLACE, temporary -> Files.writeString(temporary, table));
        return means;
    }

    private static String line(String name, double eta, EditScore score) {
        return String.format(Locale.ROOT, "\"%s\",%s,%.6f,%.6f%n", name.replace("\"", "\"\""), eta, score.similarity(), score.edit());
    }

    private JsonObject verdict(TedBenchItem item, String recipe, Path out) {
        String asked = item.target() + " " + etas + ", " + side + " pixels, " + recipe;
        return Verdict.kept(out.resolve(item.name() + ".json"), asked, () -> {
            Picture original = Picture.read(item.picture()).centreSquare().resize(Size.square(side), Resampling.BICUBIC);
            List<Picture> edited = editor.edit(original, item.target(), out.resolve(item.name() + ".safetensors"));
            JsonArray scores = new JsonArray();
            for (int i = 0; i < etas.size(); i++) {
                edited.get(i).write(folder(out, etas.get(i)).resolve(item.name() + ".png"), Map.of(), Existing.REPLACE);
                scores.add(judge.judge(original, edited.get(i), item.target()).toJson());
            }
            JsonObject verdict = new JsonObject();
            verdict.add(SCORES, scores);
            return verdict;
        });
    }

    private static Path folder(Path out, double eta) {
        Path folder = out.resolve("eta-" + eta);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw OutputException.failed(folder, e);
        }
    }
}
