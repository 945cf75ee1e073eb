package io.heddle.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.AtomicFile.Existing;
import io.heddle.testkit.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One model in every layout: whatever way it comes, its networks have the same values to the last bit. */
class ModelLocationTest {
    private static final HubCache NO_CACHE = new HubCache(Path.of("no-such-cache"));
    private static final int LAYERS_PER_BLOCK = 2;

    @TempDir
    Path folder;

    private static Path model() {
        return SharedFiles.locate("fixtures/model_a");
    }

    private static ModelLocation resolve(Path path, String... variant) {
        return ModelLocation.resolve(path.toString(), Optional.of(variant).filter(v -> v.length > 0).map(v -> v[0]), NO_CACHE);
    }

    private static Map<String, float[]> values(ModelLocation location, Component component, boolean half) {
        Map<String, float[]> values = new HashMap<>();
        try (Checkpoint checkpoint = location.open(component)) {
            for (StoredTensor tensor : checkpoint.tensors()) {
                if (tensor.type() != StoredType.I64) {
                    float[] read = tensor.toFloats();
                    for (int i = 0; half && i < read.length; i++) {
                        read[i] = Float.float16ToFloat(Float.floatToFloat16(read[i]));
                    }
                    values.put(tensor.name() + " " + tensor.shape(), read);
                }
            }
        }
        return values;
    }

