package io.heddle.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.testkit.SharedFiles;
import io.heddle.weights.CompVisCheckpoint.Family;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class CompVisCheckpointTest {
    private static final int LAYERS_PER_BLOCK = 2;

    /** The names and shapes of a published network, without values. */
    private static List<StoredTensor> golden(String list) throws IOException {
        return Files.readAllLines(SharedFiles.locate("golden/names/" + list)).stream()
                .map(line -> line.split("\t"))
                .map(cells -> valueless(cells[0], Arrays.stream(cells[1].split("x")).map(Long::valueOf).toList()))
                .toList();
    }

    private static StoredTensor valueless(String name, List<Long> shape) {
        return new StoredTensor(name, StoredType.F32, shape, Path.of("golden"), MemorySegment.ofArray(new byte[0]));
    }

    private static Checkpoint checkpoint(SequencedMap<String, StoredTensor> tensors) {
        return Checkpoint.of("model.safetensors", tensors, List.of());
    }

    private static SequencedMap<String, StoredTensor> stableDiffusion1() throws IOException {
        return CompVisLayout.stableDiffusion1(golden("unet_sd1.txt"), LAYERS_PER_BLOCK, golden("vae_sd.txt"), golden("clip_l_sd1.txt"));
    }

    private static SequencedMap<String, StoredTensor> stableDiffusion2() throws IOException {
        return CompVisLayout.stableDiffusion2(golden("unet_sd2.txt"), LAYERS_PER_BLOCK, golden("vae_sd.txt"), golden("clip_h_sd2.txt"));
    }

    private static ConfigReader configuration(Family family, SequencedMap<String, StoredTensor> tensors, Component component) {
        return new CompVisConfig(family, false, new CompVisCheckpoint(checkpoint(tensors)).component(component, false)).of(component);
    }

    /** Every published name, with its shape, comes out of the file, and nothing else does; no two names of the file meet, or the conversion would throw. */
    private static void assertReached(CompVisCheckpoint file, Component component, String list) throws IOException {
        Checkpoint found = file.component(component, false);
        for (StoredTensor wanted : golden(list)) {
            found.take(wanted.name(), wanted.shape().stream().mapToInt(Long::intValue).toArray());
        }
        found.requireFullyConsumed();
    }

    @Test
    void namesOfStableDiffusion1_areReachedExactlyOnce() throws IOException {
        CompVisCheckpoint file = new CompVisCheckpoint(checkpoint(stableDiffusion1()));
        assertThat(file.family()).isEqualTo(Family.STABLE_DIFFUSION_1);
        assertReached(file, Component.UNET, "unet_sd1.txt");
        assertReached(file, Component.VAE, "vae_sd.txt");
        assertReached(file, Component.TEXT_ENCODER, "clip_l_sd1.txt");
    }

    @Test
    void namesOfStableDiffusion2_areReachedExactlyOnce() throws IOException {
        CompVisCheckpoint file = new CompVisCheckpoint(checkpoint(stableDiffusion2()));
        assertThat(file.family()).isEqualTo(Family.STABLE_DIFFUSION_2);
        assertReached(file, Component.UNET, "unet_sd2.txt");
        assertReached(file, Component.VAE, "vae_sd.txt");
        assertReached(file, Component.TEXT_ENCODER, "clip_h_sd2.txt");
    }

    @Test
    void textEncoderOfTheReferenceLibrarysExport_keepsAllItsLayers() throws IOException {
        SequencedMap<String, StoredTensor> tensors = stableDiffusion2();
        tensors.keySet().removeIf(name -> name.contains(CompVisLayout.UNUSED_LAYER));
        String leftover = CompVisLayout.OPEN_CLIP + "transformer.text_model.embeddings.position_ids";
        tensors.put(leftover, valueless(leftover, List.of(1L, 77L)));
        assertReached(new CompVisCheckpoint(checkpoint(tensors)), Component.TEXT_ENCODER, "clip_h_sd2.txt");
    }

    @Test
    void knownOriginalNames_areTranslatedByTheTable() {
        CompVisUNet unet = new CompVisUNet(3);
        assertThat(unet.rename("input_blocks.0.0.weight")).contains("conv_in.weight");
        assertThat(unet.rename("input_blocks.3.0.op.bias")).contains("down_blocks.0.downsamplers.0.conv.bias");
        assertThat(unet.rename("input_blocks.4.0.skip_connection.weight")).contains("down_blocks.1.resnets.0.conv_shortcut.weight");
        assertThat(unet.rename("input_blocks.8.1.transformer_blocks.0.attn2.to_k.weight"))
                .contains("down_blocks.2.attentions.1.transformer_blocks.0.attn2.to_k.weight");
        assertThat(unet.rename("middle_block.2.out_layers.3.bias")).contains("mid_block.resnets.1.conv2.bias");
        assertThat(unet.rename("output_blocks.2.1.conv.weight")).contains("up_blocks.0.upsamplers.0.conv.weight");
        assertThat(unet.rename("output_blocks.5.2.conv.weight")).contains("up_blocks.1.upsamplers.0.conv.weight");
        assertThat(unet.rename("output_blocks.11.0.emb_layers.1.weight")).contains("up_blocks.3.resnets.2.time_emb_proj.weight");
        assertThat(unet.rename("label_emb.0.0.weight")).isEmpty();
        CompVisVae vae = new CompVisVae(4);
        assertThat(vae.rename("decoder.up.3.block.0.norm1.weight")).isEqualTo("decoder.up_blocks.0.resnets.0.norm1.weight");
        assertThat(vae.rename("decoder.up.1.upsample.conv.weight")).isEqualTo("decoder.up_blocks.2.upsamplers.0.conv.weight");
        assertThat(vae.rename("encoder.mid.attn_1.proj_out.bias")).isEqualTo("encoder.mid_block.attentions.0.to_out.0.bias");
        assertThat(vae.rename("encoder.norm_out.weight")).isEqualTo("encoder.conv_norm_out.weight");
    }

    @Test
    void configurations_areReadOffTheShapes() throws IOException {
        SequencedMap<String, StoredTensor> tensors = stableDiffusion2();
        ConfigReader unet = configuration(Family.STABLE_DIFFUSION_2, tensors, Component.UNET);
        assertThat(unet.sizes("block_out_channels", List.of())).containsExactly(320, 640, 1280, 1280);
        assertThat(unet.sizes("attention_head_dim", 4, List.of())).containsExactly(5, 10, 20, 20);
        assertThat(unet.size("layers_per_block")).isEqualTo(2);
        assertThat(unet.size("cross_attention_dim")).isEqualTo(1024);
        assertThat(unet.texts("down_block_types", List.of()))
                .containsExactly("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D");
        assertThat(unet.texts("up_block_types", List.of()))
                .containsExactly("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D");
        assertThat(unet.flag("use_linear_projection", false)).isTrue();
        ConfigReader vae = configuration(Family.STABLE_DIFFUSION_2, tensors, Component.VAE);
        assertThat(vae.sizes("block_out_channels", List.of())).containsExactly(128, 256, 512, 512);
        assertThat(vae.size("layers_per_block")).isEqualTo(2);
        assertThat(vae.size("latent_channels")).isEqualTo(4);
        ConfigReader text = configuration(Family.STABLE_DIFFUSION_2, tensors, Component.TEXT_ENCODER);
        assertThat(text.size("num_hidden_layers")).isEqualTo(23);
        assertThat(text.size("num_attention_heads")).isEqualTo(16);
        assertThat(text.size("intermediate_size")).isEqualTo(4096);
        assertThat(text.text("hidden_act", "")).isEqualTo("gelu");
    }

    @Test
    void configurationOfANetworkWithoutMidBlock_saysSo() throws IOException {
        SequencedMap<String, StoredTensor> tensors = stableDiffusion1();
        assertThat(configuration(Family.STABLE_DIFFUSION_1, tensors, Component.UNET).isNull("mid_block_type")).isFalse();
        tensors.keySet().removeIf(name -> name.startsWith(CompVisLayout.UNET + "middle_block."));
        ConfigReader unet = configuration(Family.STABLE_DIFFUSION_1, tensors, Component.UNET);
        assertThat(unet.isNull("mid_block_type")).isTrue();
        assertThat(unet.size("cross_attention_dim")).isEqualTo(768);
    }

    @Test
    void averagedWeights_replaceThePlainOnesOnRequest() throws IOException {
        SequencedMap<String, StoredTensor> tensors = stableDiffusion1();
        for (StoredTensor tensor : List.copyOf(tensors.values())) {
            if (tensor.name().startsWith(CompVisLayout.UNET)) {
                String copy = "model_ema.diffusion_model" + tensor.name().substring(CompVisLayout.UNET.length()).replace(".", "");
                tensors.put(copy, new StoredTensor(copy, tensor.type(), tensor.shape(), Path.of("averaged"), tensor.bytes()));
            }
        }
        Checkpoint averaged = new CompVisCheckpoint(checkpoint(tensors)).component(Component.UNET, true);
        assertThat(averaged.names()).hasSameSizeAs(golden("unet_sd1.txt"));
        assertThat(averaged.tensors()).allMatch(tensor -> tensor.file().equals(Path.of("averaged")));
    }

    @Test
    void averagedWeights_areRefusedWhereThereAreNone() throws IOException {
        CompVisCheckpoint file = new CompVisCheckpoint(checkpoint(stableDiffusion1()));
        assertThatThrownBy(() -> file.component(Component.UNET, true))
                .isInstanceOf(WeightException.Unsupported.class)
                .hasMessageContaining("holds no averaged weights");
    }

    @Test
    void unknownNameBelowAPrefix_isReportedByLoading() throws IOException {
        SequencedMap<String, StoredTensor> tensors = stableDiffusion1();
        tensors.put(CompVisLayout.UNET + "extra.weight", valueless(CompVisLayout.UNET + "extra.weight", List.of(1L)));
        Checkpoint unet = new CompVisCheckpoint(checkpoint(tensors)).component(Component.UNET, false);
        for (StoredTensor wanted : golden("unet_sd1.txt")) {
            unet.take(wanted.name(), wanted.shape().stream().mapToInt(Long::intValue).toArray());
        }
        assertThatThrownBy(unet::requireFullyConsumed)
                .isInstanceOf(WeightException.Mismatch.class)
                .hasMessageContaining("1 tensor is not used by the model: model.diffusion_model.extra.weight");
    }

    @Test
    void otherModels_areRefusedByKind() {
        assertRefused("conditioner.embedders.1.model.ln_final.weight", "is a Stable Diffusion XL checkpoint");
        assertRefused("down_blocks.0.resnets.0.conv1.weight", "is one component of a model in the diffusers layout");
        assertRefused("lora_unet_down_blocks_0.lora_up.weight", "holds a LoRA");
        assertRefused("model.diffusion_model.joint_blocks.0.weight", "is not a Stable Diffusion 1 or 2 checkpoint");
        assertRefused("transformer.wte.weight", "its names begin with transformer.");
    }

    @Test
    void missingNetwork_isNamed() {
        SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
        String name = CompVisLayout.UNET + "input_blocks.0.0.weight";
        tensors.put(name, valueless(name, List.of(1L)));
        assertThatThrownBy(() -> new CompVisCheckpoint(checkpoint(tensors)).component(Component.VAE, false))
                .isInstanceOf(WeightException.Unsupported.class)
                .hasMessageContaining("holds no weights of the vae; its names begin with model.");
    }

    private static void assertRefused(String name, String reason) {
        SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
        tensors.put(name, valueless(name, List.of(1L)));
        assertThatThrownBy(() -> new CompVisCheckpoint(checkpoint(tensors)).family())
                .isInstanceOf(WeightException.Unsupported.class)
                .hasMessageContaining(reason);
    }
}
