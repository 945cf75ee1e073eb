package io.heddle.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import io.heddle.attention.AttentionSite;
import io.heddle.attention.AttentionTaps;
import io.heddle.attention.Pass;
import io.heddle.clip.ClipTextConfig.Activation;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Fixture;
import io.heddle.testkit.FormulaWeights;
import io.heddle.testkit.Golden;
import io.heddle.testkit.SharedFiles;
import io.heddle.testkit.TensorAssert;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ModelFolder;
import io.heddle.weights.ModelLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClipTextEncoderTest {
    /** {@code 998, 5, 77, 320, 5}, then padding with the end token. */
    private static final int[] IDS = IntStream.concat(IntStream.of(998, 5, 77, 320, 5), IntStream.generate(() -> 999).limit(72)).toArray();

    private static Device device;

    @BeforeAll
    static void openDevice() {
        device = Device.cpu();
    }

    @AfterAll
    static void closeDevice() {
        device.close();
    }

    @ParameterizedTest
    @EnumSource
    void formulaWeights_giveTheReferenceStates(Activation activation) {
        String name = activation == Activation.GELU ? "clip_gelu" : "clip_quick";
        try (ClipTextEncoder encoder = small(activation)) {
            TextEncoding encoding = encoder.encode(IDS);

            Golden.of(name + ".last_hidden_state.all").assertMatches(encoding.tokens().toArray());
            Golden.of(name + ".last_hidden_state[:, :8]").assertMatches(encoding.tokens().slice(1, 0, 8).toArray());
            Tensor beforeLast = encoder.hiddenState(Pass.ofText(1), 2, IDS);
            Golden.of(name + ".hidden_states[-2][:, :8]").assertMatches(beforeLast.slice(1, 0, 8).toArray());
            Golden.of(name + ".text_embeds").assertMatches(encoder.project(encoding.pooled()).toArray());
        }
    }

    @ParameterizedTest
    @CsvSource({"model_a, 03_text_encoder_a", "model_b, 03_text_encoder_b"})
    void prompts_areEncodedAsByTheReference(String model, String name) {
        Fixture fixture = Fixture.of(name);
        ModelLocation location = new ModelFolder(SharedFiles.locate("fixtures/" + model), Optional.empty());
        Tokenizer tokenizer = Tokenizer.load(location.tokenizerFolder());
        int[][] ids = fixture.json().getAsJsonObject("inputs").getAsJsonArray("prompts").asList().stream()
                .map(JsonElement::getAsString)
                .map(tokenizer::encodeTruncated)
                .toArray(int[][]::new);
        assertThat(Arrays.stream(ids).flatMapToInt(Arrays::stream).asLongStream().toArray()).containsExactly(fixture.longs("input_ids"));
        try (ClipTextEncoder encoder = load(location)) {
            TextEncoding encoding = encoder.encode(ids);
            Tensor beforeLast = encoder.hiddenState(Pass.ofText(ids.length), encoder.config().layers() - 1, ids);

            fixture.assertMatches("last_hidden_state", encoding.tokens().toArray());
            fixture.assertMatches("pooler_output", encoding.pooled().toArray());
            fixture.assertMatches("hidden_state_before_last", beforeLast.toArray());
        }
    }

    @Test
    void aPrompt_hasTheSameBitsAloneAndAmongOthers() {
        try (ClipTextEncoder encoder = small(Activation.QUICK_GELU)) {
            int[] other = IDS.clone();
            other[2] = 400;

            TensorAssert.assertSameBits(
                    "second of three", encoder.encode(other, IDS, other).tokens().row(1).toArray(), encoder.encode(IDS).tokens().toArray());
        }
    }

    @Test
    void aToken_seesNoneBehindIt() {
        try (ClipTextEncoder encoder = small(Activation.GELU)) {
            int[] changed = IDS.clone();
            changed[3] = 1;
            Tensor encoded = encoder.encode(IDS).tokens();
            Tensor other = encoder.encode(changed).tokens();

            TensorAssert.assertSameBits("before the change", other.slice(1, 0, 3).toArray(), encoded.slice(1, 0, 3).toArray());
            assertThat(other.slice(1, 3, 1).toArray()).isNotEqualTo(encoded.slice(1, 3, 1).toArray());
        }
    }

    @Test
    void readers_seeCausalMapsOfAllLayersAndChangeNothing() {
        try (ClipTextEncoder encoder = small(Activation.GELU)) {
            List<String> read = new ArrayList<>();
            List<float[]> maps = new ArrayList<>();
            AttentionTaps taps = AttentionTaps.none().read(call -> true, (call, map) -> {
                read.add(call.site().path());
                maps.add(map.row(0).toArray());
            });
            float[] tapped = encoder.encode(Pass.ofText(1).withTaps(taps), IDS).tokens().toArray();

            TensorAssert.assertSameBits("encoding", tapped, encoder.encode(IDS).tokens().toArray());
            assertThat(read).isEqualTo(encoder.sites().stream().map(AttentionSite::path).toList());
            assertThat(read.getFirst()).isEqualTo("text_model.encoder.layers.0.self_attn");
            assertThat(Arrays.copyOf(maps.getFirst(), 77)).startsWith(1, 0, 0).endsWith(0, 0);
        }
    }

    @Test
    void skippedLayers_areNormalisedLikeTheLast() {
        try (ClipTextEncoder encoder = small(Activation.GELU)) {
            TensorAssert.assertSameBits(
                    "none skipped", encoder.encodeSkipping(0, IDS).toArray(), encoder.encode(IDS).tokens().toArray());
            assertThat(encoder.encodeSkipping(1, IDS).toArray()).isNotEqualTo(encoder.encode(IDS).tokens().toArray());
            assertThatThrownBy(() -> encoder.encodeSkipping(4, IDS)).hasMessage("of 3 layers of the text encoder 4 cannot be skipped");
        }
    }

    @Test
    void idsThatDoNotFit_areRefused() {
        try (ClipTextEncoder encoder = small(Activation.GELU)) {
            assertThatThrownBy(() -> encoder.encode(new int[] {998, 1000}))
                    .hasMessageContaining("token id 1000 is not in the encoder's vocabulary of 1000");
            assertThatThrownBy(() -> encoder.encode(new int[78])).hasMessageContaining("one length, 1 to 77 ids, but one has 78");
            assertThatThrownBy(() -> encoder.encode(new int[3], new int[4])).hasMessageContaining("but one has 4 and the first 3");
            assertThatThrownBy(() -> encoder.encode(new int[3])).hasMessageContaining("no end token 999");
            assertThatThrownBy(() -> encoder.encode(Pass.ofText(2), IDS)).hasMessageContaining("2 rows");
        }
    }

    @Test
    void namesWithoutPrefix_areTheSameParameters() {
        ModelLocation withPrefix = new ModelFolder(SharedFiles.locate("toy_sd"), Optional.empty());
        ModelLocation without = new ModelFolder(SharedFiles.locate("fixtures/14_transformers5_layout"), Optional.empty());
        try (ClipTextEncoder expected = load(withPrefix);
                ClipTextEncoder encoder = load(without)) {
            assertThat(encoder.parameters().keySet()).isEqualTo(expected.parameters().keySet());
            encoder.parameters()
                    .forEach((name, parameter) -> TensorAssert
                            .assertSameBits(name, parameter.toCheckpoint(), expected.parameters().get(name).toCheckpoint()));
        }
    }

    private static ClipTextEncoder load(ModelLocation location) {
        try (Checkpoint checkpoint = location.open(Component.TEXT_ENCODER)) {
            ClipTextConfig config = ClipTextConfig.of(location.config(Component.TEXT_ENCODER));
            return checkpoint.load(source -> ClipTextEncoder.load(ParameterScope.root(device, source), config));
        }
    }

    private static ClipTextEncoder small(Activation activation) {
        ClipTextConfig config = new ClipTextConfig(1000, 32, 64, 3, 4, 77, activation, 1e-5f, 24, 999);
        return ClipTextEncoder.loadWithProjection(ParameterScope.root(device, new FormulaWeights()), config);
    }
}
