package io.heddle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.AtomicFile.Existing;
import io.heddle.files.OutputException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void bytes_throughNetworkValuesAndBack_areUnchanged(PixelScale scale) {
        Picture all = ramp();
        float[] values = all.toFloats(scale);
        if (scale == PixelScale.TRUNCATED) {
            // the notebooks lose a step to rounding for some values; never more
            byte[] back = Picture.ofFloats(all.size(), values, scale).samples();
            for (int i = 0; i < back.length; i++) {
                assertThat((all.samples()[i] & 0xff) - (back[i] & 0xff)).isBetween(0, 1);
            }
        } else {
            assertThat(Picture.ofFloats(all.size(), values, scale)).isEqualTo(all);
        }
    }

    @Test
    void networkValues_outsideTheRange_areClampedAndTiesGoToTheEvenByte() {
        assertThat(PixelScale.NEAREST.toByte(-3)).isZero();
        assertThat(PixelScale.NEAREST.toByte(3)).isEqualTo(255);
        assertThat(PixelScale.NEAREST.toByte(0)).isEqualTo(128);
        assertThat(PixelScale.TRUNCATED.toByte(0)).isEqualTo(127);
    }

    @Test
    void writtenPicture_isReadBackToTheBit() {
        Picture noise = noise(new Size(37, 21));
        noise.write(folder.resolve("a.png"), Map.of(), Existing.REFUSE);
        assertThat(Picture.read(folder.resolve("a.png"))).isEqualTo(noise);
    }

    @Test
    void existingFile_isKept_unlessReplacingIsAskedFor() {
        Path file = folder.resolve("a.png");
        Picture first = Picture.filled(Size.square(2), 0x112233);
        Picture second = Picture.filled(Size.square(2), 0x445566);
        first.write(file, Map.of(), Existing.REFUSE);
        assertThatThrownBy(() -> second.write(file, Map.of(), Existing.REFUSE)).isInstanceOf(OutputException.class).hasMessageContaining("a.png");
        assertThat(Picture.read(file)).isEqualTo(first);
        second.write(file, Map.of(), Existing.REPLACE);
        assertThat(Picture.read(file)).isEqualTo(second);
    }

    @ParameterizedTest
    @CsvSource({
        "TYPE_INT_ARGB, 0x80ff0000, 0xff7f7f",
        "TYPE_4BYTE_ABGR, 0x80ff0000, 0xff7f7f",
        "TYPE_INT_ARGB, 0x00123456, 0xffffff",
        "TYPE_3BYTE_BGR, 0xff123456, 0x123456",
        "TYPE_INT_RGB, 0xff123456, 0x123456",
    })
    void transparency_isLaidOnWhite(String type, String argb, String expected) throws Exception {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.class.getField(type).getInt(null));
        image.setRGB(1, 1, Long.decode(argb).intValue());
        assertThat(read(image).rgb(1, 1)).isEqualTo(Integer.decode(expected));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 128, 255})
    void gray_keepsItsValue(int gray) throws IOException {
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(1, 0, 0, gray);
        assertThat(read(image).rgb(1, 0)).isEqualTo(gray * 0x010101);
    }

    @Test
    void sixteenBitGray_losesItsLowerByte() throws IOException {
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSample(0, 1, 0, 0xabcd);
        assertThat(read(image).rgb(0, 1)).isEqualTo(0xababab);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void exifOrientation_isUndone(int orientation) throws IOException {
        // the upright picture has one red quarter at the top left and one green at the top right
        Picture upright = Picture.read(jpeg(orientation, ByteOrder.LITTLE_ENDIAN));
        assertThat(upright.size()).isEqualTo(new Size(48, 32));
        assertThat(name(upright.rgb(8, 8))).isEqualTo("red");
        assertThat(name(upright.rgb(40, 8))).isEqualTo("green");
        assertThat(name(upright.rgb(8, 24))).isEqualTo("blue");
        assertThat(Picture.read(jpeg(orientation, ByteOrder.BIG_ENDIAN))).isEqualTo(upright);
    }

    @Test
    void damagedExif_doesNotHideThePicture() throws IOException {
        byte[] bytes = Files.readAllBytes(jpeg(6, ByteOrder.LITTLE_ENDIAN));
        bytes[16] = 0x7f;
        bytes[17] = 0x7f;
        Files.write(folder.resolve("bad.jpg"), bytes);
        assertThat(Picture.read(folder.resolve("bad.jpg")).size()).isEqualTo(new Size(32, 48));
    }

    @Test
    void unusableFiles_areRefusedInOneSentenceThatNamesThem() throws IOException {
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        Path half = folder.resolve("half.png");
        noise(new Size(64, 64)).write(half, Map.of(), Existing.REFUSE);
        byte[] whole = Files.readAllBytes(half);
        Files.write(half, Arrays.copyOf(whole, whole.length / 2));
        for (Path file : new Path[] {folder.resolve("missing.png"), folder, text, half}) {
            assertThatThrownBy(() -> Picture.read(file)).isInstanceOf(PictureException.class).hasMessageContaining(file.toString());
        }
    }

    @Test
    void crop_outsideThePicture_isRefused() {
        Picture picture = Picture.filled(new Size(8, 6), 0);
        assertThatThrownBy(() -> picture.crop(1, 0, new Size(8, 6))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("8x6");
    }

    private Picture read(BufferedImage image) throws IOException {
        Path file = folder.resolve("stored.png");
        ImageIO.write(image, "png", file.toFile());
        assertThat(Picture.of(image)).isEqualTo(Picture.read(file));
        return Picture.read(file);
    }

    private Path jpeg(int orientation, ByteOrder order) throws IOException {
        BufferedImage upright = new BufferedImage(48, 32, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = upright.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, 24, 16);
        graphics.setColor(Color.GREEN);
        graphics.fillRect(24, 0, 24, 16);
        graphics.setColor(Color.BLUE);
        graphics.fillRect(0, 16, 24, 16);
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(stored(upright, orientation), "jpg", out);
        byte[] plain = out.toByteArray();
        byte[] mark = order == ByteOrder.LITTLE_ENDIAN ? new byte[] {'I', 'I'} : new byte[] {'M', 'M'};
        ByteBuffer exif = ByteBuffer.allocate(36).put(new byte[] {(byte) 0xff, (byte) 0xe1, 0, 34}).put("Exif\0\0".getBytes()).put(mark).order(order);
        exif.putShort((short) 42).putInt(8).putShort((short) 1).putShort((short) 0x0112).putShort((short) 3).putInt(1);
        exif.putShort((short) orientation).putShort((short) 0).putInt(0);
        byte[] file = ByteBuffer.allocate(plain.length + 36).put(plain, 0, 2).put(exif.array()).put(plain, 2, plain.length - 2).array();
        return Files.write(folder.resolve("camera.jpg"), file);
    }

    /** What a camera stores: Exif names the side of the scene at which the stored rows and columns begin. */
    private static BufferedImage stored(BufferedImage upright, int orientation) {
        int w = upright.getWidth();
        int h = upright.getHeight();
        BufferedImage stored = new BufferedImage(orientation > 4 ? h : w, orientation > 4 ? w : h, BufferedImage.TYPE_INT_RGB);
        boolean rowsFromBottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
        boolean columnsFromRight = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int visualY = rowsFromBottom ? h - 1 - y : y;
                int visualX = columnsFromRight ? w - 1 - x : x;
                stored.setRGB(orientation > 4 ? visualY : visualX, orientation > 4 ? visualX : visualY, upright.getRGB(x, y));
            }
        }
        return stored;
    }

    private static String name(int rgb) {
        int red = rgb >> 16 & 0xff;
        int green = rgb >> 8 & 0xff;
        int blue = rgb & 0xff;
        return red > 180 && green < 80 ? "red" : green > 180 && red < 80 ? "green" : blue > 180 && red < 80 ? "blue" : Integer.toHexString(rgb);
    }

    private static Picture ramp() {
        byte[] samples = new byte[256 * 3];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i / 3);
        }
        return Picture.of(new Size(16, 16), samples);
    }

    private static Picture noise(Size size) {
        byte[] samples = new byte[size.pixels() * 3];
        new Random(7).nextBytes(samples);
        return Picture.of(size, samples);
    }
}
