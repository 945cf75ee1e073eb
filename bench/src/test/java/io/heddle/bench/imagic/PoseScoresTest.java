package io.heddle.bench.imagic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PoseScoresTest {
    private static final Outcome MISSED = new Outcome(false, true, 0.9);
    private static final Outcome KEPT = new Outcome(true, true, 0.8);
    private static final Outcome LOST = new Outcome(true, false, 0.5);

    @Test
    void bothMethods_areAlsoJudgedAtTheMildestSettingOfEachPicture(@TempDir Path folder) throws IOException {
        PoseScores scores = new PoseScores();
        scores.add(verdict(List.of(MISSED, KEPT), List.of(KEPT, LOST)));
        scores.add(verdict(List.of(MISSED, MISSED), List.of(MISSED, LOST)));
        scores.write(folder);
        assertThat(Files.readAllLines(folder.resolve("table.csv"))).contains(
                "\"Imagic at each picture's first eta that changes the pose\",2,1,1,0.8500",
                "\"SDEdit at each picture's first strength that changes the pose\",2,2,1,0.6500");
    }

    private static JsonObject verdict(List<Outcome> imagic, List<Outcome> sdedit) {
        JsonObject verdict = new JsonObject();
        for (int i = 0; i < imagic.size(); i++) {
            verdict.add("Imagic, eta " + i, imagic.get(i).toJson());
        }
        for (int i = 0; i < sdedit.size(); i++) {
            verdict.add("SDEdit, strength " + i, sdedit.get(i).toJson());
        }
        return verdict;
    }
}
