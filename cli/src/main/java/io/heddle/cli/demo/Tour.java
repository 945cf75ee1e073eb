package io.heddle.cli.demo;

import io.heddle.attention.Row;
import io.heddle.attention.Row.Branch;
import io.heddle.attention.Where;
import io.heddle.clip.Word;
import io.heddle.clip.Words;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.maps.MapRecorder;
import io.heddle.editing.maps.WordMaps;
import io.heddle.image.HeatMap;
import io.heddle.image.Picture;
import io.heddle.weights.ModelLocation;
import java.util.List;

/**
 * What the demo works with, and what it has shown so far.
 *
 * @param model whose pictures are shown
 * @param location where its weights are
 * @param settings of all runs
 * @param studio runs recipes
 * @param gallery keeps pictures
 * @param jury reads them
 * @param chapters shown so far
 * @param facts checked so far
 */
record Tour(StableDiffusion model, ModelLocation location, DemoSettings settings, Studio studio, Gallery gallery, Jury jury, List<Chapter> chapters,
        List<Fact> facts) {
    private static final double OPACITY = 0.6;

    /** Keeps the cross-attention maps of a prompt's row at the resolution in which objects are seen. */
    MapRecorder recorder(int prompt) {
        return new MapRecorder(Where.cross().and(Where.grid(studio.run().objectGrid())), new Row(Branch.CONDITIONAL, prompt), false);
    }

    /** A picture with the attention of a word laid over it. */
    static Picture overlay(MapRecorder maps, Word word, Picture picture) {
        HeatMap map = WordMaps.of(maps.maps(), word);
        return map.over(picture, map.range(), OPACITY);
    }

    /** The words of a prompt. */
    List<Word> words(String prompt) {
        return Words.exact(model.tokenizer(), prompt).list();
    }

    /** A word of a prompt. */
    Word word(String prompt, String text) {
        return words(prompt).stream().filter(word -> word.text().equals(text)).findFirst().orElseThrow();
    }
}
