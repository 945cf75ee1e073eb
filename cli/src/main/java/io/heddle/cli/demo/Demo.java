package io.heddle.cli.demo;

import io.heddle.editing.StableDiffusion;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.tensor.Scope;
import io.heddle.weights.ModelLocation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.Consumer;

/** A walk through what works. What the page claims of the runs is checked on them. */
public final class Demo {
    private Demo() {}

    /**
     * Runs it all.
     *
     * @param location where the model was loaded from
     * @param folder where pictures and page are written; it exists
     * @param progress is told of each picture
     * @throws io.heddle.files.OutputException if a file exists and may not be replaced, or cannot be written
     */
    public static Outcome run(
            StableDiffusion model, ModelLocation location, DemoSettings settings, Path folder, Existing existing, Consumer<String> progress) {
        try (Scope _ = model.device().scope()) {
            Gallery gallery = new Gallery(folder, existing, settings, progress);
            Studio studio = new Studio(model, settings);
            Jury jury = new Jury(settings.showsToyWorld());
            Tour tour = new Tour(model, location, settings, studio, gallery, jury, new ArrayList<>(), new ArrayList<>());
            new PromptChapters(tour).show();
            if (settings.showsToyWorld()) {
                new PhotoChapters(tour).show();
            }
            Page page = new Page(settings, model.device().toString(), tour.chapters(), tour.facts(), jury.verdicts(), studio.costs());
            return new Outcome(gallery.publish(page.html()), gallery.pictures(), studio.costs(), tour.facts(), jury.verdicts());
        }
    }
}
