package io.heddle.cli.demo;

import static io.heddle.toyworld.Attribute.BACKGROUND;
import static io.heddle.toyworld.Attribute.COLOUR;
import static io.heddle.toyworld.Attribute.KIND;
import static io.heddle.toyworld.Attribute.SCALE;
import static io.heddle.toyworld.Attribute.TEXTURE;

import io.heddle.clip.Word;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.maps.MapRecorder;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.PromptToPrompt;
import io.heddle.editing.p2p.SourceRun;
import io.heddle.editing.p2p.StepWindow;
import io.heddle.editing.p2p.TensorStore;
import io.heddle.image.Montage;
import io.heddle.image.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What prompts do: where words look, a word exchanged, a word added, a word stronger and weaker. */
final class PromptChapters {
    private static final List<Double> STRENGTHS = List.of(0.0, 0.5, 1.0, 2.0, 4.0);

    /** A word is weighed during the whole run, and shapes are left to it early: what it put into the picture must be able to go. */
    private static final EditSettings WEIGHING = EditSettings.DEFAULTS.withCrossReplace(StepWindow.ALWAYS).withSelfReplace(StepWindow.until(0.2));
    private static final String WEIGHING_OPTIONS = " --cross-replace-steps 1 --self-replace-steps 0.2";

    private static final int SOURCE = 0;
    private static final int TARGET = 1;

    private final Tour tour;
    private final DemoSettings settings;
    private final Prompts prompts;
    private final Studio studio;
    private final Gallery gallery;

    PromptChapters(Tour tour) {
        this.tour = tour;
        settings = tour.settings();
        prompts = settings.prompts();
        studio = tour.studio();
        gallery = tour.gallery();
    }

    void show() {
        Take source = studio.plain("a picture of a prompt", prompts.source());
        Picture picture = studio.develop(source.first());
        tour.jury().ask("the picture of a prompt", picture, ShownScenes.SOURCE, KIND, COLOUR, TEXTURE, SCALE, BACKGROUND);
        Exhibit shown = gallery.show("source", picture, "the picture", prompts.source(), settings.generate("source", prompts.source()));
        try (SourceRun recorded = recordedRun(prompts.source(), EditSettings.DEFAULTS)) {
            readWords(source, picture, shown, recorded);
            swapWord(source, picture, shown, recorded);
            addWord(shown, recorded);
        }
        weighWord();
    }

    private SourceRun recordedRun(String prompt, EditSettings reach) {
        return new SourceRun(studio.run(), prompt, reach, TensorStore.inMemory());
    }

