package io.heddle.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.heddle.testkit.Fixture;
import io.heddle.testkit.SharedFiles;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizerTest {
    private static final int BEGIN = 49406;
    private static final int END = 49407;

    static Stream<Arguments> textsAndIds() {
        return Stream.of(
                Arguments.of("", ""),
                Arguments.of("a photo of a cat", "320 1125 539 320 2368"),
                Arguments.of("A painting of a squirrel eating a burger", "320 3086 539 320 14004 4371 320 6548"),
                Arguments.of("a photograph of an astronaut riding a horse", "320 8853 539 550 18376 6765 320 4558"),
                Arguments.of("it's they're I'm we've you'll he'd don't", "585 568 889 982 328 880 649 1200 592 1342 797 1896 847 713"),
                Arguments.of("12345 3.14 2024", "272 273 274 275 276 274 269 272 275 273 271 273 275"),
                Arguments.of("1st 2nd", "272 545 273 1764"),
                Arguments.of("10,000", "272 271 267 271 271 271"),
                Arguments.of("caf\u00e9", "15304"),
                Arguments.of("cafe\u0301", "15304"),
                Arguments.of("na\u00efve fa\u00e7ade", "1097 35689 563 778 10067 1928"),
                Arguments.of("\u65e5\u672c\u8a9e\u306e\u5199\u771f", "39121 44353 34002 252 21575 44653 33440 509"),
                Arguments.of("\ud83d\ude00", "7334"),
                Arguments.of("a \ud83d\ude00 cat", "320 7334 2368"),
                Arguments.of(
                        "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\u200d\ud83d\udc66", "25023 26304 48938 4244 964 355"),
                Arguments.of("\ud83c\uddeb\ud83c\uddf7", "16223"),
                Arguments.of("\ud83d\udc4d\ud83c\udffd", "43722"),
                Arguments.of("\ufb01ne", "171 105 223 1422"),
                Arguments.of("\u00bd cup", "33613 1937"),
                Arguments.of("x\u00b2", "343 41175"),
                Arguments.of("\u0130stanbul", "328 16384 11231"),
                Arguments.of("\u03a3\u0391\u03a3", "139 225 138 109 139 481"),
                Arguments.of("AT&amp;T", "536 261 6259 282 339"),
                Arguments.of(
                        "\u201cquotes\u201d \u2018single\u2019 \u2014 dash\u2026", "728 506 5808 728 507 728 502 2688 728 503 2005 10206 959"),
                Arguments.of("a\u00a0b", "320 321"),
                Arguments.of("a\u3000b", "320 321"),
                Arguments.of("a\u200bb", "320 9844 321"),
                Arguments.of("snake_case under", "8798 318 2068 1798"),
                Arguments.of("e-mail@test.com", "324 268 2614 287 1628 269 2464"),
                Arguments.of("###", "2 15483"),
                Arguments.of("!!!", "995"),
                Arguments.of("...", "678"),
                Arguments.of("--", "2432"),
                Arguments.of("''", "8445"),
                Arguments.of("rock'n'roll", "2172 262 333 262 3341"),
                Arguments.of("o'clock", "334 262 6716"),
                Arguments.of("'S 'T", "568 713"),
                Arguments.of("''s", "8445 338"),
                Arguments.of("(masterpiece:1.2)", "263 12066 281 272 269 273 264"),
                Arguments.of("supercalifragilisticexpialidocious", "1642 2857 13093 2076 5868 26850 835 639 38466"),
                Arguments.of(
                        "pneumonoultramicroscopicsilicovolcanoconiosis",
                        "28714 749 20253 9800 535 532 1065 901 1556 13697 9916 78 39031 13903"),
                Arguments.of("zero\0byte", "5848 444 42798"),
                Arguments.of("a<|endoftext|>b", "320 49407 321"),
                Arguments.of("a <|STARTOFTEXT|> b", "320 49406 321"));
    }

    @ParameterizedTest
    @MethodSource("textsAndIds")
    void encode_givesTheReferenceIds(String text, String ids) {
        int[] inner = Arrays.stream(ids.split(" ")).filter(id -> !id.isEmpty()).mapToInt(Integer::parseInt).toArray();

        assertThat(Vocabularies.stableDiffusion1().encode(text)).containsExactly(framed(inner));
    }

    @Test
    void encode_ofEveryReferenceString_givesItsIds() {
        for (JsonElement element : SharedFiles.json("fixtures/01_tokenizer/strings.json").getAsJsonArray()) {
            String text = element.getAsJsonObject().get("text").getAsString();
            assertThat(Vocabularies.stableDiffusion1().encode(text)).as(text).containsExactly(ids(element.getAsJsonObject()));
        }
    }

    @Test
    void encode_withSpecialPadding_givesTheReferenceIds() {
        JsonArray texts = SharedFiles.json("fixtures/01_tokenizer/strings.json").getAsJsonArray();
        for (JsonElement element : SharedFiles.json("fixtures/01_tokenizer/strings_sd2.json").getAsJsonArray()) {
            JsonObject expected = element.getAsJsonObject();
            String text = texts.get(expected.get("index").getAsInt()).getAsJsonObject().get("text").getAsString();
            assertThat(Vocabularies.stableDiffusion2().encode(text)).as(text).containsExactly(ids(expected));
        }
    }

    @Test
    void exclamationMark_isThePaddingTokenOfStableDiffusion2() {
        assertThat(Vocabularies.stableDiffusion2().encode("Hello, World!")).endsWith(1002, 0, END);
        assertThat(Vocabularies.stableDiffusion2().encode("!!!")).containsExactly(BEGIN, 0, 0, 0, END);
    }

    @Test
    void encodePadded_fillsTheContextWithThePaddingToken() {
        int[] empty = Vocabularies.stableDiffusion1().encodePadded("");
        int[] emptyOf2 = Vocabularies.stableDiffusion2().encodePadded("");

        assertThat(empty).hasSize(77).startsWith(BEGIN, END).endsWith(END, END);
        assertThat(emptyOf2).hasSize(77).startsWith(BEGIN, END, 0).endsWith(0, 0);
    }

    @Test
    void encodeTruncated_ofEveryReferenceString_givesItsPaddedIds() {
        Fixture fixture = Fixture.of("01_tokenizer");
        JsonArray texts = SharedFiles.json("fixtures/01_tokenizer/strings.json").getAsJsonArray();
        Map<String, Tokenizer> tokenizers = Map.of("sd1", Vocabularies.stableDiffusion1(), "sd2", Vocabularies.stableDiffusion2());
        tokenizers.forEach((name, tokenizer) -> {
            IntStream padded = Arrays.stream(fixture.longs(name + "_index"))
                    .mapToObj(index -> texts.get((int) index).getAsJsonObject().get("text").getAsString())
                    .flatMapToInt(text -> Arrays.stream(tokenizer.encodeTruncated(text)));
            assertThat(padded.asLongStream().toArray()).as(name).isEqualTo(fixture.longs("padded_" + name));
        });
    }

    @Test
    void encodeTruncated_keepsTheFirstTokensAndTheEnd() {
        Tokenizer tokenizer = Vocabularies.stableDiffusion1();

        assertThat(tokenizer.encode("@".repeat(100))).hasSize(101).endsWith(31, 30314, END);
        assertThat(tokenizer.encodeTruncated("@".repeat(100))).containsExactly(framed(repeated(31)));
        assertThat(tokenizer.encodeTruncated("a ".repeat(100))).containsExactly(framed(repeated(320)));
    }

    @Test
    void encodePadded_ofALongPrompt_namesTheFirstWordThatDoesNotFit() {
        Tokenizer tokenizer = Vocabularies.stableDiffusion1();
        String full = "a ".repeat(74);

        assertThat(tokenizer.encodePadded(full + "cat")).doesNotContain(0).endsWith(2368, END);
        assertThatThrownBy(() -> tokenizer.encodePadded(full + "Porcupine, and more"))
                .isInstanceOf(PromptTooLongException.class)
                .hasMessage("the prompt has 80 tokens but the model takes 75: the first word that does not fit is \"Porcupine,\"; "
                        + "shorten the prompt or truncate it");
    }

    @Test
    void decode_ofOneToken_isItsText() {
        Tokenizer tokenizer = Vocabularies.stableDiffusion2();

        assertThat(tokenizer.decode(2368)).isEqualTo("cat");
        assertThat(tokenizer.decode(7334)).isEqualTo("\ud83d\ude00");
        assertThat(tokenizer.decode(127)).isEqualTo("\ufffd");
        assertThat(tokenizer.decode(0)).isEqualTo("!");
        assertThat(tokenizer.decode(END)).isEqualTo("<|endoftext|>");
        assertThat(tokenizer.symbol(2368)).isEqualTo("cat</w>");
        assertThatThrownBy(() -> tokenizer.decode(49408)).hasMessage("the vocabulary of 49408 tokens has no id 49408");
    }

    @Test
    void tokens_coverTheCharactersTheyWereMadeOf() {
        String text = "A cafe\u0301, \u0130stanbul <|endoftext|> \ud83d\ude00";

        assertThat(Vocabularies.stableDiffusion1().tokenize(text))
                .extracting(token -> text.substring(token.start(), token.end()))
                .containsExactly("A", "cafe\u0301", ",", "\u0130", "\u0130", "stanbul", "<|endoftext|>", "\ud83d\ude00");
    }

    @Test
    void normalisationByGraphemes_equalsThatOfTheWholeText() {
        Random random = new Random(7);
        int[] alphabet = IntStream.of(
                'a', 'E', ' ', '\n', '<', 0x300, 0x301, 0x327, 0x338, 0x323, 0x1100, 0x1161, 0x11a8, 0xac00, 0x915, 0x93c, 0x94d, 0x9c7,
                0x9be, 0x3099, 0x304b, 0xe9, 0x130, 0x1d157, 0x1d165, 0x200d, 0x1f468, 0xfb1d, 0x5d0, 0x5b4)
                .toArray();
        for (int trial = 0; trial < 5000; trial++) {
            StringBuilder text = new StringBuilder();
            random.ints(1 + trial % 9, 0, alphabet.length).forEach(i -> text.appendCodePoint(alphabet[i]));
            StringBuilder expected = new StringBuilder();
            Normalizer.normalize(text, Normalizer.Form.NFC)
                    .codePoints()
                    .forEach(codePoint -> expected.append(codePoint == 0x130 ? "i\u0307" : Character.toString(Character.toLowerCase(codePoint))));
            assertThat(NormalizedText.of(text.toString()).text()).as("seed 7, trial %d", trial).isEqualTo(expected.toString());
        }
    }

    private static int[] ids(JsonObject expected) {
        return expected.getAsJsonArray("ids").asList().stream().mapToInt(JsonElement::getAsInt).toArray();
    }

    private static int[] repeated(int id) {
        return IntStream.generate(() -> id).limit(75).toArray();
    }

    private static int[] framed(int[] inner) {
        return IntStream.concat(IntStream.of(BEGIN), IntStream.concat(Arrays.stream(inner), IntStream.of(END))).toArray();
    }
}
