package io.heddle.weights;

import static io.heddle.weights.RawSafetensors.bytes;
import static io.heddle.weights.RawSafetensors.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The verdict on each kind of safetensors file that the format's reference implementation was asked about. */
class SafetensorsVerdictTest {
    private static final String PAIR = entry("a", "F32", "[2]", 0, 8);

    @TempDir
    Path folder;

    static Stream<Arguments> malformed() {
        return Stream.of(
                row("an empty file", new byte[0], "too few for a header"),
                row("7 bytes", new byte[7], "too few for a header"),
                row("header length 0", bytes("", 0), "not valid JSON"),
                row("header length 0 before data", bytes("", 16), "not valid JSON"),
                row("header length 1000 in a file of 100 bytes", lengthAndZeros(1000, 92), "not a valid length: only 92 bytes follow"),
                row("header length one beyond the end", lengthAndZeros(93, 92), "not a valid length"),
                row("header length above the cap", lengthAndZeros(100_000_001, 92), "too large"),
                row("header length 2^63", lengthAndZeros(Long.MIN_VALUE, 92), "9223372036854775808 bytes, too large"),
                row("header length 2^64 - 1", lengthAndZeros(-1, 92), "18446744073709551615 bytes, too large"),
                row("no tensors but extra bytes", bytes("{}", 4), "not fully covered"),
                row("trailing bytes", bytes("{" + PAIR + "}", 9), "not fully covered"),
                row("2 bytes missing", bytes("{" + PAIR + "}", 6), "not fully covered"),
                row("a hole", bytes("{" + PAIR + "," + entry("b", "F32", "[1]", 12, 16) + "}", 16), "invalid offset"),
                row("an overlap", bytes("{" + PAIR + "," + entry("b", "F32", "[1]", 4, 8) + "}", 8), "invalid offset"),
                row("two names on one range", bytes("{" + PAIR + "," + entry("b", "F32", "[2]", 0, 8) + "}", 8), "invalid offset"),
                row("first offset not 0", bytes("{" + entry("a", "F32", "[2]", 4, 12) + "}", 12), "invalid offset"),
                row("end before begin", bytes("{" + entry("a", "F32", "[2]", 8, 0) + "}", 8), "invalid offset"),
                row("too few bytes for the shape", bytes("{" + entry("a", "F32", "[3]", 0, 8) + "}", 8), "invalid info"),
                row("too many bytes for the shape", bytes("{" + entry("a", "F32", "[1]", 0, 8) + "}", 8), "invalid info"),
                row("half a byte", bytes("{" + entry("a", "F4", "[3]", 0, 1) + "}", 1), "whole bytes"),
                row("extents that overflow", bytes("{" + entry("a", "F32", "[2,9223372036854775808]", 0, 8) + "}", 8), "overflow"),
                row("extents whose product overflows", bytes("{" + entry("a", "F32", "[2,4611686018427387904]", 0, 8) + "}", 8), "overflow"),
                row("a negative extent", bytes("{" + entry("a", "F32", "[-2]", 0, 8) + "}", 8), "non-negative integer"),
                row("minus zero", bytes("{" + entry("a", "F32", "[-0]", 0, 0) + "}", 0), "non-negative integer"),
                row("a fractional extent", bytes("{" + entry("a", "F32", "[2.0]", 0, 8) + "}", 8), "non-negative integer"),
                row("an extent with an exponent", bytes("{" + entry("a", "F32", "[2e0]", 0, 8) + "}", 8), "non-negative integer"),
                row("an extent as a string", bytes("{" + entry("a", "F32", "[\"2\"]", 0, 8) + "}", 8), "should be a number"),
                row("three offsets", bytes("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}", 8), "two numbers"),
                row("one offset", bytes("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}", 8), "two numbers"),
                row("no dtype", bytes("{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8), "lacks dtype"),
                row("no shape", bytes("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", 8), "lacks dtype, shape"),
                row("an unknown dtype", bytes("{" + entry("a", "F33", "[2]", 0, 8) + "}", 8), "dtype of tensor a is unknown: F33"),
                row("a lower-case dtype", bytes("{" + entry("a", "f32", "[2]", 0, 8) + "}", 8), "dtype of tensor a is unknown: f32"),
                row("a tensor that is a list", bytes("{\"a\":[]}", 0), "should be an object"),
                row("metadata that is not a string", bytes("{\"__metadata__\":{\"format\":1}}", 0), "should be a string"),
                row("metadata that is a list", bytes("{\"__metadata__\":[]}", 0), "should be an object"),
                row("a repeated name", bytes("{" + PAIR + "," + PAIR + "}", 8), "appears twice"),
                row("a repeated field", bytes("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8),
                        "appears twice"),
                row("a repeated name, spelt with an escape", bytes("{" + PAIR + "," + entry("\\u0061", "F32", "[2]", 0, 8) + "}", 8),
                        "appears twice"),
                row("a byte order mark", bytes("\uFEFF{}", 0), "byte order mark"),
                row("a list outside", bytes("[]", 0), "should be an object"),
                row("a number outside", bytes("17", 0), "should be an object"),
                row("trailing garbage", bytes("{} x", 0), "not valid JSON"),
                row("two objects", bytes("{}{}", 0), "not valid JSON"),
                row("a trailing NUL", bytes("{}\0", 0), "not valid JSON"),
                row("a trailing comma", bytes("{" + PAIR + ",}", 8), "not valid JSON"),
                row("a comment", bytes("{/* none */}", 0), "not valid JSON"),
                row("single quotes", bytes("{'a':1}", 0), "not valid JSON"),
                row("a bare word", bytes("{a:1}", 0), "not valid JSON"),
                row("a control character in a string", bytes("{\"__metadata__\":{\"a\":\"\u0001\"}}", 0), "not valid JSON"),
                row("a control character in an ignored string", bytes("{\"a\":{\"x\":\"\u0001\"}}", 0), "not valid JSON"),
                row("half a surrogate pair", bytes("{\"__metadata__\":{\"a\":\"\\ud800\"}}", 0), "not valid JSON"),
                row("the other half", bytes("{\"__metadata__\":{\"a\":\"\\udc00\"}}", 0), "not valid JSON"),
                row("half a pair and a letter", bytes("{\"__metadata__\":{\"a\":\"\\ud800a\"}}", 0), "not valid JSON"),
                row("two first halves", bytes("{\"__metadata__\":{\"a\":\"\\ud800\\ud800\"}}", 0), "not valid JSON"),
                row("half a pair in a name", bytes("{\"\\udc00\":1}", 0), "not valid JSON"),
                row("an unfinished object", bytes("{" + PAIR, 8), "ends in the middle"),
                row("bad UTF-8", bytes(new byte[] {'{', '"', (byte) 0xC3, '"', '}'}, new byte[0]), "not UTF-8"),
                row("overlong UTF-8", bytes(new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"', '}'}, new byte[0]), "not UTF-8"),
                row("an ignored value nested 200 deep", bytes("{\"a\":{\"x\":" + "[".repeat(200) + "]".repeat(200) + "}}", 0), "nested deeper"),
                row("a list nested 100,000 deep", bytes("{\"a\":" + "[".repeat(100_000), 0), "should be an object"),
                row("a zero-sized tensor beside the running end", bytes("{" + PAIR + "," + entry("b", "F32", "[0]", 4, 4) + "}", 8),
                        "invalid offset"),
                row("a name of 5,000 characters", bytes("{" + entry("n".repeat(5000), "F32", "[2]", 0, 8) + "}", 8), "longer than"),
                row("a shape of 100 extents", bytes("{" + entry("a", "F32", "[1" + ",1".repeat(99) + "]", 0, 4) + "}", 4), "more than 64"),
                row("100,000 entries on one range", bytes(manyEntries(100_000), 16), "invalid offset"));
    }

    static Stream<Arguments> valid() {
        return Stream.of(
                row("no tensors", bytes("{}", 0), "[]"),
                row("metadata only", bytes("{\"__metadata__\":{\"format\":\"pt\"}}", 0), "[]"),
                row("an unknown field in a tensor",
                        bytes("{\"a\":{\"x\":{\"y\":[1,null]},\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8), "[a]"),
                row("leading white space", bytes(" \t\r\n{" + PAIR + "}", 8), "[a]"),
                row("trailing white space", bytes("{" + PAIR + "} \n\t ", 8), "[a]"),
                row("a scalar", bytes("{" + entry("a", "F32", "[]", 0, 4) + "}", 4), "[a]"),
                row("a zero-sized tensor", bytes("{" + entry("a", "F32", "[2,0]", 0, 0) + "," + entry("b", "F32", "[1]", 0, 4) + "}", 4), "[a, b]"),
                row("tensors in any order", bytes("{" + entry("b", "F32", "[1]", 8, 12) + "," + PAIR + "}", 12), "[a, b]"),
                row("unaligned tensors", bytes("{" + entry("a", "U8", "[1]", 0, 1) + "," + entry("b", "F32", "[1]", 1, 5) + "}", 5), "[a, b]"),
                row("F4 in whole bytes", bytes("{" + entry("a", "F4", "[4]", 0, 2) + "}", 2), "[a]"),
                row("F6 in whole bytes", bytes("{" + entry("a", "F6_E2M3", "[4]", 0, 3) + "}", 3), "[a]"),
                row("a header length of 640, which begins like a pickle", bytes(padded("{" + PAIR + "}", 640), 8), "[a]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void malformedFile_isRefusedWithItsReason(String ignored, byte[] content, String reason) {
        Path file = RawSafetensors.write(folder.resolve("x.safetensors"), content);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(WeightException.Malformed.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("valid")
    void validFile_isAccepted(String ignored, byte[] content, String names) {
        Path file = RawSafetensors.write(folder.resolve("x.safetensors"), content);
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThat(opened.tensors().keySet()).hasToString(names);
        }
    }

    @Test
    void everyTruncation_isRefused() {
        byte[] whole = bytes("{" + PAIR + "," + entry("b", "F16", "[3]", 8, 14) + "}", 14);
        for (int length = 0; length < whole.length; length++) {
            Path file = RawSafetensors.write(folder.resolve("x.safetensors"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafetensorsFile.open(file)).isInstanceOf(WeightException.Malformed.class);
        }
    }

    @Test
    void everyFlippedHeaderBit_isRefusedOrKeepsTheDataCovered() {
        String header = "{\"__metadata__\":{\"format\":\"pt\"}," + PAIR + "," + entry("b", "F16", "[3]", 8, 14) + "}";
        byte[] whole = bytes(header, 14);
        for (int bit = 0; bit < (Long.BYTES + header.length()) * Byte.SIZE; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            Path file = Path.of("x.safetensors");
            try {
                SafetensorsHeader parsed = SafetensorsHeader.parse(file, MemorySegment.ofArray(flipped));
                assertThat(parsed.tensors().values().stream().mapToLong(t -> t.bytes().byteSize()).sum()).isEqualTo(14);
            } catch (WeightException e) {
                assertThat(e).hasMessageStartingWith(file.toString());
            }
        }
    }

    @Test
    void metadata_keepsItsOrder() {
        Path file = RawSafetensors.write(folder.resolve("x.safetensors"), bytes("{\"__metadata__\":{\"z\":\"1\",\"a\":\"\\u00e9\\n\"}}", 0));
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThat(List.copyOf(opened.metadata().entrySet())).hasToString("[z=1, a=\u00e9\n]");
        }
    }

    private static Arguments row(String what, byte[] content, String expected) {
        return Arguments.of(what, content, expected);
    }

    private static byte[] lengthAndZeros(long length, int zeros) {
        return ByteBuffer.allocate(Long.BYTES + zeros).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    }

    private static String padded(String header, int length) {
        return header + " ".repeat(length - header.getBytes(StandardCharsets.UTF_8).length);
    }

    private static String manyEntries(int count) {
        return IntStream.range(0, count).mapToObj(i -> entry("t" + i, "U8", "[16]", 0, 16)).collect(Collectors.joining(",", "{", "}"));
    }
}
