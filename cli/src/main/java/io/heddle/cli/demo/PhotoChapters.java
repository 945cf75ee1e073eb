package io.heddle.cli.demo;

import static io.heddle.toyworld.Attribute.BACKGROUND;
import static io.heddle.toyworld.Attribute.COLOUR;
import static io.heddle.toyworld.Attribute.KIND;
import static io.heddle.toyworld.Attribute.POSE;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.inversion.DirectInversion;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.PromptTuningInversion;
import io.heddle.editing.inversion.SourceText;
import io.heddle.editing.inversion.Tuning;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.PromptToPrompt;
import io.heddle.editing.pti.PromptTuningEdit;
import io.heddle.image.Fidelity;
import io.heddle.image.Picture;
import io.heddle.tensor.Tensor;
import io.heddle.toyworld.Captions;
import io.heddle.toyworld.Rendering;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is done with a real picture: a drawing of the toy world, which no network has made or seen. */
final class PhotoChapters {
    private static final List<Double> ETAS = List.of(0.0, 0.4, 0.7, 1.0);

    private static final String NO_INJECTION = " --cross-replace-steps 0 --self-replace-steps 0";

    private final Tour tour;
    private final DemoSettings settings;
    private final Studio studio;
    private final Gallery gallery;
    private final Picture photo = Rendering.of(ShownScenes.PHOTO).picture();
    private final String caption = Captions.evaluation(ShownScenes.PHOTO);
    private final Tensor clean;

    PhotoChapters(Tour tour) {
        this.tour = tour;
        settings = tour.settings();
        studio = tour.studio();
        gallery = tour.gallery();
        clean = tour.model().encode(photo);
    }

    void show() {
        Exhibit shown = gallery.showDrawing("photo", photo, "a real picture, drawn by the toy world", caption);
        swapWord(shown);
        leadTowards(shown);
        new GeometryChapters(tour, shown, photo, clean).show();
    }

    private void swapWord(Exhibit shown) {
        String target = Captions.evaluation(ShownScenes.RECOLOURED);
        try (SourceText text = SourceText.of(tour.model(), caption);
                TextEmbedding changed = tour.model().encode(target);
                Inversion inversion = studio.invert("the real picture, inverted", clean, text, new DirectInversion())) {
            List<String> prompts = List.of(caption, target);
            EditRecipe naive = EditRecipe.plain(studio.conditioning(target), studio.guidance());
            Picture alone = studio.develop(studio.take("its noise, changed prompt", naive, inversion.start()).first());
            try (PromptToPrompt edit = PromptToPrompt.of(studio.run(), prompts, EditSettings.DEFAULTS)) {
                EditRecipe recipe = inversion.pin(edit.recipe(inversion.conditioning(List.of(changed)), studio.guidance()));
                Take take = studio.take("the real picture, a word exchanged", recipe, inversion.start());
                Picture back = studio.develop(take.first());
                Picture edited = studio.develop(take.last());
                double psnr = Fidelity.between(photo, back).psnr();
                tour.facts().add(new Fact(String.format(Locale.ROOT, "The real picture comes back from its noise at %.1f dB.", psnr), psnr > 30));
                tour.jury().ask("the real picture, a word exchanged", edited, ShownScenes.RECOLOURED, KIND, COLOUR, POSE, BACKGROUND);
                String words = " --source-prompt " + DemoSettings.quoted(caption) + " --target-prompt " + DemoSettings.quoted(target);
                String direct = "p2p --inversion-method direct" + words;
                String naively = "p2p --inversion-method ddim" + words + NO_INJECTION;
                tour.chapters().add(new Chapter("A real picture, a word exchanged",
                        "The picture is led back to noise, step by step, and from there it is sampled again with another word. The changed prompt alone "
                                + "makes something else of that noise; direct inversion and Prompt-to-Prompt keep the picture.",
                        caption, List.of(
                                shown,
                                gallery.show("photo-prompt-only", alone, "its noise, changed prompt", target,
                                        settings.edit("photo-prompt-only", shown.file(), naively)),
                                gallery.show("photo-reconstructed", back, "led back", caption,
                                        settings.edit("photo-reconstructed", shown.file(), direct)),
                                gallery.show("photo-swap", edited, "Prompt-to-Prompt", target, settings.edit("photo-swap", shown.file(), direct)))));
            }
        }
    }

    private void leadTowards(Exhibit shown) {
        String target = Captions.evaluation(ShownScenes.RECOLOURED);
        List<Exhibit> exhibits = new ArrayList<>(List.of(shown));
        try (SourceText text = SourceText.of(tour.model(), target);
                Inversion inversion = studio.invert("prompt tuning", clean, text, new PromptTuningInversion(Tuning.PROMPT_TUNING));
                PromptTuningEdit edit = new PromptTuningEdit(inversion, text.conditional(), ETAS)) {
            Take take = studio.take("from the picture to the prompt", edit.recipe(), inversion.start());
            for (int i = 0; i < ETAS.size(); i++) {
                double eta = ETAS.get(i);
                Picture picture = studio.develop(take.latents().row(i));
                if (eta == 0) {
                    tour.jury().ask("prompt tuning, η 0", picture, ShownScenes.PHOTO, KIND, COLOUR, POSE, BACKGROUND);
                }
                exhibits.add(gallery.show("tuned-" + eta, picture, "η " + eta, target,
                        settings.edit("tuned-" + eta, shown.file(), "pti --target-prompt " + DemoSettings.quoted(target) + " --eta " + eta)));
            }
        }
        tour.chapters().add(new Chapter("From a picture to a prompt",
                "Nobody says what the picture shows: an embedding is tuned until the picture comes back from its noise, and then led towards the prompt's.",
                caption, exhibits));
    }
}
