package io.heddle.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.heddle.testkit.Sha256;
import io.heddle.testkit.SharedFiles;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchGeneratorTest {
    private static final int LATENT = 4 * 64 * 64;

    @ParameterizedTest
    @CsvSource({
        "0, 24efac55b39e95b2d74d8fb5b3a8e8a8e808bd04129f260c4cdbb225bb952a4d",
        "1, e3a63ffe8c41d8927973056980b6ef12e997f569ac35a6080304961709402cb4",
        "42, e97f3de04c7c6ba86354db4402b91d4402ede9c72aabed29a96dd7d635a798ba",
        "1234, 1a5280994365d72aaaba851e3c0ced941dac95c59af075897fcd3732eb3e6ae2"
    })
    void randn_ofALatent_hasTorchsBits(long seed, String sha256) {
        assertThat(Sha256.of(new TorchGenerator(seed).randn(LATENT))).isEqualTo(sha256);
    }

    @Test
    void randn_secondCall_continuesTheStream() {
        TorchGenerator generator = new TorchGenerator(0);
        generator.randn(LATENT);

        assertThat(generator.randn(LATENT)).startsWith(-0.55183607f, 1.5398073f, 1.0035588f, -0.79478943f);
    }

    @Test
    void randn_ofFewerThan16_isDrawnOneByOne() {
        assertThat(new TorchGenerator(0).randn(5)).containsExactly(1.5409961f, -0.2934289f, -2.1787894f, 0.56843126f, -1.0845224f);
    }

    @Test
    void randn_ofUnevenCount_redrawsTheLast16() {
        float[] normals = new TorchGenerator(0).randn(17);

        assertThat(normals).startsWith(-1.1258398f, -1.6959312f, 0.56665063f).endsWith(-0.84367675f, 0.93182659f);
    }

    @Test
    void rand_seed0_startsAsTorchs() {
        assertThat(new TorchGenerator(0).rand(4)).containsExactly(0.49625659f, 0.76822180f, 0.08847743f, 0.13203049f);
    }

    @Test
    void seeds_countByTheirLow32Bits() {
        assertThat(new TorchGenerator(1L << 32 | 5).randn(16)).containsExactly(new TorchGenerator(5).randn(16));
        assertThat(new TorchGenerator(-1).randn(16)).containsExactly(new TorchGenerator(0xFFFFFFFFL).randn(16));
    }

    @Test
    void cachedNormal_survivesCallsOf16AndMore() {
        TorchGenerator interrupted = new TorchGenerator(3);
        interrupted.randn(1);
        interrupted.randn(16);

        assertThat(interrupted.randn(1)[0]).isEqualTo(new TorchGenerator(3).randn(2)[1]);
    }

    @Test
    void randint_ofAnEmptyRange_isRefused() {
        assertThatThrownBy(() -> new TorchGenerator(0).randint(0, 1)).hasMessageContaining("1..268435456, but is 0");
    }

    @Test
    void everyCall_ofTheReferenceRun_hasItsBits() {
        JsonObject entries = SharedFiles.json("fixtures/02_randn/case.json").getAsJsonObject().getAsJsonObject("entries");
        TorchGenerator generator = new TorchGenerator(0);
        for (Map.Entry<String, JsonElement> entry : entries.entrySet()) {
            JsonObject expected = entry.getValue().getAsJsonObject();
            String name = entry.getKey();
            boolean continues = name.startsWith("randint") || expected.has("call") && expected.get("call").getAsInt() > 0;
            if (!continues) {
                generator = new TorchGenerator(Long.parseUnsignedLong(expected.get("seed").getAsString()));
            }
            assertThat(Sha256.of(draw(generator, name, count(expected.getAsJsonArray("shape")))))
                    .as(name)
                    .isEqualTo(expected.get("sha256").getAsString());
        }
    }

    private static float[] draw(TorchGenerator generator, String name, int count) {
        if (name.startsWith("randint")) {
            int[] values = generator.randint(1000, count);
            float[] floats = new float[count];
            for (int i = 0; i < count; i++) {
                floats[i] = values[i];
            }
            return floats;
        }
        return name.startsWith("rand_") ? generator.rand(count) : generator.randn(count);
    }

    private static int count(JsonArray shape) {
        return shape.asList().stream().mapToInt(JsonElement::getAsInt).reduce(1, Math::multiplyExact);
    }
}