    private void readWords(Take source, Picture picture, Exhibit shown, SourceRun recorded) {
        MapRecorder maps = tour.recorder(SOURCE);
        EditRecipe recipe = recorded.recipe(studio.conditioning(prompts.source()), studio.guidance()).withTaps(maps.taps());
        Take read = studio.take("the same, read and recorded", recipe);
        tour.facts()
                .add(new Fact("Reading the attention of every word changes no bit of the picture.", Take.sameBits(read.latents(), source.latents())));
        List<Exhibit> exhibits = new ArrayList<>(List.of(shown));
        List<Word> words = tour.words(prompts.source());
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            String name = String.format(Locale.ROOT, "word-%02d", i + 1);
            exhibits.add(gallery.show(name, Tour.overlay(maps, word, picture), "“" + word.text() + "”", prompts.source(),
                    settings.maps(name, prompts.source())));
        }
        tour.chapters().add(new Chapter("Where each word looks",
                "The prompt's picture, and laid over it the cross-attention of each of its words, averaged over the "
                        + "layers, heads and steps at one resolution: light is much, dark is little.",
                prompts.source(), exhibits));
    }

    private void swapWord(Take source, Picture picture, Exhibit shown, SourceRun recorded) {
        Take naive = studio.plain("a word exchanged, prompt only", prompts.swapped());
        MapRecorder maps = tour.recorder(TARGET);
        Take beside;
        try (PromptToPrompt edit = PromptToPrompt.of(studio.run(), List.of(prompts.source(), prompts.swapped()), EditSettings.DEFAULTS)) {
            EditRecipe recipe = edit.recipe(studio.conditioning(prompts.source(), prompts.swapped()), studio.guidance()).withTaps(maps.taps());
            beside = studio.take("a word exchanged, source beside it", recipe);
        }
        Take after = edit("a word exchanged, recorded source", recorded, prompts.source(), prompts.swapped(), EditSettings.DEFAULTS);
        tour.facts().add(new Fact("The source has the same bits alone and beside an edit.", Take.sameBits(beside.first(), source.latents())));
        tour.facts().add(new Fact("An edit of the recorded source has the same bits.", Take.sameBits(beside.last(), after.latents())));
        tour.facts()
                .add(new Fact("An edit of the recorded source takes half of the network evaluations: " + after.cost().evaluations() + " instead of "
                        + beside.cost().evaluations() + ".", 2 * after.cost().evaluations() == beside.cost().evaluations()));

        Picture changed = studio.develop(naive.first());
        Picture edited = studio.develop(after.last());
        tour.jury().ask("a word exchanged", edited, ShownScenes.SWAPPED, KIND, COLOUR, TEXTURE, SCALE, BACKGROUND);
        Word word = tour.word(prompts.swapped(), prompts.swappedIn());
        Picture map = Tour.overlay(maps, word, edited);
        Picture strip = Montage.strip(List.of(
                new Montage.Cell(picture, prompts.source()),
                new Montage.Cell(changed, "same noise, changed prompt"),
                new Montage.Cell(edited, "Prompt-to-Prompt"),
                new Montage.Cell(map, "attention of “" + word.text() + "”")));
        gallery.show("word-swap", strip, "all of it in one strip", prompts.swapped(), swap("word-swap", ""));
        tour.chapters().add(new Chapter("A word exchanged",
                "Same noise and another word: the whole picture may change. Prompt-to-Prompt gives the new word the attention of "
                        + "the old one, and the picture stays.",
                prompts.source(), List.of(
                        shown.again(),
                        gallery.show("swap-prompt-only", changed, "same noise, changed prompt", prompts.swapped(),
                                settings.generate("swap-prompt-only", prompts.swapped())),
                        gallery.show("swap", edited, "Prompt-to-Prompt", prompts.swapped(), swap("swap", "")),
                        gallery.show("swap-word", map, "“" + word.text() + "”, during the edit", prompts.swapped(),
                                swap("swap-word", " --maps-out swap-word.safetensors")))));
    }

    private String swap(String name, String more) {
        return settings.edit(name, prompts.source(), prompts.swapped(), more);
    }

    private void addWord(Exhibit shown, SourceRun recorded) {
        Take naive = studio.plain("a word added, prompt only", prompts.refined());
        Take after = edit("a word added, recorded source", recorded, prompts.source(), prompts.refined(), EditSettings.DEFAULTS);
        Picture edited = studio.develop(after.last());
        tour.jury().ask("a word added", edited, ShownScenes.REFINED, KIND, COLOUR, TEXTURE, SCALE, BACKGROUND);
        tour.chapters()
                .add(new Chapter("A word added", "The words that both prompts have keep their attention; the new one gets its own.", prompts.source(),
                        List.of(
                                shown.again(),
                                gallery.show("add-prompt-only", studio.develop(naive.first()), "same noise, changed prompt", prompts.refined(),
                                        settings.generate("add-prompt-only", prompts.refined())),
                                gallery.show("add", edited, "Prompt-to-Prompt", prompts.refined(),
                                        settings.edit("add", prompts.source(), prompts.refined(), "")))));
    }

    private void weighWord() {
        String prompt = prompts.refined();
        String word = Prompts.bare(prompts.added());
        List<Exhibit> exhibits = new ArrayList<>();
        try (SourceRun recorded = recordedRun(prompt, WEIGHING)) {
            Take source = studio.take("the longer prompt, recorded", recorded.recipe(studio.conditioning(prompt), studio.guidance()));
            for (double strength : STRENGTHS) {
                String name = "strength-" + strength;
                if (strength == 1) {
                    exhibits.add(
                            gallery.show(name, studio.develop(source.first()), "strength 1.0, as it is", prompt, settings.generate(name, prompt)));
                } else {
                    Take take =
                            edit("“" + word + "” at strength " + strength, recorded, prompt, prompt, WEIGHING.withEqualizer(Map.of(word, strength)));
                    Picture picture = studio.develop(take.last());
                    if (strength == 0) {
                        tour.jury().ask("the added word at strength 0", picture, ShownScenes.SOURCE, KIND, COLOUR, TEXTURE, SCALE, BACKGROUND);
                    }
                    exhibits.add(gallery.show(name, picture, "strength " + strength, prompt,
                            settings.edit(name, prompt, prompt, " --equalizer " + DemoSettings.quoted(word + "=" + strength) + WEIGHING_OPTIONS)));
                }
            }
        }
        tour.chapters().add(new Chapter("A word stronger and weaker", "The attention of “" + word + "” is multiplied, everything else stays.",
                prompts.source(), exhibits));
    }

    private Take edit(String what, SourceRun recorded, String source, String target, EditSettings changes) {
        try (PromptToPrompt edit = PromptToPrompt.after(recorded, List.of(target), changes)) {
            return studio.take(what, edit.recipe(studio.conditioning(source, target), studio.guidance()));
        }
    }
}
