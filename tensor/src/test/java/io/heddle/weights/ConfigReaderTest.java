package io.heddle.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private enum Activation {
        QUICK_GELU,
        GELU
    }

    private static ConfigReader config(String json) {
        return ConfigReader.parse("unet/config.json", json.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertInvalid(ThrowingCallable reading, String message) {
        assertThatThrownBy(reading).isInstanceOf(WeightException.InvalidConfig.class).hasMessage("unet/config.json: " + message);
    }

    @Test
    void absentAndNullKeys_haveTheirDefault() {
        for (ConfigReader config : List.of(config("{}"), config("{\"k\":null}"))) {
            assertThat(config.has("k")).isFalse();
            assertThat(config.size("k", 7)).isEqualTo(7);
            assertThat(config.sizes("k", 2, List.of(1, 2))).containsExactly(1, 2);
            assertThat(config.sizes("k", List.of(3))).containsExactly(3);
            assertThat(config.integer("k", -1, -5, 5)).isEqualTo(-1);
            assertThat(config.number("k", 0.5)).isEqualTo(0.5);
            assertThat(config.positiveNumber("k", 0.5)).isEqualTo(0.5);
            assertThat(config.numbers("k", 1, List.of(0.5))).containsExactly(0.5);
            assertThat(config.flag("k", true)).isTrue();
            assertThat(config.flags("k", 1, List.of(true))).containsExactly(true);
            assertThat(config.text("k", "t")).isEqualTo("t");
            assertThat(config.texts("k", List.of("t"))).containsExactly("t");
            assertThat(config.choice("k", Activation.GELU, Enum::name)).isEqualTo(Activation.GELU);
            config.requireSupported("k");
        }
    }

    @Test
    void values_areRead() {
        ConfigReader config = config("{\"i\":5,\"l\":[5,10],\"x\":1e-05,\"f\":false,\"s\":\"GELU\",\"t\":[\"a\",\"b\"],\"n\":-3}");
        assertThat(config.size("i")).isEqualTo(5);
        assertThat(config.sizes("l", 2, List.of())).containsExactly(5, 10);
        assertThat(config.sizes("i", 3, List.of())).containsExactly(5, 5, 5);
        assertThat(config.numbers("x", 2, List.of())).containsExactly(1e-5, 1e-5);
        assertThat(config.number("i", 0)).isEqualTo(5);
        assertThat(config.integer("n", 0, -10, 10)).isEqualTo(-3);
        assertThat(config.flag("f", true)).isFalse();
        assertThat(config.flags("f", 2, List.of())).containsExactly(false, false);
        assertThat(config.texts("t", List.of())).containsExactly("a", "b");
        assertThat(config.choice("s", Activation.QUICK_GELU, Enum::name)).isEqualTo(Activation.GELU);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1048577", "99999999999", "1e3", "8.0", "\"8\"", "true", "[8]", "{}"})
    void wrongSizes_areRefused(String value) {
        assertInvalid(() -> config("{\"k\":" + value + "}").size("k", 1), "k should be an integer from 1 to 1048576 and is " + value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999", "-1e999", "\"0.5\"", "true", "[1]"})
    void wrongNumbers_areRefused(String value) {
        assertInvalid(() -> config("{\"k\":" + value + "}").number("k", 1), "k should be a finite number and is " + value);
    }

    @ParameterizedTest
    @CsvSource({"0, a number greater than 0", "-0.5, a number greater than 0"})
    void numbersThatAreNotPositive_areRefused(String value, String expected) {
        assertInvalid(() -> config("{\"k\":" + value + "}").positiveNumber("k", 1), "k should be " + expected + " and is " + value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Infinity", "-Infinity", "NaN"})
    void constantsThatPythonWritesWithoutQuotes_areStrings(String value) {
        ConfigReader config = config("{\"text\":\"\\\"" + value + "\",\"k\":" + value + ", \"l\":[" + value + "]}");
        assertThat(config.text("text", "")).isEqualTo("\"" + value);
        assertThat(config.text("k", "")).isEqualTo(value);
        assertThat(config.texts("l", List.of())).containsExactly(value);
        assertInvalid(() -> config.number("k", 1), "k should be a finite number and is \"" + value + "\"");
    }

    @Test
    void otherWrongTypes_areRefused() {
        assertInvalid(() -> config("{\"k\":1}").flag("k", true), "k should be true or false and is 1");
        assertInvalid(() -> config("{\"k\":1}").text("k", ""), "k should be a string and is 1");
        assertInvalid(() -> config("{\"k\":[1,\"a\"]}").sizes("k", 2, List.of()), "k should be an integer from 1 to 1048576 and is \"a\"");
        assertInvalid(() -> config("{\"k\":[1,null]}").sizes("k", 2, List.of()), "k should be an integer from 1 to 1048576 and is null");
        assertInvalid(() -> config("{\"k\":[1,2]}").sizes("k", 3, List.of()), "k should be one value or a list of 3 and is [1,2]");
        assertInvalid(() -> config("{\"k\":[]}").texts("k", List.of()), "k should be a list of 1 to 64 values and is []");
        assertInvalid(() -> config("{\"k\":\"a\"}").texts("k", List.of()), "k should be a list of 1 to 64 values and is \"a\"");
        assertInvalid(() -> config("{\"k\":\"RELU\"}").choice("k", Activation.GELU, Enum::name),
                "k should be one of QUICK_GELU, GELU and is \"RELU\"");
        assertInvalid(() -> config("{\"k\":7}").integer("k", 0, -2, 2), "k should be an integer from -2 to 2 and is 7");
        assertInvalid(() -> config("{}").size("k"), "k is missing and should be a size");
    }

    @Test
    void unsupportedValues_areRefusedByName() {
        ConfigReader config = config("{\"a\":\"scale_shift\",\"b\":true,\"c\":2.0,\"d\":[1],\"e\":\"default\",\"f\":false,\"g\":1.0}");
        assertInvalid(() -> config.requireSupported("a", "default"), "a is \"scale_shift\", and only default is supported");
        assertInvalid(() -> config.requireSupported("b", false), "b is true, and only false is supported");
        assertInvalid(() -> config.requireSupported("c", 1), "c is 2.0, and only 1 is supported");
        assertInvalid(() -> config.requireSupported("d"), "d is [1], and only null is supported");
        config.requireSupported("e", "default", "other");
        config.requireSupported("f", false);
        config.requireSupported("g", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{}{}", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":1}}", "{a:1}", "{\"a\":01}",
        "{\"a\":+1}", "{\"a\":True}", "{\"a\":infinity}", "{\"a\":1NaN}"})
    void textThatIsNotOneJsonObject_isRefused(String json) {
        assertThatThrownBy(() -> config(json)).isInstanceOf(WeightException.Malformed.class).hasMessageStartingWith("unet/config.json is not valid");
    }

    @Test
    void longValues_areCutInMessages() {
        assertThatThrownBy(() -> config("{\"k\":\"" + "x".repeat(100_000) + "\"}").size("k"))
                .isInstanceOf(WeightException.InvalidConfig.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    @Test
    void missingFile_isRefused(@TempDir Path folder) {
        assertThatThrownBy(() -> ConfigReader.read(folder.resolve("config.json")))
                .isInstanceOf(WeightException.Inaccessible.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> ConfigReader.read(folder)).isInstanceOf(WeightException.Inaccessible.class).hasMessageContaining("is not a file");
    }
}
