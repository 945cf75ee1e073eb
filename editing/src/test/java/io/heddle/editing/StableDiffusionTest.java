package io.heddle.editing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.tensor.Device;
import io.heddle.weights.ModelLocation;
import io.heddle.weights.WeightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a model is said before its weights are looked at: these have none. */
class StableDiffusionTest {
    @TempDir
    Path folder;

    @BeforeEach
    void writeConfigurations() throws IOException {
        write("model_index.json", "{\"_class_name\": \"StableDiffusionPipeline\"}");
        write("text_encoder/config.json", "{\"hidden_size\": 768}");
        write("vae/config.json", "{}");
        write("unet/config.json", unet(4, 4, 768));
        write("scheduler/scheduler_config.json", "{}");
    }

    @Test
    void aNetworkWithMoreChannelsThanTheLatent_isRefusedAsAnotherKindOfModel() throws IOException {
        for (int channels : new int[] {5, 8, 9}) {
            write("unet/config.json", unet(channels, 4, 768));
            assertRefused("in_channels should be 4 as the autoencoder's latent_channels "
                    + "(models for depth have 5, for instructions 8, for inpainting 9, and are not supported) and is " + channels);
        }
        write("unet/config.json", unet(4, 8, 768));
        assertRefused("out_channels should be 4 as the autoencoder's latent_channels and is 8");
    }

    @Test
    void aNetworkForAnotherTextEncoder_isRefused() throws IOException {
        write("unet/config.json", unet(4, 4, 1024));
        assertRefused("cross_attention_dim should be 768 as the text encoder's hidden_size and is 1024");
    }

    @Test
    void aScheduleThatCannotBeRead_isRefusedBeforeTheWeights() throws IOException {
        write("scheduler/scheduler_config.json", "{");
        assertRefused("scheduler_config.json is not valid JSON");
    }

    private void assertRefused(String message) {
        ModelLocation location = ModelLocation.resolve(folder.toString(), Optional.empty());
        try (Device device = Device.cpu()) {
            assertThatThrownBy(() -> StableDiffusion.load(location, device)).isInstanceOf(WeightException.class).hasMessageContaining(message);
        }
    }

    private void write(String file, String json) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), json);
    }

    private static String unet(int inChannels, int outChannels, int crossAttentionDim) {
        return "{\"in_channels\": %d, \"out_channels\": %d, \"cross_attention_dim\": %d}".formatted(inChannels, outChannels, crossAttentionDim);
    }
}
