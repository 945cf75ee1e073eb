package io.heddle.weights;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Typed access to one JSON configuration file. A key that is absent or null has its default. A value of the wrong type, not finite, or out of range ends
 * in one {@link WeightException.InvalidConfig} that names file, key, expected and found; nothing is converted silently. Keys starting with an underscore
 * are the writer's private notes.
 */
public final class ConfigReader {
    /** The largest size that {@link #size} and {@link #sizes} accept: no extent of a network comes near it. */
    public static final int LARGEST_SIZE = 1 << 20;

    private static final int LONGEST_FILE = 16 << 20;
    private static final int LONGEST_LIST = 64;

    private final String origin;
    private final JsonObject values;

    private ConfigReader(String origin, JsonObject values) {
        this.origin = origin;
        this.values = values;
    }

    /**
     * Reads a file.
     *
     * @throws WeightException if it is missing, a Git LFS pointer, or not one JSON object
     */
    public static ConfigReader read(Path file) {
        return parse(file.toString(), bytes(file, LONGEST_FILE));
    }

    /**
     * Parses a JSON object, in which the numbers {@code -Infinity}, {@code Infinity} and {@code NaN} of Python's writer are strings.
     *
     * @param origin what the text is called in messages
     */
    public static ConfigReader parse(String origin, byte[] json) {
        return new ConfigReader(origin, StrictJson.object(origin, PythonConstants.quoted(json)));
    }

    /**
     * Reads from an object in memory.
     *
     * @param origin what the object is called in messages
     */
    public static ConfigReader of(String origin, JsonObject values) {
        return new ConfigReader(origin, values.deepCopy());
    }

