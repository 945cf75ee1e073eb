package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.editing.StableDiffusion;
import io.heddle.editing.dragon.DragonSettings;
import io.heddle.editing.dragon.Edit;
import io.heddle.editing.dragon.Mask;
import io.heddle.editing.dragon.Move;
import io.heddle.editing.dragon.Paste;
import io.heddle.editing.dragon.Point;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Picture;
import io.heddle.image.Size;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.testkit.SharedFiles;
import io.heddle.toyworld.EmbeddedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Editing by dragging on the command line. */
class EditDragonCommandTest {
    private static final String PROMPT = "a red ball on the grass";
    private static final Size SIZE = new Size(160, 96);

    @TempDir
    Path folder;

    @BeforeEach
    void drawPictures() {
        picture("picture.png", SIZE);
        picture("other.png", new Size(64, 64));
        byte[] mask = new byte[3 * SIZE.pixels()];
        for (int i = 0; i < SIZE.pixels(); i++) {
            boolean inside = i % 160 >= 40 && i % 160 < 80 && i / 160 >= 30 && i / 160 < 70;
            mask[3 * i] = (byte) (inside ? 255 : 0);
        }
        Picture.of(SIZE, mask).write(folder.resolve("mask.png"), Map.of(), Existing.REFUSE);
    }

    private void picture(String name, Size size) {
        byte[] samples = new byte[3 * size.pixels()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i % 3 == 0 ? i / size.width() : i / 3 % size.width());
        }
        Picture.of(size, samples).write(folder.resolve(name), Map.of(), Existing.REFUSE);
    }

    static Stream<List<String>> edits() {
        return Stream.of(
                List.of("move", "--image", "PICTURE", "--mask", "MASK", "--from", "50,40", "--to", "80,50"),
                List.of("resize", "--image", "PICTURE", "--mask", "ellipse:60,50,20,20", "--scale", "1.3", "-p", PROMPT, "--sde", "--time-travel"),
                List.of("drag", "--image", "PICTURE", "--mask", "rect:20,20,100,60", "--points", "50,40>70,44;60,60>62,70", "--bank-dtype", "fp16"),
                List.of("appearance", "--image", "PICTURE", "--mask", "MASK", "--reference-image", "OTHER", "--reference-mask", "rect:8,8,40,40"),
                List.of("paste", "--image", "PICTURE", "--reference-image", "OTHER", "--reference-mask", "rect:8,8,20,20", "--from", "10,10", "--to",
                        "60,40", "--scale", "1.2", "--reference-prompt", PROMPT));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void edit_writesThePictureAfter_andBeforeAndAfter(List<String> arguments) {
        CommandRun run = edit(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        Picture edited = Picture.read(folder.resolve("out/edited.png"));
        assertThat(edited.width()).isGreaterThan(edited.height());
        assertThat(folder.resolve("out/before-after.png")).exists();
        assertThat(heddle("info", folder.resolve("out/edited.png").toString()).out()).contains("edit " + arguments.getFirst());
    }

    @Test
    void generatedPicture_isMoved_andCallsAreCounted() {
        CommandRun run =
                edit(List.of("move", "-p", PROMPT, "--seed", "3", "--mask", "ellipse:64,64,24,24", "--from", "64,64", "--to", "80,60", "--json"));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json().get("networkCalls").getAsInt()).isEqualTo(4 + 4 + 2 * 4);
        assertThat(run.json().get("seed").getAsInt()).isEqualTo(3);
    }

    @Test
    void pictureThatWasInvertedBefore_isMoved() {
        Path file = folder.resolve("inversion.safetensors");
        CommandRun inverted = heddle("invert", "-m", model(), "--image", folder.resolve("picture.png").toString(), "--prompt", PROMPT, "--method",
                "negative-prompt", "--steps", "4", "--guidance-scale", "4", "-o", file.toString());
        assertThat(inverted.code()).as(inverted.err()).isZero();
        CommandRun run = edit(List.of("move", "--inversion", file.toString(), "--mask", "rect:40,30,40,40", "--from", "50,40", "--to", "70,50"));
        assertThat(run.code()).as(run.err()).isZero();
    }

    @Test
    void fileOfThePicture_namesTheOneOfBeforeAndAfter_whateverItsCase() {
        CommandRun run = heddle("edit", "resize", "--image", folder.resolve("picture.png").toString(), "--mask", "rect:40,30,40,40", "--scale", "1.2",
                "--steps", "1", "-o", folder.resolve("cat.PNG").toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(folder.resolve("cat.PNG")).isRegularFile();
        assertThat(folder.resolve("cat-before-after.PNG")).isRegularFile();
        assertThat(heddle("info", folder.resolve("cat.PNG").toString()).out()).contains("edit resize");
    }

    @Test
    void guidance_isTheMethodsOwnUnlessGiven() {
        assertThat(heddle("edit", "move", "--help").out().replaceAll("\\s+", " ")).contains("the prompt alone (default: 4)");
        assertThat(heddle("edit", "appearance", "--help").out().replaceAll("\\s+", " ")).contains("the prompt alone (default: 5)");
    }

    @Test
    void help_saysHowMuchEnergiesAreFollowedOnSmallModels() {
        String help = heddle("edit", "move", "--help").out().replaceAll("\\s+", " ");
        Mask mask = Mask.rectangle(new Extent(8, 8), new Point(1, 1), new Point(2, 2));
        Move move = new Move(mask, new Point(1, 0), 1);
        Paste paste = new Paste(mask, new Point(1, 0));
        try (Device device = Device.open("cpu", 0); StableDiffusion small = StableDiffusion.load(EmbeddedModel.locate(), device)) {
            assertThat(help).contains("take %.0f times that, to paste %.0f times".formatted(factor(small, move), factor(small, paste)))
                    .contains(
                            "(default: %d; to move and resize on models of latents below 64x64, %d)".formatted(DragonSettings.of(move).guidedUntil(),
                                    DragonSettings.standard(small.unet(), move).guidedUntil()));
        }
    }

    private static double factor(StableDiffusion model, Edit edit) {
        return DragonSettings.standard(model.unet(), edit).energyScale() / DragonSettings.of(edit).energyScale();
    }

    static Stream<List<String>> impossibleEdits() {
        return Stream.of(
                List.of("move", "--mask", "MASK", "--from", "50,40", "--to", "80,50"),
                List.of("move", "--image", "PICTURE", "--mask", "MASK", "--from", "50", "--to", "80,50"),
                List.of("move", "--image", "PICTURE", "--mask", "MASK", "--from", "50,40", "--to", "300,50"),
                List.of("move", "--image", "PICTURE", "--mask", "OTHER", "--from", "50,40", "--to", "80,50"),
                List.of("move", "--image", "PICTURE", "--mask", "rect:1,2,3", "--from", "50,40", "--to", "80,50"),
                List.of("move", "--image", "PICTURE", "--mask", "rect:500,2,3,3", "--from", "50,40", "--to", "80,50"),
                List.of("move", "--image", "PICTURE", "--mask", "MASK", "--from", "60,50", "--to", "61,50", "--method", "direct"),
                List.of("move", "--image", "PICTURE", "--mask", "MASK", "--from", "60,50", "--to", "61,50", "--scheduler", "pndm"),
                List.of("move", "-p", "a ball", "--mask", "rect:9,9,40,40", "--from", "60,50", "--to", "61,50", "--scheduler", "euler"),
                List.of("resize", "--image", "PICTURE", "--mask", "MASK", "--scale", "0"),
                List.of("drag", "--image", "PICTURE", "--mask", "MASK", "--points", "50,40"),
                List.of("drag", "--image", "PICTURE", "--mask", "MASK", "--points", ";"),
                List.of("drag", "--image", "PICTURE", "--mask", "MASK", "--points", "5,5>9,9", "--correction", "everywhere"),
                List.of("paste", "--image", "PICTURE", "--reference-image", "OTHER", "--reference-mask", "rect:8,8,20,20", "--from", "10,10"));
    }

    @ParameterizedTest
    @MethodSource("impossibleEdits")
    void impossibleEdit_endsWithOneSentence(List<String> arguments) {
        CommandRun run = edit(arguments);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).startsWith("heddle: ").hasLineCount(1);
    }

    private CommandRun edit(List<String> methodAndMore) {
        Map<String, String> files = Map.of("PICTURE", "picture.png", "MASK", "mask.png", "OTHER", "other.png");
        List<String> arguments = new ArrayList<>(List.of("edit"));
        methodAndMore.forEach(a -> arguments.add(files.containsKey(a) ? folder.resolve(files.get(a)).toString() : a));
        arguments.addAll(List.of("-m", model(), "--steps", "4", "-o", folder.resolve("out").toString()));
        return heddle(arguments.toArray(String[]::new));
    }

    private static String model() {
        return SharedFiles.locate("toy_sd").toString();
    }
}
