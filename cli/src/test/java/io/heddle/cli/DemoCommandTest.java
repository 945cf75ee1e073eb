package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.heddle.image.Picture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
    private static final String STEPS = "20";
    private static final Pattern ARGUMENT = Pattern.compile("('[^']*'|\\\\'|[^'\\s])+");

    @TempDir
    static Path folder;

    private static Path made;
    private static CommandRun run;

    @BeforeAll
    static void runsOnce() {
        assumeThat(System.getenv("HEDDLE_MODEL")).as("HEDDLE_MODEL names a model").isNull();
        made = folder.resolve("demo");
        run = heddle("demo", "-o", made.toString(), "--steps", STEPS, "--json");
        assertThat(run.code()).as(run.err()).isZero();
    }

    @Test
    void everyClaim_wasChecked() {
        JsonObject json = run.json();
        assertThat(json.getAsJsonArray("facts")).hasSize(5).allMatch(fact -> fact.getAsJsonObject().get("holds").getAsBoolean());
        assertThat(json.getAsJsonArray("runs").get(0).getAsJsonObject().get("evaluations").getAsInt()).isEqualTo(2 * Integer.parseInt(STEPS));
    }

    @Test
    void oracle_readsWhatEveryEditWasAskedFor() {
        assertThat(run.json().getAsJsonArray("verdicts")).hasSizeGreaterThanOrEqualTo(6).allSatisfy(verdict -> {
            JsonObject entry = verdict.getAsJsonObject();
            assertThat(entry.get("agrees").getAsBoolean()).as(entry.toString()).isTrue();
        });
    }

    @Test
    void page_isSelfContained_andShowsEveryPictureButTheStrip() throws Exception {
        String page = Files.readString(made.resolve("index.html"));
        assertThat(page).doesNotContain("http", "<script", "<link", "url(", "%s").contains("oracle");
        int pictures = run.json().getAsJsonArray("pictures").size();
        assertThat(page.split("src=\"data:image/png;base64,", -1).length - 1).isGreaterThanOrEqualTo(pictures - 1);
        assertThat(page.split("src=", -1)).hasSameSizeAs(page.split("src=\"data:image/png;base64,", -1));
        for (JsonElement picture : run.json().getAsJsonArray("pictures")) {
            assertThat(Path.of(picture.getAsString())).isRegularFile();
        }
    }

    @Test
    void editedPictures_differFromTheirSource_andFromThePromptAlone() {
        assertThat(List.of(picture("source"), picture("swap"), picture("swap-prompt-only"), picture("add"), picture("strength-0.0"),
                picture("strength-4.0")))
                .doesNotHaveDuplicates();
    }

    @Test
    void commandsOnThePage_makeThePicturesAgain_inOneFolder() {
        assertThat(remade("swap-prompt-only", ".png")).isEqualTo(picture("swap-prompt-only"));
        assertThat(remade("swap", "/target.png")).isEqualTo(picture("swap"));
        assertThat(remade("word-03", "/02-red.png")).isEqualTo(picture("word-03"));
        assertThat(remade("strength-0.5", "/target.png")).isEqualTo(picture("strength-0.5"));
        assertThat(remade("photo-swap", "/target.png")).isEqualTo(picture("photo-swap"));
        assertThat(remade("photo-prompt-only", "/target.png")).isEqualTo(picture("photo-prompt-only"));
        assertThat(remade("moved", "/edited.png")).isEqualTo(picture("moved"));
    }

    @Test
    void commandsOnThePage_writeToPlacesOfTheirOwn() throws Exception {
        List<String> commands = Pattern.compile("<code>(.*?)</code>").matcher(Files.readString(made.resolve("index.html"))).results()
                .map(code -> code.group(1)).toList();
        assertThat(commands).hasSizeGreaterThan(20).allMatch(command -> command.startsWith("./heddle "));
        assertThat(commands.stream().map(command -> command.substring(command.lastIndexOf(" -o "))).distinct()).hasSameSizeAs(commands);
    }

    @Test
    void folderThatIsNotEmpty_isLeftAsItIs_unlessOverwritten() throws Exception {
        Map<Path, FileTime> before = times();
        CommandRun refused = heddle("demo", "-o", made.toString(), "--steps", STEPS);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("not empty", "--overwrite").hasLineCount(1);
        assertThat(times()).isEqualTo(before);
    }

    @Test
    void wrongInput_isRefusedBeforeAnythingIsMade() {
        String target = folder.resolve("never").toString();
        for (List<String> wrong : List.of(
                List.of("--steps", "0"),
                List.of("--guidance-scale", "1"),
                List.of("--source-prompt", "a cat"),
                List.of("--source-prompt", "a cat", "--target-prompt", "a cat", "--refined-prompt", "a red cat"),
                List.of("--model", "no/such/model/folder"))) {
            List<String> arguments = new ArrayList<>(List.of("demo", "-o", target));
            arguments.addAll(wrong);
            CommandRun refused = heddle(arguments.toArray(String[]::new));
            assertThat(refused.code()).as(wrong.toString()).isEqualTo(2);
            assertThat(refused.err()).startsWith("heddle: ").hasLineCount(1);
            assertThat(Path.of(target)).doesNotExist();
        }
    }

    @Test
    void otherPrompts_areQuotedInCommands_andWordsNamedWithoutPunctuation() {
        Path other = folder.resolve("other prompts");
        CommandRun shown = heddle("demo", "-o", other.toString(), "--steps", "1", "--seed", "3", "--source-prompt", "a red ball", "--target-prompt",
                "a blue ball", "--refined-prompt", "a cat's, red ball", "--device", "cpu", "--json");
        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.json().getAsJsonArray("verdicts")).isEmpty();
        assertThat(arguments(other.resolve("strength-2.0.png")))
                .containsSubsequence("--target-prompt", "a cat's, red ball", "--equalizer", "cat's=2.0", "--seed", "3", "--device", "cpu", "-o",
                        "strength-2.0");
    }

    @Test
    void failedCheck_isOneSentence_afterThePageIsWritten() {
        Path hurried = folder.resolve("hurried");
        CommandRun failed = heddle("demo", "-o", hurried.toString(), "--steps", "1", "--quiet");
        assertThat(failed.code()).isEqualTo(Heddle.FAILED);
        assertThat(failed.err()).startsWith("heddle: ").contains("index.html").doesNotContain("unexpected", "Exception").hasLineCount(1);
        assertThat(hurried.resolve("index.html")).isRegularFile();
    }

    /** Runs the command that a picture says it was made by, as all others in one folder. */
    private static Picture remade(String name, String result) {
        List<String> arguments = arguments(made.resolve(name + ".png"));
        assertThat(arguments.removeFirst()).isEqualTo("./heddle");
        Path again = folder.resolve("again");
        again.toFile().mkdir();
        arguments.set(arguments.size() - 1, again.resolve(arguments.getLast()).toString());
        CommandRun remake = heddle(arguments.toArray(String[]::new));
        assertThat(remake.code()).as(remake.err()).isZero();
        return Picture.read(again.resolve(name + result));
    }

    /** The command in a picture's recipe as a shell takes it apart. */
    private static List<String> arguments(Path picture) {
        String command = heddle("info", picture.toString(), "--json").json().getAsJsonObject("recipe").get("command").getAsString();
        List<String> arguments = new ArrayList<>();
        for (Matcher argument = ARGUMENT.matcher(command); argument.find();) {
            arguments.add(argument.group().replace("'\\''", "\0").replace("'", "").replace("\0", "'"));
        }
        return arguments;
    }

    private static Picture picture(String name) {
        return Picture.read(made.resolve(name + ".png"));
    }

    private static Map<Path, FileTime> times() throws Exception {
        Map<Path, FileTime> times = new LinkedHashMap<>();
        for (String name : Arrays.stream(made.toFile().list()).sorted().toList()) {
            times.put(made.resolve(name), Files.getLastModifiedTime(made.resolve(name)));
        }
        return times;
    }
}
