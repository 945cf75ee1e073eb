package io.heddle.cli.demo;

import io.heddle.attention.Row;
import io.heddle.attention.Row.Branch;
import io.heddle.attention.Where;
import io.heddle.clip.Word;
import io.heddle.clip.Words;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.maps.MapRecorder;
import io.heddle.editing.maps.WordMaps;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.PromptToPrompt;
import io.heddle.editing.p2p.SourceRun;
import io.heddle.editing.p2p.StepWindow;
import io.heddle.editing.p2p.TensorStore;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.HeatMap;
import io.heddle.image.Montage;
import io.heddle.image.Picture;
import io.heddle.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A walk through what works: a picture of a prompt, the attention of its words, a word exchanged, a word added, a word made stronger and weaker. What
 * the page claims of the runs is checked on them.
 */
public final class Demo {
    private static final List<Double> STRENGTHS = List.of(0.0, 0.5, 1.0, 2.0, 4.0);

    /** A word is weighed during the whole run, and shapes are left to it early: what it put into the picture must be able to go. */
    private static final EditSettings WEIGHING = EditSettings.DEFAULTS.withCrossReplace(StepWindow.ALWAYS).withSelfReplace(StepWindow.until(0.2));
    private static final String WEIGHING_OPTIONS = " --cross-replace-steps 1 --self-replace-steps 0.2";

    private static final double OPACITY = 0.6;
    private static final int SOURCE = 0;
    private static final int TARGET = 1;

    private final StableDiffusion model;
    private final DemoSettings settings;
    private final Prompts prompts;
    private final Studio studio;
    private final Gallery gallery;
    private final List<Chapter> chapters = new ArrayList<>();
    private final List<Fact> facts = new ArrayList<>();

    private Demo(StableDiffusion model, DemoSettings settings, Gallery gallery) {
        this.model = model;
        this.settings = settings;
        this.gallery = gallery;
        prompts = settings.prompts();
        studio = new Studio(model, settings);
    }

    /**
     * Runs it all.
     *
     * @param folder where pictures and page are written; it exists
     * @param progress is told of each picture
     * @throws io.heddle.files.OutputException if a file exists and may not be replaced, or cannot be written
     */
    public static Outcome run(StableDiffusion model, DemoSettings settings, Path folder, Existing existing, Consumer<String> progress) {
        try (Scope _ = model.device().scope()) {
            return new Demo(model, settings, new Gallery(folder, existing, settings, progress)).run();
        }
    }

    private Outcome run() {
        Take source = studio.plain("a picture of a prompt", prompts.source());
        Picture picture = studio.develop(source.first());
        Exhibit shown = gallery.show("source", picture, "the picture", prompts.source(), settings.generate(prompts.source()));
        try (SourceRun recorded = recordedRun(prompts.source(), EditSettings.DEFAULTS)) {
            readWords(source, picture, shown, recorded);
            swapWord(source, picture, shown, recorded);
            addWord(shown, recorded);
        }
        weighWord();
        Path page = gallery.publish(new Page(settings, model.device().toString(), chapters, facts, studio.costs()).html());
        return new Outcome(page, gallery.pictures(), studio.costs(), facts);
    }

    private SourceRun recordedRun(String prompt, EditSettings reach) {
        return new SourceRun(studio.run(), prompt, reach, TensorStore.inMemory());
    }

