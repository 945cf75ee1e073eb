package io.heddle.weights;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.ToNumberPolicy;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON as RFC 8259 has it and nothing else: strict UTF-8 without a byte order mark, one object with only white space around it, no repeated key, no
 * half of a surrogate pair, at most {@value #DEEPEST} levels.
 */
final class StrictJson {
    /** Reads the fields of one object; the reader stands behind its opening brace and must be left before its closing one. */
    @FunctionalInterface
    interface ObjectContent {
        void read(JsonReader reader) throws IOException;
    }

    /** What a reader of some object found wrong; {@link #readObject} adds where. */
    static final class Violation extends IOException {
        private static final long serialVersionUID = 1L;

        Violation(String message) {
            super(message);
        }
    }

    private static final int DEEPEST = 128;
    private static final byte BYTE_ORDER_MARK = (byte) 0xEF;
    private static final Pattern PLACE = Pattern.compile("at line \\d+ column \\d+");

    private StrictJson() {}

    /** Passes the one object in {@code bytes} to {@code content}; {@code what} begins the message of every error. */
    static void readObject(String what, byte[] bytes, ObjectContent content) {
        if (bytes.length > 0 && bytes[0] == BYTE_ORDER_MARK) {
            throw new WeightException.Malformed(what + " is not valid JSON: it begins with a byte order mark");
        }
        var characters = new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder());
        try (JsonReader reader = new JsonReader(characters)) {
            reader.setStrictness(Strictness.STRICT);
            reader.setNestingLimit(DEEPEST);
            expect(reader, JsonToken.BEGIN_OBJECT, "the outermost value");
            reader.beginObject();
            content.read(reader);
            reader.endObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new Violation("something follows the object");
            }
        } catch (CharacterCodingException e) {
            throw new WeightException.Malformed(what + " is not valid JSON: it is not UTF-8 text");
        } catch (EOFException e) {
            throw new WeightException.Malformed(what + " is not valid JSON: it ends in the middle");
        } catch (MalformedJsonException e) {
            Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
            String reason = String.valueOf(e.getMessage()).startsWith("Nesting limit") ? "it is nested deeper than " + DEEPEST + " levels"
                    : "syntax error";
            throw new WeightException.Malformed(what + " is not valid JSON: " + reason + (place.find() ? " " + place.group() : ""));
        } catch (Violation e) {
            throw new WeightException.Malformed(what + " is not valid: " + e.getMessage());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The one object in {@code bytes} as a tree. */
    static JsonObject object(String what, byte[] bytes) {
        JsonObject object = new JsonObject();
        readObject(what, bytes, reader -> fill(object, reader));
        return object;
    }

    /** The value that comes next, as a tree. */
    static JsonElement element(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> {
                JsonObject object = new JsonObject();
                reader.beginObject();
                fill(object, reader);
                reader.endObject();
                return object;
            }
            case BEGIN_ARRAY -> {
                JsonArray array = new JsonArray();
                reader.beginArray();
                while (reader.hasNext()) {
                    array.add(element(reader));
                }
                reader.endArray();
                return array;
            }
            case STRING -> {
                return new JsonPrimitive(reader.nextString());
            }
            case NUMBER -> {
                return new JsonPrimitive(ToNumberPolicy.LAZILY_PARSED_NUMBER.readNumber(reader));
            }
            case BOOLEAN -> {
                return new JsonPrimitive(reader.nextBoolean());
            }
            default -> {
                reader.nextNull();
                return JsonNull.INSTANCE;
            }
        }
    }

    /** The name of the next field. */
    static String name(JsonReader reader) throws IOException {
        return reader.nextName();
    }

    /** The next value, which must be a string; {@code what} names it. */
    static String string(JsonReader reader, String what) throws IOException {
        expect(reader, JsonToken.STRING, what);
        return reader.nextString();
    }

    /** The next value, which must be a non-negative integer below 2^63; {@code what} names it. */
    static long size(JsonReader reader, String what) throws IOException {
        expect(reader, JsonToken.NUMBER, what);
        String digits = reader.nextString();
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Violation(what + " should be a non-negative integer and is " + Phrases.name(digits));
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new Violation(what + " overflows: " + Phrases.name(digits));
        }
    }

    /** Checks the kind of the next value. */
    static void expect(JsonReader reader, JsonToken token, String what) throws IOException {
        JsonToken found = reader.peek();
        if (found != token) {
            throw new Violation(what + " should be " + describe(token) + " and is " + describe(found));
        }
    }

    private static void fill(JsonObject object, JsonReader reader) throws IOException {
        while (reader.hasNext()) {
            String name = name(reader);
            if (object.has(name)) {
                throw new Violation("the key " + Phrases.name(name) + " appears twice");
            }
            object.add(name, element(reader));
        }
    }

    private static String describe(JsonToken token) {
        return switch (token) {
            case BEGIN_OBJECT -> "an object";
            case BEGIN_ARRAY -> "a list";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            default -> "missing";
        };
    }
}
