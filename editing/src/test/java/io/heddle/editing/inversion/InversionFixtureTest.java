package io.heddle.editing.inversion;

import static io.heddle.editing.inversion.InvertedFixture.GUIDANCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.attention.Step.Purpose;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Latents;
import io.heddle.editing.Sampler;
import io.heddle.editing.pti.PromptTuningEdit;
import io.heddle.image.Picture;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.SharedFiles;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All inversions, and edits with them, against what the reference code computed. */
class InversionFixtureTest {
    private static final Device DEVICE = Device.open("cpu", 2);

    private Scope scope;

    @AfterAll
    static void closeDevice() {
        DEVICE.close();
    }

    @BeforeEach
    void open() {
        scope = DEVICE.scope();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void pictureIsEncodedAsTheReferenceDoes() {
        try (InvertedFixture given = InvertedFixture.of("09_ddim_inversion", DEVICE)) {
            Picture picture = Picture.read(SharedFiles.locate("fixtures/09_ddim_inversion/image.png"));
            given.fixture.assertChannelsLastMatches("z0", given.model.encode(picture));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 7.5})
    void ddimInversion_thereAndBack(double guidance) {
        try (InvertedFixture given = InvertedFixture.of("09_ddim_inversion", DEVICE);
                Inversion inversion = given.invert(new DdimInversion(), 10, guidance)) {
            given.fixture.assertMatches("inverted_cond", InvertedFixture.channelsFirst(inversion.trajectory().latents()));
            List<Tensor> back = inversion.reconstruction().subList(1, 11);
            given.fixture.assertMatches(guidance == 1 ? "back_g1" : "back_g7.5", InvertedFixture.channelsFirst(back));
        }
    }

    @Test
    void ddimInversion_withoutPrompt() {
        try (InvertedFixture given = InvertedFixture.of("09_ddim_inversion", DEVICE)) {
            List<float[]> latents = new ArrayList<>(List.of(Latents.toChannelsFirst(given.clean)));
            EditRecipe recipe = EditRecipe.plain(Conditioning.of(List.of(given.text.empty()), given.text.empty()), Guidance.classifierFree(1));
            new Sampler(given.model.unet()::predict, InvertedFixture.schedule(10).reversed(), Purpose.INVERT)
                    .run(given.clean, recipe, (_, latent) -> latents.add(Latents.toChannelsFirst(latent)));
            given.fixture.assertMatches("inverted_uncond", InvertedFixture.concat(latents));
        }
    }

    @Test
    void nullText_lossesEmbeddingsReconstructionAndEdit() {
        try (InvertedFixture given = InvertedFixture.of("09_null_text", DEVICE);
                Inversion inversion = given.invert(new NullTextInversion(new Tuning(3, 0.01, OptionalDouble.of(1e-5))), 5, GUIDANCE)) {
            given.fixture.assertMatches("inverted", InvertedFixture.channelsFirst(inversion.trajectory().latents()));
            assertLosses(inversion, given.fixture.floats("losses_f64run"));
            assertEmbeddings(inversion, given.fixture.floats("uncond_embeddings"));
            given.fixture.assertMatches("reconstruction", InvertedFixture.channelsFirst(inversion.reconstruction()));
            given.fixture.assertMatches("edit_latents_per_step", given.replaced(inversion, 0.8, 0.4));
        }
    }

    @Test
    void nullText_stopsEarlyWhereTheReferenceDoes() {
        try (InvertedFixture given = InvertedFixture.of("09_null_text", DEVICE)) {
            double epsilon = given.fixture.json().getAsJsonObject("early_stop_variant").get("epsilon").getAsDouble();
            Tuning tuning = new Tuning(3, 0.01, OptionalDouble.of(epsilon));
            try (Inversion inversion = given.invert(new NullTextInversion(tuning), 5, GUIDANCE)) {
                assertThat(inversion.report().losses()).extracting(List::size).containsExactly(1, 3, 3, 3, 3);
                assertEmbeddings(inversion, given.fixture.floats("early.uncond_embeddings"));
                given.fixture.assertMatches("reconstruction", InvertedFixture.channelsFirst(inversion.reconstruction()),
                        given.fixture.floats("early.reconstruction"));
            }
        }
    }

    @Test
    void negativePrompt_edit() {
        try (InvertedFixture given = InvertedFixture.of("09_negative_prompt_and_direct", DEVICE);
                Inversion inversion = given.invert(new NegativePromptInversion(), 10, GUIDANCE)) {
            given.fixture.assertMatches("inverted", InvertedFixture.channelsFirst(inversion.trajectory().latents()));
            given.fixture.assertMatches("npi_latents_per_step", given.replaced(inversion, 0.4, 0.6));
        }
    }

    @Test
    void direct_edit() {
        try (InvertedFixture given = InvertedFixture.of("09_negative_prompt_and_direct", DEVICE);
                Inversion inversion = given.invert(new DirectInversion(), 5, GUIDANCE)) {
            given.fixture.assertMatches("direct_inverted", InvertedFixture.channelsFirst(inversion.trajectory().latents()));
            given.fixture.assertMatches("direct_latents_per_step", given.replaced(inversion, 0.4, 0.6));
        }
    }

    @Test
    void promptTuning_lossesEmbeddingsReconstructionAndEdits() {
        try (InvertedFixture given = InvertedFixture.of("09_prompt_tuning", DEVICE);
                Inversion inversion = given.invert(new PromptTuningInversion(new Tuning(3, 0.01, OptionalDouble.empty())), 5, GUIDANCE)) {
            given.fixture.assertMatches("inverted_uncond", InvertedFixture.channelsFirst(inversion.trajectory().latents()));
            assertLosses(inversion, given.fixture.floats("losses_f64run"));
            assertEmbeddings(inversion, given.fixture.floats("cond_embeddings"));
            given.fixture.assertMatches("reconstruction", InvertedFixture.channelsFirst(inversion.reconstruction()));
            for (String eta : List.of("0", "0.5", "1")) {
                try (PromptTuningEdit edit = new PromptTuningEdit(inversion, given.text.conditional(), List.of(Double.valueOf(eta)))) {
                    given.fixture.assertMatches("edit_eta" + eta, given.latents(edit.recipe(), inversion));
                }
            }
        }
    }

    private static void assertLosses(Inversion inversion, float[] expected) {
        List<Float> losses = inversion.report().losses().stream().flatMap(List::stream).toList();
        assertThat(losses).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(losses.get(i) / expected[i]).isCloseTo(1, within(Tolerances.LOSS));
        }
    }

    private static void assertEmbeddings(Inversion inversion, float[] expected) {
        TensorAssert.assertRootMeanSquareClose("embeddings", InvertedFixture.elements(inversion.embeddings()), expected, Tolerances.TUNED_BY_ADAM);
    }
}
