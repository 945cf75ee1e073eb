package io.heddle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.heddle.files.AtomicFile.Existing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PngTextTest {
    @TempDir
    Path folder;

    @Test
    void texts_ofAnyAlphabet_areReadBackInOrder() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("parameters", "a cat\nSteps: 50");
        texts.put("latin", "äöü ß");
        texts.put("heddle", "{\"prompt\":\"猫 😀\"}");
        Path file = write(texts);
        assertThat(PngText.read(file)).containsExactlyEntriesOf(texts);
        assertThat(Picture.read(file)).isEqualTo(Picture.filled(Size.square(2), 0x0a0b0c));
    }

    @Test
    void compressedTexts_ofOtherPrograms_areRead() throws IOException {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
            out.write("long text".getBytes(StandardCharsets.UTF_8));
        }
        Path file = folder.resolve("z.png");
        byte[] png = Files.readAllBytes(write(Map.of("key", "0123456789012345678901234567890123456789")));
        byte[] body = concat("key\0\1\0en\0Key\0".getBytes(StandardCharsets.UTF_8), deflated.toByteArray());
        byte[] length = {0, 0, 0, (byte) body.length};
        byte[] chunk = concat(concat(length, "iTXt".getBytes(StandardCharsets.US_ASCII)), concat(body, new byte[4]));
        Files.write(file, concat(concat(Arrays.copyOf(png, 33), chunk), Arrays.copyOfRange(png, 33, png.length)));
        assertThat(PngText.read(file)).containsEntry("key", "0123456789012345678901234567890123456789").hasSize(1);
        byte[] zbody = concat("zkey\0\0".getBytes(StandardCharsets.UTF_8), deflated.toByteArray());
        byte[] zchunk = concat(concat(new byte[] {0, 0, 0, (byte) zbody.length}, "zTXt".getBytes(StandardCharsets.US_ASCII)),
                concat(zbody, new byte[4]));
        Files.write(file, concat(concat(Arrays.copyOf(png, 33), zchunk), Arrays.copyOfRange(png, 33, png.length)));
        assertThat(PngText.read(file)).containsEntry("zkey", "long text");
    }

    @Test
    void recipe_isWrittenAsWebInterfacesWriteIt_andAsJson() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("Steps", "50");
        settings.put("Sampler", "DDIM");
        settings.put("CFG scale", "7.5");
        settings.put("Blend", "cat, dog");
        JsonObject details = new JsonObject();
        details.addProperty("seed", 42L);
        PictureRecipe recipe = new PictureRecipe("a cat", "blurry", settings, details);
        Path file = write(recipe.toText());
        assertThat(PngText.read(file).get("parameters"))
                .isEqualTo("a cat\nNegative prompt: blurry\nSteps: 50, Sampler: DDIM, CFG scale: 7.5, Blend: \"cat, dog\"");
        assertThat(PictureRecipe.details(PngText.read(file))).contains(details);
    }

    @Test
    void foreignText_underOurKeyword_isNoRecipe() {
        assertThat(PictureRecipe.details(Map.of("heddle", "{not json"))).isEmpty();
        assertThat(PictureRecipe.details(Map.of("heddle", "[1]"))).isEmpty();
        assertThat(PictureRecipe.details(Map.of())).isEmpty();
    }

    @Test
    void truncatedFile_isRefused() throws IOException {
        Path file = write(Map.of("parameters", "x"));
        byte[] png = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(png, png.length - 20));
        assertThatThrownBy(() -> PngText.read(file)).isInstanceOf(PictureException.class).hasMessageContaining(file.toString());
    }

    private Path write(Map<String, String> texts) {
        Path file = folder.resolve("t.png");
        Picture.filled(Size.square(2), 0x0a0b0c).write(file, texts, Existing.REPLACE);
        return file;
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
