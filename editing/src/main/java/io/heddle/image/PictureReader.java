package io.heddle.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Decodes files by {@code javax.imageio} and brings every pixel format to 8-bit red, green and blue. */
final class PictureReader {
    private static final int WHITE = 255;

    private PictureReader() {}

    static Picture read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw PictureException.missing(file);
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
            if (image == null) {
                throw PictureException.unknownFormat(file);
            }
            return Orientation.of(bytes).apply(convert(image));
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            // the JDK's decoders answer damaged files with any of these
            throw PictureException.unreadable(file, e);
        }
    }

    static Picture convert(BufferedImage image) {
        Size size = new Size(image.getWidth(), image.getHeight());
        byte[] samples = new byte[size.pixels() * 3];
        boolean packed = image.getColorModel() instanceof IndexColorModel
                || image.getRaster().getNumDataElements() == 1 && image.getRaster().getNumBands() > 1;
        if (packed) {
            packed(image, samples);
        } else {
            bands(image, samples);
        }
        return new Picture(size, samples);
    }

    private static void packed(BufferedImage image, byte[] samples) {
        for (int y = 0, i = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++, i += 3) {
                int argb = image.getRGB(x, y);
                int alpha = argb >>> 24;
                for (int c = 0; c < 3; c++) {
                    samples[i + c] = onWhite(argb >> 16 - 8 * c & 0xff, alpha);
                }
            }
        }
    }

    /** Reads the samples themselves: the image's own conversion would take gray values for linear light and brighten them. */
    private static void bands(BufferedImage image, byte[] samples) {
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        boolean gray = bands < 3;
        int alphaBand = image.getColorModel().hasAlpha() ? bands - 1 : -1;
        int shift = raster.getSampleModel().getSampleSize(0) - 8;
        int[] pixel = new int[bands];
        for (int y = 0, i = 0; y < raster.getHeight(); y++) {
            for (int x = 0; x < raster.getWidth(); x++, i += 3) {
                raster.getPixel(x, y, pixel);
                int alpha = alphaBand < 0 ? 255 : pixel[alphaBand] >> shift;
                for (int c = 0; c < 3; c++) {
                    samples[i + c] = onWhite(pixel[gray ? 0 : c] >> shift, alpha);
                }
            }
        }
    }

    private static byte onWhite(int value, int alpha) {
        return (byte) ((value * alpha + WHITE * (255 - alpha) + 127) / 255);
    }
}
