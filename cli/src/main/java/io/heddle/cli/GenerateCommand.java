package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.StableDiffusion;
import io.heddle.image.Picture;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes pictures from prompts. */
@Command(name = "generate", description = "Make a picture of each prompt, all from the same noise.")
final class GenerateCommand extends Subcommand {
    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Option(names = {"-p", "--prompt"}, paramLabel = "TEXT", required = true,
            description = "What to show; may be given several times, one picture each.")
    private List<String> prompts;

    @Option(names = {"-n", "--negative-prompt"}, paramLabel = "TEXT", defaultValue = "",
            description = "What guidance leads away from (default: nothing).")
    private String negativePrompt;

    @Option(names = "--truncate", description = "Leave out the words that do not fit, instead of refusing the prompt.")
    private boolean truncate;

    @Override
    void execute() {
        sampling.check();
        sampling.checkSeed(this, false);
        List<Path> files = output.pictures(IntStream.range(0, prompts.size()).mapToObj(Integer::toString).toList());
        output.check(files);
        try (Device opened = device.open();
                StableDiffusion loaded = StableDiffusion.load(model.locate(), opened)) {
            long start = System.nanoTime();
            Sampling run = new Sampling(this, model, loaded, sampling, output, truncate);
            List<TextEmbedding> texts = prompts.stream().map(run::encode).toList();
            Conditioning conditioning = Conditioning.of(texts, run.encode(negativePrompt));
            EditRecipe recipe = EditRecipe.plain(conditioning, Guidance.classifierFree(sampling.guidanceScale));
            Tensor latents = run.run(recipe, sampling.noise(loaded, prompts.size()));
            List<Picture> pictures = loaded.pictures(latents);
            JsonObject method = new JsonObject();
            method.addProperty("method", "generate");
            for (int i = 0; i < files.size(); i++) {
                output.write(files.get(i), pictures.get(i), run.recipe(prompts.get(i), negativePrompt, pictures.get(i), method));
            }
            show(new MadePictures(files, sampling.usedSeed(), (System.nanoTime() - start) / 1e9));
        }
    }
}
