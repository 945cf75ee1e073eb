package io.heddle.image;

import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** An immutable picture of 8-bit red, green and blue. */
public final class Picture {
    private static final int CHANNELS = 3;

    private final Size size;
    private final byte[] samples;

    /** Takes ownership of {@code samples}, {@code [height, width, 3]}. */
    Picture(Size size, byte[] samples) {
        if (samples.length != size.pixels() * CHANNELS) {
            throw new IllegalArgumentException(
                    "a picture of " + size + " has " + size.pixels() * CHANNELS + " samples, but got " + samples.length);
        }
        this.size = size;
        this.samples = samples;
    }

    /** A picture of the samples {@code [height, width, 3]}: red, green, blue of the first row's first pixel first. */
    public static Picture of(Size size, byte[] samples) {
        return new Picture(size, samples.clone());
    }

    /** A picture of one colour, given as {@code 0xRRGGBB}. */
    public static Picture filled(Size size, int rgb) {
        byte[] samples = new byte[size.pixels() * CHANNELS];
        for (int i = 0; i < samples.length; i += CHANNELS) {
            put(samples, i, rgb);
        }
        return new Picture(size, samples);
    }

    /** A picture of network values {@code [height, width, 3]} in -1..1; values outside are clamped. */
    public static Picture ofFloats(Size size, float[] values, PixelScale scale) {
        byte[] samples = new byte[values.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) scale.toByte(values[i]);
        }
        return new Picture(size, samples);
    }

    /**
     * Reads a PNG or JPEG file. Gray becomes red = green = blue, transparency is laid on white, 16-bit samples lose their lower byte, colour profiles
     * are ignored, and the picture is turned upright as its EXIF orientation says.
     *
     * @throws PictureException if the file is missing, damaged or of an unknown format
     */
    public static Picture read(Path file) {
        return PictureReader.read(file);
    }

    /** A copy of a Java2D image; transparency is laid on white. */
    public static Picture of(BufferedImage image) {
        return PictureReader.convert(image);
    }

    /** Width and height in pixels. */
    public Size size() {
        return size;
    }

    /** Width in pixels. */
    public int width() {
        return size.width();
    }

    /** Height in pixels. */
    public int height() {
        return size.height();
    }

    /** The pixel at column {@code x} and row {@code y} as {@code 0xRRGGBB}. */
    public int rgb(int x, int y) {
        int i = (y * width() + x) * CHANNELS;
        return (samples[i] & 0xff) << 16 | (samples[i + 1] & 0xff) << 8 | samples[i + 2] & 0xff;
    }

    /** A copy of the samples, {@code [height, width, 3]}. */
    public byte[] samples() {
        return samples.clone();
    }

    /** Network values in -1..1, {@code [height, width, 3]}. */
    public float[] toFloats(PixelScale scale) {
        float[] values = new float[samples.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = scale.toFloat(samples[i] & 0xff);
        }
        return values;
    }

    /** A copy for Java2D. */
    public BufferedImage toBufferedImage() {
        BufferedImage image = new BufferedImage(width(), height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height(); y++) {
            for (int x = 0; x < width(); x++) {
                image.setRGB(x, y, rgb(x, y));
            }
        }
        return image;
    }

    /** This picture at another size, to the bit as Pillow resizes it. The aspect ratio is the caller's business. */
    public Picture resize(Size size, Resampling filter) {
        return new Picture(size, new Resizer(this.size, size, filter).resize(samples, CHANNELS));
    }

    /**
     * A part of this picture.
     *
     * @throws IllegalArgumentException if the part reaches outside
     */
    public Picture crop(int left, int top, Size part) {
        if (left < 0 || top < 0 || left + part.width() > width() || top + part.height() > height()) {
            throw new IllegalArgumentException("a part of " + part + " at " + left + "," + top + " does not lie in a picture of " + size);
        }
        byte[] cut = new byte[part.pixels() * CHANNELS];
        int row = part.width() * CHANNELS;
        for (int y = 0; y < part.height(); y++) {
            System.arraycopy(samples, ((top + y) * width() + left) * CHANNELS, cut, y * row, row);
        }
        return new Picture(part, cut);
    }

    /** The largest square in the middle. An odd rest is left over on the right or at the bottom. */
    public Picture centreSquare() {
        int side = Math.min(width(), height());
        return crop((width() - side) / 2, (height() - side) / 2, Size.square(side));
    }

    /**
     * Writes this picture as a PNG file, whole or not at all.
     *
     * @param text the file's text chunks by keyword, as {@link PictureRecipe#toText} makes them; may be empty
     * @throws io.heddle.files.OutputException if the file exists and may not be replaced, or cannot be written
     */
    public void write(Path file, Map<String, String> text, Existing existing) {
        byte[] png = PngText.insert(PngText.encode(this), text);
        AtomicFile.write(file, existing, temporary -> Files.write(temporary, png));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture that && size.equals(that.size) && Arrays.equals(samples, that.samples);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(samples);
    }

    @Override
    public String toString() {
        return "picture of " + size;
    }

    static void put(byte[] samples, int index, int rgb) {
        samples[index] = (byte) (rgb >> 16);
        samples[index + 1] = (byte) (rgb >> 8);
        samples[index + 2] = (byte) rgb;
    }
}
