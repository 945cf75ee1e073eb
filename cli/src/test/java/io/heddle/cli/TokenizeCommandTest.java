package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static io.heddle.cli.CommandRun.heddleReading;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.heddle.testkit.SharedFiles;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class TokenizeCommandTest {
    private static final String MODEL_A = "fixtures/model_a";

    @Test
    void json_hasIdsOfTheWholeContext_tokensAndWords() {
        JsonObject json = heddle("tokenize", "-m", SharedFiles.locate(MODEL_A).toString(), "--json", "unbelievably red, Cat").json();
        assertThat(json.getAsJsonArray("ids")).hasSize(77);
        assertThat(json.getAsJsonArray("tokens")).hasSize(77);
        assertThat(json.getAsJsonArray("tokens").get(1).getAsString()).isEqualTo("unbelievably</w>");
        JsonObject red = json.getAsJsonArray("words").get(1).getAsJsonObject();
        assertThat(red.get("word").getAsString()).isEqualTo("red,");
        assertThat(red.getAsJsonArray("positions")).hasSize(2);
    }

    @Test
    void lines_ofStandardInput_areTheReferenceTokenizersIds() {
        String model = SharedFiles.locate(MODEL_A).toString();
        List<JsonObject> cases = objects(SharedFiles.json("fixtures/01_tokenizer/strings.json").getAsJsonArray()).stream()
                .filter(c -> !c.get("text").getAsString().contains("\n") && c.getAsJsonArray("ids").size() <= 77)
                .toList();
        String input = String.join("\n", cases.stream().map(c -> c.get("text").getAsString()).toList()) + "\n";
        List<String> lines = heddleReading(input, "tokenize", "-m", model, "-").out().lines().toList();
        assertThat(lines).hasSameSizeAs(cases);
        for (int i = 0; i < lines.size(); i++) {
            JsonArray expected = cases.get(i).getAsJsonArray("ids");
            JsonArray ids = JsonParser.parseString(lines.get(i)).getAsJsonObject().getAsJsonArray("ids");
            assertThat(ids).hasSize(77).startsWith(expected.asList().toArray(JsonElement[]::new));
        }
    }

    @Test
    void textThatIsTooLong_isRefusedByItsFirstWordThatDoesNotFit_unlessTruncated() {
        String model = SharedFiles.locate(MODEL_A).toString();
        String text = "word ".repeat(75) + "straw";
        CommandRun refused = heddle("tokenize", "-m", model, text);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("\"straw\"").hasLineCount(1);
        JsonObject truncated = heddle("tokenize", "-m", model, "--truncate", "--json", text).json();
        assertThat(truncated.getAsJsonArray("ids").get(76).getAsInt()).isEqualTo(49407);
        assertThat(objects(truncated.getAsJsonArray("words")).getLast().getAsJsonArray("positions")).isEmpty();
    }

    @Test
    void table_showsPositionIdTokenAndWord() {
        CommandRun run = heddle("tokenize", "-m", SharedFiles.locate(MODEL_A).toString(), "a red Ball");
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).hasSize(7).anyMatch(line -> line.matches("\\s+3\\s+\\d+\\s+ball</w>\\s+Ball"));
    }

    private static List<JsonObject> objects(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonElement::getAsJsonObject).toList();
    }
}