    private static void assertSameBits(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, array) -> assertThat(Arrays.mismatch(actual.get(name), array)).as(name).isEqualTo(-1));
    }

    private static void assertSame(ModelLocation found, ModelLocation wanted, boolean half) {
        for (Component component : Component.values()) {
            Map<String, float[]> expected = values(wanted, component, half);
            Map<String, float[]> actual = values(found, component, false);
            assertSameBits(actual, expected);
            assertThat(found.config(component).size("layers_per_block", 3)).isEqualTo(wanted.config(component).size("layers_per_block", 3));
        }
        assertThat(found.schedulerConfig().text("_class_name", "")).isEqualTo("PNDMScheduler");
        assertThat(found.tokenizerFolder().resolve("vocab.json")).isRegularFile();
    }

    private Path stableDiffusion2(Path model) {
        ModelLocation original = resolve(model);
        try (Checkpoint unet = original.open(Component.UNET);
                Checkpoint vae = original.open(Component.VAE);
                Checkpoint text = original.open(Component.TEXT_ENCODER)) {
            return CompVisLayout.write(
                    folder.resolve("model.safetensors"),
                    CompVisLayout.stableDiffusion2(unet.tensors(), 1, vae.tensors(), text.tensors()).values());
        }
    }

    @Test
    void shards_haveTheSameBits() {
        Path copy = ModelCopies.sharded(model(), folder.resolve("m"), 3, ".safetensors.index.json", name -> name + ".safetensors");
        assertSame(resolve(copy), resolve(model()), false);
    }

    @Test
    void shardsOfAVariant_areFoundInBothNamingOrders() {
        Path modern = ModelCopies.sharded(model(), folder.resolve("m"), 2, ".safetensors.index.fp16.json",
                name -> name.replace("-0000", ".fp16-0000") + ".safetensors");
        assertSame(resolve(modern, "fp16"), resolve(model()), false);
        Path legacy = ModelCopies.sharded(model(), folder.resolve("l"), 2, ".safetensors.fp16.index.json", name -> name + ".fp16.safetensors");
        assertSame(resolve(legacy, "fp16"), resolve(model()), false);
    }

    @Test
    void halfPrecisionVariant_hasTheRoundedBits() {
        Path copy = ModelCopies.half(model(), folder.resolve("m"), "fp16");
        assertSame(resolve(copy, "fp16"), resolve(model()), true);
    }

    @Test
    void componentWithoutTheVariant_fallsBackToItsPlainWeights() throws IOException {
        Path copy = ModelCopies.half(model(), folder.resolve("m"), "fp16");
        Files.delete(copy.resolve("vae/diffusion_pytorch_model.fp16.safetensors"));
        Files.copy(model().resolve("vae/diffusion_pytorch_model.safetensors"), copy.resolve("vae/diffusion_pytorch_model.safetensors"));
        ModelLocation mixed = resolve(copy, "fp16");
        assertSameBits(values(mixed, Component.VAE, false), values(resolve(model()), Component.VAE, false));
        assertSameBits(values(mixed, Component.UNET, false), values(resolve(model()), Component.UNET, true));
    }

    @Test
    void folderThatHasOnlyAVariant_saysHowToAskForIt() {
        Path copy = ModelCopies.half(model(), folder.resolve("m"), "fp16");
        assertThatThrownBy(() -> resolve(copy).open(Component.UNET))
                .isInstanceOf(WeightException.Inaccessible.class)
                .hasMessageContaining("found: config.json, diffusion_pytorch_model.fp16.safetensors; ask for variant fp16");
        assertThatThrownBy(() -> resolve(copy, "../x").open(Component.UNET))
                .isInstanceOf(WeightException.Inaccessible.class)
                .hasMessageContaining("should be a word such as fp16");
    }

    @Test
    void singleFile_hasTheSameBits() {
        Path file = ModelCopies.singleFile(model(), folder.resolve("model.safetensors"), LAYERS_PER_BLOCK);
        assertSame(resolve(file), resolve(model()), false);
    }

    @Test
    void singleFileOfStableDiffusion2_hasTheSameBits() {
        Path model = SharedFiles.locate("fixtures/model_b");
        ModelLocation original = resolve(model);
        ModelLocation found = resolve(stableDiffusion2(model));
        for (Component component : Component.values()) {
            Map<String, float[]> actual = values(found, component, false);
            actual.keySet().removeIf(name -> name.startsWith("text_projection ") || name.startsWith("logit_scale "));
            assertSameBits(actual, values(original, component, false));
        }
        assertThatThrownBy(found::schedulerConfig).isInstanceOf(WeightException.Inaccessible.class).hasMessageContaining("v_prediction");
        assertThatThrownBy(found::tokenizerFolder).isInstanceOf(WeightException.Inaccessible.class).hasMessageContaining("carries no tokenizer");
        ModelLocation accompanied = ((SingleFile) found).withCompanion(model);
        assertThat(accompanied.schedulerConfig().text("_class_name", "")).isEqualTo("DDIMScheduler");
    }

    @Test
    void singleFileOfStableDiffusion2ThatPredictsVelocity_isOneFor768Pixels() throws IOException {
        Path model = SharedFiles.locate("fixtures/model_b");
        SingleFile found = (SingleFile) resolve(stableDiffusion2(model));
        Path companion = Files.createDirectories(folder.resolve("companion/scheduler")).getParent();
        Path schedule = companion.resolve("scheduler/scheduler_config.json");
        assertThat(found.withCompanion(companion).config(Component.UNET).size("sample_size")).isEqualTo(64);
        Files.writeString(schedule, "{\"prediction_type\": \"epsilon\"}");
        assertThat(found.withCompanion(companion).config(Component.UNET).size("sample_size")).isEqualTo(64);
        Files.writeString(schedule, "{\"prediction_type\": \"v_prediction\"}");
        assertThat(found.withCompanion(companion).config(Component.UNET).size("sample_size")).isEqualTo(96);
    }

    @Test
    void singleFileWithoutCompanion_derivesItsConfigurations() throws IOException {
        Path file = ModelCopies.singleFile(model(), folder.resolve("model.safetensors"), LAYERS_PER_BLOCK);
        ModelLocation alone = ((SingleFile) resolve(file)).withCompanion(folder.resolve("none"));
        assertThat(alone.config(Component.UNET).sizes("block_out_channels", List.of())).containsExactly(32, 48, 64, 64);
        assertThat(alone.config(Component.VAE).sizes("block_out_channels", List.of())).containsExactly(16, 24, 32, 32);
        assertThat(alone.config(Component.TEXT_ENCODER).size("num_hidden_layers")).isEqualTo(3);
        assertThat(alone.schedulerConfig().text("prediction_type", "")).isEqualTo("epsilon");
    }

    @Test
    void hubCache_hasTheSameBits() {
        HubCache cache = ModelCopies.hubCache(model(), folder, "org/tiny-model");
        assertSame(ModelLocation.resolve("org/tiny-model", Optional.empty(), cache), resolve(model()), false);
        assertSame(ModelLocation.resolve("org/tiny-model@main", Optional.empty(), cache), resolve(model()), false);
        assertThat(cache.models()).containsExactly("org/tiny-model");
    }

    @Test
    void textEncoderWithoutPrefix_hasTheNamesAndBitsOfTheOneWithIt() throws IOException {
        Path copy = ModelCopies.folder(SharedFiles.locate("toy_sd"), folder.resolve("m"));
        Path weights = copy.resolve("text_encoder/model.safetensors");
        Files.copy(
                SharedFiles.locate("fixtures/14_transformers5_layout/text_encoder/model.safetensors"),
                weights,
                StandardCopyOption.REPLACE_EXISTING);
        Map<String, float[]> prefixed = values(resolve(SharedFiles.locate("toy_sd")), Component.TEXT_ENCODER, false);
        assertThat(prefixed.keySet()).allMatch(name -> name.startsWith("text_model."));
        assertSameBits(values(resolve(copy), Component.TEXT_ENCODER, false), prefixed);
    }

    @Test
    void oldAutoencoderNames_areRead() throws IOException {
        Path copy = ModelCopies.folder(model(), folder.resolve("m"));
        Path weights = copy.resolve("vae/diffusion_pytorch_model.safetensors");
        Map<String, String> old = Map.of(".to_q.", ".query.", ".to_k.", ".key.", ".to_v.", ".value.", ".to_out.0.", ".proj_attn.");
        try (Checkpoint checkpoint = Checkpoint.open(weights)) {
            SafetensorsWriter writer = new SafetensorsWriter();
            for (StoredTensor tensor : checkpoint.tensors()) {
                String name = tensor.name();
                for (Map.Entry<String, String> rename : old.entrySet()) {
                    name = name.replace(rename.getKey(), rename.getValue());
                }
                boolean matrix = !name.equals(tensor.name()) && name.endsWith("weight");
                List<Long> shape = matrix ? List.of(tensor.shape().get(0), tensor.shape().get(1), 1L) : tensor.shape();
                writer.addStored(name, tensor.type(), shape, tensor::bytes);
            }
            writer.write(weights, Existing.REPLACE);
        }
        assertSameBits(values(resolve(copy), Component.VAE, false), values(resolve(model()), Component.VAE, false));
    }

    @Test
    void leftoversOfTextEncoders_needNotBeTaken() {
        Path target = folder.resolve("model.safetensors");
        Set<String> leftovers = Set.of(
                "text_model.embeddings.position_ids", "text_projection.weight", "logit_scale", "vision_model.encoder.layers.0.mlp.fc1.weight",
                "visual_projection.weight");
        CompVisLayout.write(target, leftovers.stream().map(name -> CompVisLayout.filler(name, StoredType.F32, 1L)).toList());
        try (Checkpoint checkpoint = ComponentNames.canonical(Component.TEXT_ENCODER, Checkpoint.open(target))) {
            checkpoint.requireFullyConsumed();
        }
    }

    @Test
    void truncatedWeights_areRefused() throws IOException {
        byte[] whole = Files.readAllBytes(model().resolve("vae/diffusion_pytorch_model.safetensors"));
        for (int length : List.of(0, 7, 8, 100, 10_000, whole.length / 2, whole.length - 1)) {
            Path file = RawSafetensors.write(folder.resolve("x.safetensors"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Checkpoint.open(file)).isInstanceOf(WeightException.Malformed.class).hasMessageStartingWith(file.toString());
        }
    }

    @Test
    void otherPipelines_areRefusedByName() throws IOException {
        Files.writeString(folder.resolve("model_index.json"), "{\"_class_name\":\"StableDiffusionXLPipeline\"}");
        assertThatThrownBy(() -> resolve(folder))
                .isInstanceOf(WeightException.Unsupported.class)
                .hasMessageContaining(
                        "StableDiffusionXLPipeline, which is not supported (Stable Diffusion XL): use a model of Stable Diffusion 1 or 2");
        Files.writeString(folder.resolve("model_index.json"), "{\"_class_name\":\"FluxPipeline\"}");
        assertThatThrownBy(() -> resolve(folder)).isInstanceOf(WeightException.Unsupported.class).hasMessageContaining("FluxPipeline");
        Files.writeString(folder.resolve("model_index.json"), "{\"_class_name\":\"FlaxStableDiffusionPipeline\"}");
        assertThat(resolve(folder)).isInstanceOf(ModelFolder.class);
    }

    @Test
    void foldersInOtherLayouts_areRefusedWithWhatWasFound() throws IOException {
        assertThatThrownBy(() -> resolve(folder)).isInstanceOf(WeightException.Inaccessible.class)
                .hasMessageContaining("no model_index.json; found: nothing");
        Files.writeString(folder.resolve("v1-5.safetensors"), "");
        assertThatThrownBy(() -> resolve(folder))
                .hasMessageContaining("found: v1-5.safetensors; to use a single file, name it: " + folder.resolve("v1-5.safetensors"));
        Files.writeString(folder.resolve("config.json"), "{}");
        assertThatThrownBy(() -> resolve(folder)).hasMessageContaining("this may be one component: name the folder above it");
    }

    @Test
    void missingParts_areNamed() throws IOException {
        Files.writeString(folder.resolve("model_index.json"), "{\"_class_name\":\"StableDiffusionPipeline\"}");
        ModelLocation empty = resolve(folder);
        assertThatThrownBy(() -> empty.open(Component.UNET)).isInstanceOf(WeightException.Inaccessible.class)
                .hasMessageContaining("unet does not exist");
        assertThatThrownBy(() -> empty.config(Component.VAE)).isInstanceOf(WeightException.Inaccessible.class)
                .hasMessageContaining("config.json does not exist");
        assertThatThrownBy(empty::schedulerConfig).isInstanceOf(WeightException.Inaccessible.class).hasMessageContaining("scheduler_config.json");
        assertThatThrownBy(empty::tokenizerFolder).isInstanceOf(WeightException.Inaccessible.class).hasMessageContaining("tokenizer does not exist");
    }

    @Test
    void nameOfNothing_isRefused() {
        assertThatThrownBy(() -> ModelLocation.resolve("no-such-model", Optional.empty(), NO_CACHE))
                .isInstanceOf(WeightException.Inaccessible.class)
                .hasMessage("the model no-such-model is neither a folder nor a file, nor an id on the Hugging Face Hub (organisation/name)");
        assertThatThrownBy(() -> ModelLocation.resolve("a\0b", Optional.empty(), NO_CACHE)).isInstanceOf(WeightException.Inaccessible.class);
        assertThatThrownBy(() -> ModelLocation.resolve("", Optional.empty(), NO_CACHE)).isInstanceOf(WeightException.Inaccessible.class);
    }
}
