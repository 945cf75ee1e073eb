package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.LatentBlend;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.NullTextInversion;
import io.heddle.editing.inversion.SourceText;
import io.heddle.editing.inversion.Tuning;
import io.heddle.editing.p2p.AverageMaps;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.EditedRun;
import io.heddle.editing.p2p.PromptToPrompt;
import io.heddle.image.Picture;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.weights.SafetensorsWriter;
import io.heddle.weights.StoredType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Edits a picture by editing its prompt. */
@Command(name = "p2p", description = "Prompt-to-Prompt: make a picture of the source prompt, and the same picture as each target prompt has it.")
final class EditP2pCommand extends Subcommand {
    private static final int MASK_THRESHOLD = 128;

    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final P2pOptions edit = new P2pOptions();

    @Mixin
    private final EditedPictureOptions picture = new EditedPictureOptions();

    @Option(names = "--source-prompt", paramLabel = "TEXT", required = true, description = "What the source picture shows.")
    private String sourcePrompt;

    @Option(names = "--target-prompt", paramLabel = "TEXT", required = true,
            description = "What the edited picture shows; may be given several times.")
    private List<String> targetPrompts;

    @Option(names = {"-n", "--negative-prompt"}, paramLabel = "TEXT", defaultValue = "",
            description = "What guidance leads away from (default: nothing).")
    private String negativePrompt;

    @Option(names = "--blend-mask", paramLabel = "PNG", description = "The picture may change only where this one is light.")
    private @Nullable Path blendMask;

    @Option(names = "--maps-out", paramLabel = "FILE",
            description = "Also write the words' average attention: safetensors, tensors prompt/0, prompt/1, ... [tokens, h, w].")
    private @Nullable Path mapsOut;

    @Option(names = "--truncate", description = "Leave out the words that do not fit, instead of refusing a prompt.")
    private boolean truncate;

    @Override
    void execute() {
        sampling.check();
        sampling.checkSeed(this, picture.given());
        picture.check(this, sampling, negativePrompt);
        List<String> prompts = new ArrayList<>(List.of(sourcePrompt));
        prompts.addAll(targetPrompts);
        EditSettings settings = edit.settings(this, prompts.size());
        List<Path> files = output.pictures(names());
        List<Path> all = new ArrayList<>(files);
        if (mapsOut != null) {
            all.add(mapsOut);
        }
        output.check(all);
        try (Device opened = device.open();
                StableDiffusion loaded = StableDiffusion.load(model.locate(), opened)) {
            long start = System.nanoTime();
            Sampling run = new Sampling(this, model, loaded, sampling, output, truncate);
            Tensor mask = blendMask == null ? null : mask(opened, blendMask);
            List<TextEmbedding> texts = prompts.stream().map(run::encode).toList();
            TextEmbedding negative = run.encode(negativePrompt);
            Inversion inversion = picture.given() ? invert(loaded, new SourceText(sourcePrompt, texts.getFirst(), negative)) : null;
            Tensor noise = inversion == null ? sampling.noise(loaded, prompts.size()) : inversion.start();
            Conditioning conditioning =
                    inversion == null ? Conditioning.of(texts, negative) : inversion.conditioning(texts.subList(1, texts.size()));
            EditedRun edited = EditedRun.of(loaded, new Extent(noise.dim(1), noise.dim(2)), sampling.steps, run.schedule());
            List<Picture> pictures;
            try (PromptToPrompt method = PromptToPrompt.of(edited, prompts, settings);
                    AverageMaps maps = method.averageMaps()) {
                EditRecipe recipe = method.recipe(conditioning, Guidance.classifierFree(sampling.guidanceScale));
                if (mask != null) {
                    LatentBlend both = recipe.blend().then(method.blendByMask(mask));
                    recipe = new EditRecipe(recipe.conditioning(), recipe.taps(), recipe.guidance(), both);
                }
                recipe = inversion == null ? recipe : inversion.pin(recipe);
                pictures = loaded.pictures(run.run(mapsOut == null ? recipe : recipe.withTaps(maps.taps()), noise));
                if (mapsOut != null) {
                    write(maps, prompts.size());
                }
            }
            for (int i = 0; i < files.size(); i++) {
                output.write(files.get(i), pictures.get(i), run.recipe(prompts.get(i), negativePrompt, pictures.get(i), details(inversion)));
            }
            picture.finished(output);
            show(new MadePictures(files, sampling.usedSeed(), (System.nanoTime() - start) / 1e9));
        }
    }

    private Inversion invert(StableDiffusion loaded, SourceText text) {
        Inversion inversion = picture.open(this, loaded, sampling, output, text, new NullTextInversion(Tuning.NULL_TEXT));
        if (!inversion.prompt().equals(sourcePrompt)) {
            throw new UserError("the picture was inverted with the prompt \"" + inversion.prompt() + "\", but --source-prompt is \"" + sourcePrompt
                    + "\": give the same");
        }
        return inversion;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of("source"));
        for (int i = 1; i <= targetPrompts.size(); i++) {
            names.add(targetPrompts.size() == 1 ? "target" : "target-" + i);
        }
        return names;
    }

    private JsonObject details(@Nullable Inversion inversion) {
        JsonObject details = new JsonObject();
        details.addProperty("method", "edit p2p");
        details.addProperty("sourcePrompt", sourcePrompt);
        details.add("settings", edit.json());
        if (blendMask != null) {
            details.addProperty("blendMask", blendMask.toString());
        }
        if (inversion != null) {
            details.add("inversion", inversion.recipe());
        }
        return details;
    }

    private static Tensor mask(Device opened, Path file) {
        Picture picture = Picture.read(file);
        float[] cells = new float[picture.width() * picture.height()];
        for (int i = 0; i < cells.length; i++) {
            int rgb = picture.rgb(i % picture.width(), i / picture.width());
            int light = Math.max(rgb >> 16 & 0xff, Math.max(rgb >> 8 & 0xff, rgb & 0xff));
            cells[i] = light >= MASK_THRESHOLD ? 1 : 0;
        }
        return opened.tensor(Shape.of(1, picture.height(), picture.width(), 1), cells);
    }

    private void write(AverageMaps maps, int prompts) {
        SafetensorsWriter file = new SafetensorsWriter();
        for (int prompt = 0; prompt < prompts; prompt++) {
            Tensor map = maps.of(prompt);
            List<Long> shape = Arrays.stream(map.shape().dims()).mapToObj(Long::valueOf).toList();
            file.add("prompt/" + prompt, StoredType.F32, shape, map::toArray);
        }
        file.write(mapsOut, output.existing());
    }
}