    private void readWords(Take source, Picture picture, Exhibit shown, SourceRun recorded) {
        MapRecorder maps = recorder(SOURCE);
        EditRecipe recipe = recorded.recipe(studio.conditioning(prompts.source()), studio.guidance()).withTaps(maps.taps());
        Take read = studio.take("the same, read and recorded", recipe);
        facts.add(new Fact("Reading the attention of every word changes no bit of the picture.", Take.sameBits(read.latents(), source.latents())));
        List<Exhibit> exhibits = new ArrayList<>(List.of(shown));
        List<Word> words = Words.exact(model.tokenizer(), prompts.source()).list();
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            exhibits.add(gallery.show(String.format(Locale.ROOT, "word-%02d", i + 1), overlay(maps, word, picture), "“" + word.text() + "”",
                    prompts.source(), settings.maps(prompts.source())));
        }
        chapters.add(new Chapter("Where each word looks",
                "The prompt's picture, and laid over it the cross-attention of each of its words, averaged over the "
                        + "layers, heads and steps at one resolution: light is much, dark is little.",
                prompts.source(), exhibits));
    }

    private void swapWord(Take source, Picture picture, Exhibit shown, SourceRun recorded) {
        Take naive = studio.plain("a word exchanged, prompt only", prompts.swapped());
        MapRecorder maps = recorder(TARGET);
        Take beside;
        try (PromptToPrompt edit = PromptToPrompt.of(studio.run(), List.of(prompts.source(), prompts.swapped()), EditSettings.DEFAULTS)) {
            EditRecipe recipe = edit.recipe(studio.conditioning(prompts.source(), prompts.swapped()), studio.guidance()).withTaps(maps.taps());
            beside = studio.take("a word exchanged, source beside it", recipe);
        }
        Take after = edit("a word exchanged, recorded source", recorded, prompts.source(), prompts.swapped(), EditSettings.DEFAULTS);
        facts.add(new Fact("The source has the same bits alone and beside an edit.", Take.sameBits(beside.first(), source.latents())));
        facts.add(new Fact("An edit of the recorded source has the same bits.", Take.sameBits(beside.last(), after.latents())));
        facts.add(new Fact("An edit of the recorded source takes half of the network evaluations: " + after.cost().evaluations() + " instead of "
                + beside.cost().evaluations() + ".", 2 * after.cost().evaluations() == beside.cost().evaluations()));

        String command = settings.edit(prompts.source(), prompts.swapped(), "");
        Picture changed = studio.develop(naive.first());
        Picture edited = studio.develop(after.last());
        Word word = word(prompts.swapped(), prompts.swappedIn());
        Picture map = overlay(maps, word, edited);
        Picture strip = Montage.strip(List.of(
                new Montage.Cell(picture, prompts.source()),
                new Montage.Cell(changed, "same noise, changed prompt"),
                new Montage.Cell(edited, "Prompt-to-Prompt"),
                new Montage.Cell(map, "attention of “" + word.text() + "”")));
        gallery.show("word-swap", strip, "all of it in one strip", prompts.swapped(), command);
        chapters.add(new Chapter("A word exchanged",
                "Same noise and another word: the whole picture may change. Prompt-to-Prompt gives the new word the attention of "
                        + "the old one, and the picture stays.",
                prompts.source(), List.of(
                        shown,
                        gallery.show("swap-prompt-only", changed, "same noise, changed prompt", prompts.swapped(),
                                settings.generate(prompts.swapped())),
                        gallery.show("swap", edited, "Prompt-to-Prompt", prompts.swapped(), command),
                        gallery.show("swap-word", map, "“" + word.text() + "”, during the edit", prompts.swapped(),
                                settings.edit(prompts.source(), prompts.swapped(), " --maps-out maps.safetensors")))));
    }

    private void addWord(Exhibit shown, SourceRun recorded) {
        Take naive = studio.plain("a word added, prompt only", prompts.refined());
        Take after = edit("a word added, recorded source", recorded, prompts.source(), prompts.refined(), EditSettings.DEFAULTS);
        chapters.add(new Chapter("A word added", "The words that both prompts have keep their attention; the new one gets its own.", prompts.source(),
                List.of(
                        shown,
                        gallery.show("add-prompt-only", studio.develop(naive.first()), "same noise, changed prompt", prompts.refined(),
                                settings.generate(prompts.refined())),
                        gallery.show("add", studio.develop(after.last()), "Prompt-to-Prompt", prompts.refined(),
                                settings.edit(prompts.source(), prompts.refined(), "")))));
    }

    private void weighWord() {
        String prompt = prompts.refined();
        String word = word(prompt, prompts.added()).text();
        List<Exhibit> exhibits = new ArrayList<>();
        try (SourceRun recorded = recordedRun(prompt, WEIGHING)) {
            Take source = studio.take("the longer prompt, recorded", recorded.recipe(studio.conditioning(prompt), studio.guidance()));
            for (double strength : STRENGTHS) {
                String name = "strength-" + strength;
                if (strength == 1) {
                    exhibits.add(gallery.show(name, studio.develop(source.first()), "strength 1.0, as it is", prompt, settings.generate(prompt)));
                } else {
                    Take take =
                            edit("“" + word + "” at strength " + strength, recorded, prompt, prompt, WEIGHING.withEqualizer(Map.of(word, strength)));
                    exhibits.add(gallery.show(name, studio.develop(take.last()), "strength " + strength, prompt,
                            settings.edit(prompt, prompt, " --equalizer '" + word + "=" + strength + "'" + WEIGHING_OPTIONS)));
                }
            }
        }
        chapters.add(new Chapter("A word stronger and weaker", "The attention of “" + word + "” is multiplied, everything else stays.",
                prompts.source(), exhibits));
    }

    private Take edit(String what, SourceRun recorded, String source, String target, EditSettings changes) {
        try (PromptToPrompt edit = PromptToPrompt.after(recorded, List.of(target), changes)) {
            return studio.take(what, edit.recipe(studio.conditioning(source, target), studio.guidance()));
        }
    }

    private MapRecorder recorder(int prompt) {
        return new MapRecorder(Where.cross().and(Where.grid(studio.run().objectGrid())), new Row(Branch.CONDITIONAL, prompt), false);
    }

    private static Picture overlay(MapRecorder maps, Word word, Picture picture) {
        HeatMap map = WordMaps.of(maps.maps(), word);
        return map.over(picture, map.range(), OPACITY);
    }

    private Word word(String prompt, String text) {
        return Words.exact(model.tokenizer(), prompt).list().stream().filter(word -> word.text().equals(text)).findFirst().orElseThrow();
    }
}
