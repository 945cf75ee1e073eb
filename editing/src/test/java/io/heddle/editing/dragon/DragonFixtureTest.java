package io.heddle.editing.dragon;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.Step.Purpose;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Latents;
import io.heddle.editing.Sampler;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published code's features, masks, energies, gradients, attention and whole edits, in the reference mode. */
class DragonFixtureTest {
    private static final Device DEVICE = Device.open("cpu", 2);
    private static final String ENERGIES = "11_dragon_energies";
    private static final int ENERGY_TIMESTEP = 701;
    private static final int ENERGY_CALL = 2;
    private static final int BANK_CALL = 6;

    @AfterAll
    static void closeDevice() {
        DEVICE.close();
    }

    @Test
    void features_matchThePublishedCode() {
        try (DragonFixture given = DragonFixture.of(ENERGIES, DEVICE)) {
            Step step = new Step(0, 1, ENERGY_TIMESTEP, Purpose.GUIDE);
            Pass pass = Pass.of(step, TextConditioning.of(given.text("in.context", 0)));
            List<Tensor> features = given.network.features(given.latent("in.latent"), pass);
            given.fixture.assertChannelsLastMatches("features.up1", features.get(0));
            given.fixture.assertChannelsLastMatches("features.up2", features.get(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"move", "resize_up", "resize_down"})
    void masksOfMoves_areThePublishedOnes(String name) {
        try (DragonFixture given = DragonFixture.of(ENERGIES, DEVICE)) {
            Move move = (Move) given.edit(name);
            Relocation relocation = PublishedRelocation.of(given.canvas(), move.object(), move.displacement(), move.scale());
            assertThat(relocation.to()).isEqualTo(given.mask("mask." + name + ".cur"));
            assertThat(relocation.vacated()).isEqualTo(given.mask("mask." + name + ".ipt"));
            assertThat(relocation.untouched()).isEqualTo(given.mask("mask." + name + ".other"));
            assertThat(relocation.shown().index()).isEqualTo(given.mask("mask." + name + ".tar").cells().index());
        }
    }

    @Test
    void masksOfDragAndPaste_areThePublishedOnes() {
        try (DragonFixture given = DragonFixture.of(ENERGIES, DEVICE)) {
            Drag drag = (Drag) given.edit("drag");
            Patches patches = new Patches(given.canvas(), true);
            for (int i = 0; i < drag.handles().size(); i++) {
                assertThat(patches.around(drag.handles().get(i).from())).isEqualTo(given.mask("mask.drag.start" + i));
                assertThat(patches.around(drag.handles().get(i).to())).isEqualTo(given.mask("mask.drag.end" + i));
            }
            Paste paste = (Paste) given.edit("paste");
            Relocation pasted = PublishedRelocation.ofPasted(given.canvas(), paste.object(), paste.displacement());
            assertThat(pasted.to()).isEqualTo(given.mask("mask.paste.mb"));
            assertThat(pasted.from()).isEqualTo(given.mask("mask.paste.mr"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"move", "resize_up", "resize_down", "drag", "appearance", "paste"})
    void energiesAndCorrection_matchThePublishedCode(String name) {
        try (DragonFixture given = DragonFixture.of(ENERGIES, DEVICE)) {
            Edit edit = given.edit(name);
            DragonSettings settings = given.settings(edit);
            List<Tensor> references = new ArrayList<>(List.of(given.latent("in.ref_base")));
            if (edit instanceof Appearance || edit instanceof Paste) {
                references.add(given.latent("in.ref_second"));
            }
            MemoryBank bank = bank(given.network, given, "in.ref_base", given.text("in.context", 0), settings.withBank(0, 0));
            Plan plan = Plan.of(edit, given.canvas(), settings);
            EnergyGuidance guidance = new EnergyGuidance(given.network, bank, plan, settings, edit);
            EnergyGuidance.Followed followed = guidance.follow(ENERGY_CALL, given.latent("in.latent"), references);
            given.fixture.assertMatches(name + ".energy_edit", new float[] {followed.edit()});
            given.fixture.assertMatches(name + ".energy_content", new float[] {followed.content()});
            given.fixture.assertChannelsLastMatches(name + ".guidance", followed.correction());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"move", "resize_up", "resize_down", "drag", "appearance", "paste"})
    void gradientsOfBothEnergies_matchThePublishedCode(String name) {
        try (DragonFixture given = DragonFixture.of(ENERGIES, DEVICE)) {
            Edit edit = given.edit(name);
            DragonSettings settings = given.settings(edit).withBank(0, 0);
            double gain = 1000 * settings.energyScale() * (edit instanceof Move ? 0.08 : 0.04);
            List<Tensor> references = List.of(given.latent("in.ref_base"), given.latent("in.ref_second"));
            MemoryBank bank = bank(given.network, given, "in.ref_base", given.text("in.context", 0), settings);
            Plan plan = Plan.of(edit, given.canvas(), settings);
            for (boolean everywhere : new boolean[] {true, false}) {
                Mask region = Mask.of(given.canvas().latent(), _ -> everywhere);
                Plan one = new Plan(plan.edit(), plan.content(), region, region, plan.noise(), plan.attention());
                EnergyGuidance guidance = new EnergyGuidance(given.network, bank, one, settings, edit);
                Tensor gradient = guidance.follow(ENERGY_CALL, given.latent("in.latent"), references).correction().times((float) (1 / gain));
                given.fixture.assertChannelsLastMatches(name + (everywhere ? ".grad_edit" : ".grad_content"), gradient);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"move", "drag", "appearance"})
    void attentionWithTheBank_matchesThePublishedCode(String name) {
        try (DragonFixture given = DragonFixture.of(ENERGIES, DEVICE)) {
            Edit edit = given.edit(name);
            DragonSettings settings = given.settings(edit).withBank(BANK_CALL, BANK_CALL + 1);
            boolean pair = edit instanceof Appearance;
            List<MemoryBank> banks = new ArrayList<>();
            banks.add(bank(given.network, given, "in.ref_base", pair ? given.text("in.context_pair", 0) : given.text("in.context", 0), settings));
            if (pair) {
                banks.add(bank(given.network, given, "in.ref_second", given.text("in.context_pair", 1), settings));
            }
            Plan plan = Plan.of(edit, given.canvas(), settings);
            EditRecipe recipe = EditRecipe
                    .plain(Conditioning.of(List.of(given.text("in.context", 0)), given.text("in.uncond", 0)), Guidance.classifierFree(4))
                    .withTaps(plan.attention().taps(banks, call -> call, _ -> true));
            Sampler sampler = new Sampler(given.model.unet()::predict, given.network.schedule());
            Tensor both = given.model.unet().predict(given.latent("in.latent"), Sampler.pass(1, recipe, sampler.step(BANK_CALL)));
            given.fixture.assertChannelsLastMatches("bank." + name + ".eps", both);
        }
    }

    /** A bank that knows one latent. */
    private static MemoryBank bank(Network network, DragonFixture given, String latent, TextEmbedding text, DragonSettings settings) {
        Conditioning conditioning = Conditioning.of(List.of(text), given.text("in.uncond", 0));
        return MemoryBank.retrace(network, Collections.nCopies(network.schedule().calls() + 1, given.latent(latent)), conditioning, settings);
    }

    @ParameterizedTest
    @CsvSource({"move, latents_per_step, true", "drag, latents_per_step, true", "drag, latents_per_step_unpatched_reference, false"})
    void wholeEdit_matchesThePublishedCode(String name, String latents, boolean published) {
        try (DragonFixture given = DragonFixture.of("11_dragon_" + name + "_edit", DEVICE)) {
            Edit edit = given.edit(name);
            DragonSettings settings = published ? given.settings(edit) : given.corrected(edit).withBank(25, 50).withGuidedUntil(50);
            MemoryBank bank = MemoryBank.invert(given.network, given.latent("in.z0"), given.text(), settings);
            assertTrajectory(given, bank);
            DragonDiffusion dragon = DragonDiffusion.of(given.network, DragonFixture.PICTURE, bank, edit, settings);
            given.fixture.assertChannelsLastMatches("start_latent", dragon.start());
            List<float[]> sampled = new ArrayList<>();
            List<float[]> corrections = new ArrayList<>();
            List<float[]> energies = new ArrayList<>();
            dragon.run((_, latent) -> sampled.add(Latents.toChannelsFirst(latent)), (_, editing, content, correction) -> {
                energies.add(new float[] {editing, content});
                corrections.add(Latents.toChannelsFirst(correction));
            });
            given.fixture.assertMatches(latents, concat(sampled));
            if (published) {
                given.fixture.assertMatches("guidance_per_step", concat(corrections));
                given.fixture.assertMatches("energies_per_step", concat(energies));
            }
        }
    }

    private static void assertTrajectory(DragonFixture given, MemoryBank bank) {
        List<float[]> trajectory = new ArrayList<>();
        for (int call = DragonFixture.STEPS; call >= 0; call--) {
            trajectory.add(Latents.toChannelsFirst(bank.before(call)));
        }
        given.fixture.assertMatches("inverted", concat(trajectory));
    }

    private static float[] concat(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int next = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, next, part.length);
            next += part.length;
        }
        return all;
    }
}
