package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.InversionMethod;
import io.heddle.editing.inversion.PromptTuningInversion;
import io.heddle.editing.inversion.SourceText;
import io.heddle.editing.inversion.Tuning;
import io.heddle.editing.pti.PromptTuningEdit;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Edits a real picture by leading the text that reconstructs it towards a target. */
@Command(name = "pti", description = "Prompt tuning inversion: lead a real picture towards the target prompt, no description of the picture needed.")
final class EditPtiCommand extends Subcommand {
    private static final InversionMethod INVERSION = new PromptTuningInversion(Tuning.PROMPT_TUNING);

    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final EditedPictureOptions edited = new EditedPictureOptions();

    @Option(names = "--target-prompt", paramLabel = "TEXT", required = true, description = "What the edited picture shows.")
    private String targetPrompt;

    @Option(names = "--eta", paramLabel = "ETA,...", defaultValue = "0,0.2,0.4,0.6,0.8,1",
            description = "How far to go, 0 (the picture) to 1 (the target from the picture's noise); one picture each, and a strip of all (default: ${DEFAULT-VALUE}).")
    private String etas;

    @Option(names = "--blend-latents", description = "Also mix the latents of every step with the picture's own, by the same share.")
    private boolean blendLatents;

    @Override
    void execute() {
        sampling.check();
        sampling.checkSeed(this, true);
        edited.check(this, sampling, "");
        if (!edited.given()) {
            throw new UserError("the picture is missing: name it with --image, or its inversion with --inversion");
        }
        if (edited.file() == null) {
            PromptTuningEdit.requireMethod(edited.options().method(INVERSION));
        }
        EtaSweep sweep = EtaSweep.of(etas, 1, output);
        try (Device opened = device.open();
                StableDiffusion loaded = StableDiffusion.load(model.locate(), opened);
                SourceText text = SourceText.of(loaded, targetPrompt);
                Inversion inversion = edited.open(this, loaded, sampling, output, text, INVERSION);
                TextEmbedding target = loaded.encode(targetPrompt);
                PromptTuningEdit edit = new PromptTuningEdit(inversion, target, sweep.etas())) {
            if (sampling.guidanceScale != inversion.guidance()) {
                throw new UserError("--guidance-scale is " + sampling.guidanceScale + ", but the picture was inverted for guidance "
                        + inversion.guidance() + ", which prompt tuning keeps: leave it out, or invert the picture again");
            }
            long start = System.nanoTime();
            Sampling run = new Sampling(this, model, loaded, sampling, output, false);
            EditRecipe recipe = blendLatents ? edit.recipeBlendingLatents() : edit.recipe();
            Tensor latents = run.run(recipe, inversion.start());
            sweep.write(loaded.pictures(latents), _ -> "", output,
                    (picture, eta) -> run.recipe(targetPrompt, "", picture, details(inversion, eta)));
            edited.finished(output);
            show(new MadePictures(sweep.files(), sampling.usedSeed(), (System.nanoTime() - start) / 1e9));
        }
    }

    private JsonObject details(Inversion inversion, String eta) {
        JsonObject details = new JsonObject();
        details.addProperty("method", "edit pti");
        details.addProperty("eta", eta);
        details.addProperty("blendLatents", blendLatents);
        details.add("inversion", inversion.recipe());
        return details;
    }
}
