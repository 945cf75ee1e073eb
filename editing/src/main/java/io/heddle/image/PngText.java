package io.heddle.image;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.zip.CRC32;
import java.util.zip.InflaterInputStream;
import javax.imageio.ImageIO;

/** The text chunks of PNG files (PNG specification, section 11.3.3): {@code tEXt}, {@code zTXt} and {@code iTXt}. */
public final class PngText {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int AFTER_HEADER = SIGNATURE.length + 25;
    private static final int LONGEST_TEXT = 64 << 20;

    private PngText() {}

    /**
     * The texts of a PNG file by keyword, in the file's order.
     *
     * @throws PictureException if the file is missing, no PNG, or damaged
     */
    public static SequencedMap<String, String> read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw PictureException.missing(file);
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (!isPng(bytes)) {
                throw PictureException.damaged(file, "it is called a PNG file and does not begin like one");
            }
            SequencedMap<String, String> texts = new LinkedHashMap<>();
            forEachChunk(bytes, (type, data) -> text(type, data).ifPresent(text -> texts.put(text.getKey(), text.getValue())));
            return texts;
        } catch (IOException | UncheckedIOException e) {
            throw PictureException.unreadable(file, e);
        }
    }

    static boolean isPng(byte[] file) {
        return file.length > AFTER_HEADER && Arrays.equals(file, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    /** The contents of the first chunk of a type. */
    static Optional<byte[]> chunk(byte[] png, String wanted) {
        Map<String, byte[]> found = new LinkedHashMap<>();
        forEachChunk(png, (type, data) -> found.putIfAbsent(type, data));
        return Optional.ofNullable(found.get(wanted));
    }

    static byte[] encode(Picture picture) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture.toBufferedImage(), "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The file with the texts after its header: Latin-1 as {@code tEXt}, which every viewer shows, others as {@code iTXt}. */
    static byte[] insert(byte[] png, Map<String, String> texts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(png.length);
        out.write(png, 0, AFTER_HEADER);
        texts.forEach((keyword, text) -> {
            boolean latin = StandardCharsets.ISO_8859_1.newEncoder().canEncode(text);
            byte[] key = (keyword + "\0").getBytes(StandardCharsets.ISO_8859_1);
            // compression flag and method, language tag, translated keyword: all empty
            byte[] middle = new byte[latin ? 0 : 4];
            byte[] body = text.getBytes(latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
            write(out, latin ? "tEXt" : "iTXt", ByteBuffer.allocate(key.length + middle.length + body.length).put(key).put(middle).put(body).array());
        });
        out.write(png, AFTER_HEADER, png.length - AFTER_HEADER);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, String type, byte[] data) {
        CRC32 crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.US_ASCII));
        crc.update(data);
        DataOutputStream chunk = new DataOutputStream(out);
        try {
            chunk.writeInt(data.length);
            chunk.writeBytes(type);
            chunk.write(data);
            chunk.writeInt((int) crc.getValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void forEachChunk(byte[] png, BiConsumer<String, byte[]> visitor) {
        ByteBuffer in = ByteBuffer.wrap(png).position(SIGNATURE.length);
        while (in.remaining() >= 12) {
            int length = in.getInt();
            byte[] type = new byte[4];
            in.get(type);
            if (length < 0 || length > in.remaining() - 4) {
                throw new UncheckedIOException(new IOException("a chunk reaches past the end of the file"));
            }
            byte[] data = new byte[length];
            in.get(data).getInt();
            visitor.accept(new String(type, StandardCharsets.US_ASCII), data);
        }
    }

    private static Optional<Map.Entry<String, String>> text(String type, byte[] data) {
        int key = indexOfZero(data, 0);
        String keyword = new String(data, 0, key, StandardCharsets.ISO_8859_1);
        return switch (type) {
            case "tEXt" -> Optional.of(Map.entry(keyword, string(data, key + 1, false, StandardCharsets.ISO_8859_1)));
            case "zTXt" -> Optional.of(Map.entry(keyword, string(data, key + 2, true, StandardCharsets.ISO_8859_1)));
            case "iTXt" -> {
                int language = indexOfZero(data, key + 3);
                int translated = indexOfZero(data, language + 1);
                boolean compressed = key + 1 < data.length && data[key + 1] == 1;
                yield Optional.of(Map.entry(keyword, string(data, translated + 1, compressed, StandardCharsets.UTF_8)));
            }
            default -> Optional.empty();
        };
    }

    private static int indexOfZero(byte[] data, int from) {
        int i = from;
        while (i < data.length && data[i] != 0) {
            i++;
        }
        return Math.min(i, data.length);
    }

    private static String string(byte[] data, int from, boolean compressed, Charset charset) {
        int start = Math.min(from, data.length);
        if (!compressed) {
            return new String(data, start, data.length - start, charset);
        }
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(data, start, data.length - start))) {
            return new String(in.readNBytes(LONGEST_TEXT), charset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
