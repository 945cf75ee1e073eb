package io.heddle.unet;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.attention.AttentionTaps;
import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.nn.Parameter;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Device;
import io.heddle.tensor.Gradients;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Fixture;
import io.heddle.testkit.SharedFiles;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ModelLocation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The UNet against the reference library on the tiny pipelines. */
class UNetFixtureTest {
    private final Device device = Device.cpu();

    @AfterEach
    void close() {
        device.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void predictionsAreTheReferences(String model) {
        Fixture fixture = Fixture.of("04_unet_" + model);
        UNet unet = load("model_" + model);
        TextEmbedding text = TextEmbedding.of(fixture.tensor(device, "in.context"));
        for (int timestep : new int[] {981, 500, 1}) {
            Tensor out = unet.predict(fixture.channelsLast(device, "in.latent"), Pass.of(Step.at(timestep), TextConditioning.of(text)));
            fixture.assertChannelsLastMatches("out.t" + timestep, out);
        }
        TextEmbedding first = TextEmbedding.of(text.tensor().row(0));
        Tensor odd = unet.predict(fixture.channelsLast(device, "in.latent_odd"), Pass.of(Step.at(321), TextConditioning.of(first)));
        fixture.assertChannelsLastMatches("out.odd.t321", odd);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void everyMapIsTheReferences(String model) {
        Fixture fixture = Fixture.of("04_unet_" + model);
        UNet unet = load("model_" + model);
        TextEmbedding text = TextEmbedding.of(fixture.tensor(device, "in.context").row(0));
        Map<String, float[]> maps = new HashMap<>();
        AttentionTaps taps = AttentionTaps.none().read(_ -> true, (call, map) -> maps.put(call.site().path(), map.all().toArray()));
        unet.predict(fixture.channelsLast(device, "in.latent_maps"), Pass.of(Step.at(500), TextConditioning.of(text)).withTaps(taps));
        assertThat(maps).hasSize(unet.sites().size());
        for (var site : unet.sites()) {
            assertMapMatches(fixture, site.path(), site.heads(), maps.get(site.path()));
        }
    }

    /** Large maps are stored as some rows and the means of the columns. */
    private static void assertMapMatches(Fixture fixture, String path, int heads, float[] map) {
        if (fixture.contains("map." + path)) {
            fixture.assertMatches("map." + path, map);
            return;
        }
        var details = fixture.json().getAsJsonObject("attention_maps").getAsJsonObject("sites").getAsJsonObject(path);
        int queries = details.get("queries").getAsInt();
        int keys = details.get("keys").getAsInt();
        int[] rows = details.getAsJsonArray("rows").asList().stream().mapToInt(e -> e.getAsInt()).toArray();
        float[] chosen = new float[heads * rows.length * keys];
        float[] means = new float[heads * keys];
        for (int head = 0; head < heads; head++) {
            for (int r = 0; r < rows.length; r++) {
                System.arraycopy(map, (head * queries + rows[r]) * keys, chosen, (head * rows.length + r) * keys, keys);
            }
            for (int key = 0; key < keys; key++) {
                double sum = 0;
                for (int query = 0; query < queries; query++) {
                    sum += map[(head * queries + query) * keys + key];
                }
                means[head * keys + key] = (float) (sum / queries);
            }
        }
        fixture.assertMatches("map_rows." + path, chosen);
        fixture.assertMatches("map_colmean." + path, means);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void gradientsAreTheReferences(String model) {
        Fixture fixture = Fixture.of("04_unet_" + model);
        UNet unet = load("model_" + model);
        List<Parameter> weights = fixture.json().getAsJsonObject("gradients").getAsJsonArray("weights").asList().stream()
                .map(name -> unet.parameters().get(name.getAsString()))
                .toList();
        for (boolean checkpointed : new boolean[] {false, true}) {
            try (Recording tape = Recording.open()) {
                Tensor latent = tape.watch(fixture.channelsLast(device, "in.latent_grad"));
                Tensor context = tape.watch(fixture.tensor(device, "in.context"));
                List<Tensor> watched = weights.stream().map(w -> w.watch(tape)).toList();
                Pass pass = Pass.of(Step.at(641), TextConditioning.of(TextEmbedding.of(context)));
                Tensor out = unet.predict(latent, checkpointed ? pass.checkpointing(tape) : pass);
                Gradients gradients = tape.gradients(out, fixture.channelsLast(device, "in.R"));
                fixture.assertChannelsLastMatches("grad.latent", gradients.of(latent));
                fixture.assertMatches("grad.context", gradients.of(context).toArray());
                for (int i = 0; i < weights.size(); i++) {
                    Parameter weight = weights.get(i);
                    fixture.assertMatches("grad." + weight.name(), weight.toCheckpoint(gradients.of(watched.get(i))));
                }
            }
        }
    }

    private UNet load(String model) {
        ModelLocation location = ModelLocation.resolve(SharedFiles.locate("fixtures/" + model).toString(), Optional.empty());
        try (Checkpoint checkpoint = location.open(Component.UNET)) {
            return checkpoint.load(weights -> UNet.load(ParameterScope.root(device, weights), UNetConfig.of(location.config(Component.UNET))));
        }
    }
}
