package io.heddle.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.heddle.attention.TextEmbedding;
import io.heddle.clip.Tokenizer;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.StableDiffusion;
import io.heddle.image.Picture;
import io.heddle.image.PictureRecipe;
import io.heddle.schedulers.Schedule;
import io.heddle.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One run of a command that samples: encodes prompts, runs the loop, writes latents and pictures. */
final class Sampling {
    private final Subcommand command;
    private final ModelOptions named;
    private final StableDiffusion model;
    private final SamplingOptions options;
    private final OutputOptions output;
    private final boolean truncate;
    private final Schedule schedule;

    Sampling(Subcommand command, ModelOptions named, StableDiffusion model, SamplingOptions options, OutputOptions output, boolean truncate) {
        this.command = command;
        this.named = named;
        this.model = model;
        this.options = options;
        this.output = output;
        this.truncate = truncate;
        this.schedule = options.schedule(model);
    }

    Schedule schedule() {
        return schedule;
    }

    TextEmbedding encode(String prompt) {
        Tokenizer tokenizer = model.tokenizer();
        return truncate ? model.encode(tokenizer.encodeTruncated(prompt)) : model.encode(prompt);
    }

    /** The final latents {@code [prompts, height, width, 4]}, written to files if asked. */
    Tensor run(EditRecipe recipe, Tensor noise) {
        Tensor start = noise.times(schedule.initialScale());
        int prompts = recipe.conditioning().prompts().size();
        return run(start, prompts, listener -> new Sampler(model.unet()::predict, schedule).run(start, recipe, listener));
    }

    /** The final latents of a loop of any kind, which tells a listener its steps; written to files if asked. */
    Tensor run(Tensor start, int prompts, Function<SamplingListener, Tensor> loop) {
        LatentFiles.Trajectory trajectory = output.trajectoryOut == null ? null : new LatentFiles.Trajectory(start, prompts);
        Tensor latents;
        try (Progress progress = new Progress(command.streams(), command.global(), "sampling")) {
            SamplingListener listener = trajectory == null ? progress : progress.then(trajectory);
            latents = loop.apply(listener);
        }
        if (output.latentsOut != null) {
            LatentFiles.write(output.latentsOut, latents, output.existing());
        }
        if (trajectory != null) {
            trajectory.write(output.trajectoryOut, output.existing());
        }
        return latents;
    }

    /** The recipe of one picture; {@code method} is added to the details. */
    PictureRecipe recipe(String prompt, String negativePrompt, Picture picture, JsonObject method) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("Steps", Integer.toString(options.steps));
        settings.put("Sampler", options.schedulerName(model).toUpperCase(Locale.ROOT));
        settings.put("CFG scale", Double.toString(options.guidanceScale));
        options.usedSeed().ifPresent(seed -> settings.put("Seed", Long.toString(seed)));
        settings.put("Size", picture.width() + "x" + picture.height());
        settings.put("Model", named.title());
        settings.put("Version", "Heddle " + Version.current());
        JsonObject details = method.deepCopy();
        details.addProperty("version", Version.current());
        named.describe(details);
        details.addProperty("prompt", prompt);
        details.addProperty("negativePrompt", negativePrompt);
        details.addProperty("steps", options.steps);
        details.addProperty("guidanceScale", options.guidanceScale);
        details.addProperty("truncate", truncate);
        details.addProperty("scheduler", options.schedulerName(model));
        options.describeStart(details);
        details.addProperty("width", picture.width());
        details.addProperty("height", picture.height());
        details.addProperty("device", model.device().toString());
        return new PictureRecipe(prompt, negativePrompt, settings, details);
    }

    /** The result as commands print it. */
    static JsonObject json(List<Path> pictures, Optional<Long> seed, double seconds) {
        JsonObject json = new JsonObject();
        JsonArray files = new JsonArray();
        pictures.forEach(path -> files.add(path.toString()));
        json.add("pictures", files);
        seed.ifPresent(drawn -> json.addProperty("seed", drawn));
        json.addProperty("seconds", seconds);
        return json;
    }
}