    static byte[] bytes(Path file, long longest) {
        if (!Files.isRegularFile(file)) {
            throw new WeightException.Inaccessible(file + (Files.exists(file) ? " is not a file" : " does not exist") + ": a JSON file is expected");
        }
        ForeignFormat.refusePointer(file);
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes((int) longest + 1);
            if (bytes.length > longest) {
                throw new WeightException.Malformed(file + " is longer than " + Phrases.count(longest) + " bytes and no such JSON file");
            }
            return bytes;
        } catch (IOException e) {
            throw new WeightException.Inaccessible(file + " cannot be read: " + e, e);
        }
    }

    /** What this configuration is called in messages: the file's name. */
    public String origin() {
        return origin;
    }

    /** Whether {@code key} has a value other than null. */
    public boolean has(String key) {
        return values.has(key) && !values.get(key).isJsonNull();
    }

    /** Whether {@code key} is there and null, for the keys of which that means another thing than their absence. */
    public boolean isNull(String key) {
        return values.has(key) && values.get(key).isJsonNull();
    }

    /** A size from 1 to {@link #LARGEST_SIZE}. */
    public int size(String key, int defaultValue) {
        return has(key) ? toSize(key, values.get(key)) : defaultValue;
    }

    /** As {@link #size} without a default: absent and null are errors. */
    public int size(String key) {
        return toSize(key, required(key, "a size"));
    }

    /** {@code count} sizes: a list of that length, or one number that stands for all of them. */
    public List<Integer> sizes(String key, int count, List<Integer> defaultValue) {
        return has(key) ? repeated(key, count, this::toSize) : defaultValue;
    }

    /** A list of sizes of any length but 0, up to {@value #LONGEST_LIST}. */
    public List<Integer> sizes(String key, List<Integer> defaultValue) {
        return has(key) ? list(key, this::toSize) : defaultValue;
    }

    /** An integer from {@code smallest} to {@code largest}. */
    public int integer(String key, int defaultValue, int smallest, int largest) {
        return has(key) ? toInteger(key, values.get(key), smallest, largest) : defaultValue;
    }

    /** A finite number. */
    public double number(String key, double defaultValue) {
        return has(key) ? toNumber(key, values.get(key)) : defaultValue;
    }

    /** A finite number greater than 0. */
    public double positiveNumber(String key, double defaultValue) {
        double number = number(key, defaultValue);
        if (has(key) && number <= 0) {
            throw invalid(key, "a number greater than 0", values.get(key));
        }
        return number;
    }

    /** {@code count} finite numbers: a list of that length, or one number that stands for all of them. */
    public List<Double> numbers(String key, int count, List<Double> defaultValue) {
        return has(key) ? repeated(key, count, this::toNumber) : defaultValue;
    }

    /** True or false. */
    public boolean flag(String key, boolean defaultValue) {
        return has(key) ? toFlag(key, values.get(key)) : defaultValue;
    }

    /** {@code count} flags: a list of that length, or one that stands for all of them. */
    public List<Boolean> flags(String key, int count, List<Boolean> defaultValue) {
        return has(key) ? repeated(key, count, this::toFlag) : defaultValue;
    }

    /** A string. */
    public String text(String key, String defaultValue) {
        return has(key) ? toText(key, values.get(key)) : defaultValue;
    }

    /** A list of strings of any length but 0, up to {@value #LONGEST_LIST}. */
    public List<String> texts(String key, List<String> defaultValue) {
        return has(key) ? list(key, this::toText) : defaultValue;
    }

    /** One of the constants of an enum, each of which has one spelling in files. */
    public <E extends Enum<E>> E choice(String key, E defaultValue, Function<E, String> spelling) {
        if (!has(key)) {
            return defaultValue;
        }
        E[] constants = defaultValue.getDeclaringClass().getEnumConstants();
        String text = toText(key, values.get(key));
        return Arrays.stream(constants).filter(c -> spelling.apply(c).equals(text)).findFirst().orElseThrow(() -> invalid(
                key, "one of " + Arrays.stream(constants).map(spelling).collect(Collectors.joining(", ")), values.get(key)));
    }

    /**
     * Insists that {@code key} is absent, null, or one of {@code supported}, for features that only other values would switch on.
     *
     * @param supported strings, numbers (compared by value) and booleans
     */
    public void requireSupported(String key, Object... supported) {
        if (has(key) && Arrays.stream(supported).noneMatch(value -> same(values.get(key), value))) {
            String accepted = supported.length == 0 ? "null" : Arrays.stream(supported).map(Object::toString).collect(Collectors.joining(" or "));
            throw new WeightException.InvalidConfig(
                    origin + ": " + key + " is " + Phrases.name(values.get(key).toString()) + ", and only " + accepted + " is supported");
        }
    }

    /** The exception for a value of {@code key} that is wrong for a reason only the caller knows: {@code expected} completes "should be ...". */
    public WeightException invalid(String key, String expected) {
        return has(key) ? invalid(key, expected, values.get(key))
                : new WeightException.InvalidConfig(origin + ": " + key + " is missing and should be " + expected);
    }

    private WeightException invalid(String key, String expected, JsonElement found) {
        return new WeightException.InvalidConfig(origin + ": " + key + " should be " + expected + " and is " + Phrases.name(found.toString()));
    }

    private JsonElement required(String key, String expected) {
        if (!has(key)) {
            throw invalid(key, expected);
        }
        return values.get(key);
    }

    private <T> List<T> repeated(String key, int count, BiFunction<String, JsonElement, T> convert) {
        JsonElement value = values.get(key);
        if (!value.isJsonArray()) {
            return Collections.nCopies(count, convert.apply(key, value));
        }
        if (value.getAsJsonArray().size() != count) {
            throw invalid(key, "one value or a list of " + count, value);
        }
        return list(key, convert);
    }

    private <T> List<T> list(String key, BiFunction<String, JsonElement, T> convert) {
        JsonElement value = values.get(key);
        if (!(value instanceof JsonArray array) || array.isEmpty() || array.size() > LONGEST_LIST) {
            throw invalid(key, "a list of 1 to " + LONGEST_LIST + " values", value);
        }
        List<T> items = new ArrayList<>();
        for (JsonElement item : array) {
            items.add(convert.apply(key, item));
        }
        return List.copyOf(items);
    }

    private int toSize(String key, JsonElement value) {
        return toInteger(key, value, 1, LARGEST_SIZE);
    }

    private int toInteger(String key, JsonElement value, int smallest, int largest) {
        String expected = "an integer from " + smallest + " to " + largest;
        String digits = primitive(value).filter(JsonPrimitive::isNumber).map(JsonPrimitive::getAsString)
                .orElseThrow(() -> invalid(key, expected, value));
        if (!digits.matches("-?\\d{1,10}")) {
            throw invalid(key, expected, value);
        }
        long number = Long.parseLong(digits);
        if (number < smallest || number > largest) {
            throw invalid(key, expected, value);
        }
        return (int) number;
    }

    private double toNumber(String key, JsonElement value) {
        double number = primitive(value).filter(JsonPrimitive::isNumber).map(JsonPrimitive::getAsDouble).orElse(Double.NaN);
        if (!Double.isFinite(number)) {
            throw invalid(key, "a finite number", value);
        }
        return number;
    }

    private boolean toFlag(String key, JsonElement value) {
        return primitive(value).filter(JsonPrimitive::isBoolean).map(JsonPrimitive::getAsBoolean)
                .orElseThrow(() -> invalid(key, "true or false", value));
    }

    private String toText(String key, JsonElement value) {
        return primitive(value).filter(JsonPrimitive::isString).map(JsonPrimitive::getAsString).orElseThrow(() -> invalid(key, "a string", value));
    }

    private static boolean same(JsonElement found, Object supported) {
        return primitive(found).filter(value -> switch (supported) {
            case String text -> value.isString() && value.getAsString().equals(text);
            case Boolean flag -> value.isBoolean() && value.getAsBoolean() == flag;
            case Number number -> value.isNumber() && value.getAsDouble() == number.doubleValue();
            default -> throw new IllegalArgumentException("not a value of a configuration: " + supported);
        }).isPresent();
    }

    private static Optional<JsonPrimitive> primitive(JsonElement value) {
        return value instanceof JsonPrimitive primitive ? Optional.of(primitive) : Optional.empty();
    }
}
