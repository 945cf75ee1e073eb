package io.heddle.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How a camera held a picture (Exif 2.32, tag 0x0112): what was stored has to be turned and mirrored to stand upright. */
enum Orientation {
    UPRIGHT,
    MIRRORED,
    UPSIDE_DOWN,
    FLIPPED,
    TRANSPOSED,
    TURNED_LEFT,
    TRANSVERSE,
    TURNED_RIGHT;

    private static final int TAG = 0x0112;
    private static final int START_OF_SCAN = 0xda;
    private static final int APP1 = 0xe1;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    /** The orientation that a JPEG or PNG file states; upright if it states none, or if its Exif block is damaged: the picture itself is not. */
    static Orientation of(byte[] file) {
        try {
            return exif(file).map(Orientation::ofTiff).orElse(UPRIGHT);
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException _) {
            return UPRIGHT;
        }
    }

    /** This orientation undone: the picture as it should be seen. */
    Picture apply(Picture stored) {
        if (this == UPRIGHT) {
            return stored;
        }
        int w = stored.width();
        int h = stored.height();
        boolean sideways = ordinal() >= TRANSPOSED.ordinal();
        Size size = sideways ? new Size(h, w) : stored.size();
        byte[] samples = new byte[size.pixels() * 3];
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                int rgb = switch (this) {
                    case UPRIGHT -> stored.rgb(x, y);
                    case MIRRORED -> stored.rgb(w - 1 - x, y);
                    case UPSIDE_DOWN -> stored.rgb(w - 1 - x, h - 1 - y);
                    case FLIPPED -> stored.rgb(x, h - 1 - y);
                    case TRANSPOSED -> stored.rgb(y, x);
                    case TURNED_LEFT -> stored.rgb(y, h - 1 - x);
                    case TRANSVERSE -> stored.rgb(w - 1 - y, h - 1 - x);
                    case TURNED_RIGHT -> stored.rgb(w - 1 - y, x);
                };
                Picture.put(samples, (y * size.width() + x) * 3, rgb);
            }
        }
        return new Picture(size, samples);
    }

    private static Optional<ByteBuffer> exif(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        return PngText.isPng(file) ? PngText.chunk(file, "eXIf").map(ByteBuffer::wrap)
                : bytes.getShort() == (short) 0xffd8 ? app1(bytes) : Optional.empty();
    }

    private static Optional<ByteBuffer> app1(ByteBuffer jpeg) {
        while (jpeg.remaining() >= 4 && (jpeg.get() & 0xff) == 0xff) {
            int marker = jpeg.get() & 0xff;
            int length = (jpeg.getShort() & 0xffff) - 2;
            if (marker == START_OF_SCAN) {
                return Optional.empty();
            }
            ByteBuffer segment = jpeg.slice(jpeg.position(), length);
            if (marker == APP1 && length > EXIF.length && segment.slice(0, EXIF.length).equals(ByteBuffer.wrap(EXIF))) {
                return Optional.of(segment.slice(EXIF.length, length - EXIF.length));
            }
            jpeg.position(jpeg.position() + length);
        }
        return Optional.empty();
    }

    private static Orientation ofTiff(ByteBuffer tiff) {
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        int entries = tiff.getShort(directory) & 0xffff;
        for (int entry = directory + 2; entries > 0; entry += 12, entries--) {
            if ((tiff.getShort(entry) & 0xffff) == TAG) {
                int value = tiff.getShort(entry + 8);
                return value >= 1 && value <= values().length ? values()[value - 1] : UPRIGHT;
            }
        }
        return UPRIGHT;
    }
}
