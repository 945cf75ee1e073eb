package io.heddle.editing.p2p;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.heddle.clip.Tokenizer;
import io.heddle.testkit.Fixture;
import io.heddle.testkit.SharedFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** An edit that the published code was run on: its prompts, its settings and what came out. */
record PublishedEdit(String name, Fixture fixture) {
    private static final Map<Path, Tokenizer> TOKENIZERS = new ConcurrentHashMap<>();

    static Stream<PublishedEdit> all() {
        return Stream.of(
                "08_p2p_b_refine_blend",
                "08_p2p_blend_v1",
                "08_p2p_blend_v2_512",
                "08_p2p_blend_v2_sub",
                "08_p2p_refine",
                "08_p2p_refine_reweight_blend",
                "08_p2p_replace_equal",
                "08_p2p_replace_reweight",
                "08_p2p_replace_shrink",
                "08_p2p_replace_unequal",
                "08_p2p_reweight",
                "08_p2p_word_steps",
                "13_toy_p2p_refine_reweight",
                "13_toy_p2p_replace",
                "13_toy_p2p_replace_blend")
                .map(PublishedEdit::load);
    }

    static PublishedEdit load(String name) {
        return new PublishedEdit(name, Fixture.of(name));
    }

    Path model() {
        return SharedFiles.locate("fixtures/" + name).resolveSibling(fixture.json().get("model").getAsString()).normalize();
    }

    Tokenizer tokenizer() {
        return TOKENIZERS.computeIfAbsent(model().resolve("tokenizer"), Tokenizer::load);
    }

    List<String> prompts() {
        return strings(fixture.json().getAsJsonObject("inputs").get("prompts"));
    }

    int steps() {
        return setting("steps").getAsInt();
    }

    EditSettings settings() {
        JsonElement cross = setting("cross_replace_steps");
        EditSettings settings = EditSettings.DEFAULTS
                .asPublished()
                .withKind(kind())
                .withCrossReplace(cross.isJsonObject() ? window(cross.getAsJsonObject().get("default_")) : window(cross))
                .withSelfReplace(window(setting("self_replace_steps")))
                .withSelfReplaceMaxTokens(setting("self_limit_pixels").getAsInt())
                .withEqualizer(equalizer());
        if (cross.isJsonObject()) {
            Map<String, StepWindow> byWord = new LinkedHashMap<>();
            cross.getAsJsonObject().asMap().forEach((word, window) -> {
                if (!word.equals("default_")) {
                    byWord.put(word, window(window));
                }
            });
            settings = settings.withCrossReplaceByWord(byWord);
        }
        Optional<LocalBlend> blend = blend();
        return blend.isEmpty() ? settings : settings.withBlend(blend.get());
    }

    private EditKind kind() {
        return EditKind.valueOf(setting("controller").getAsString().split(" ")[0].toUpperCase(Locale.ROOT));
    }

    private Map<String, Double> equalizer() {
        Map<String, Double> equalizer = new LinkedHashMap<>();
        if (setting("equalizer").isJsonArray()) {
            List<String> words = strings(setting("equalizer").getAsJsonArray().get(0));
            for (int i = 0; i < words.size(); i++) {
                equalizer.put(words.get(i), setting("equalizer").getAsJsonArray().get(1).getAsJsonArray().get(i).getAsDouble());
            }
        }
        return equalizer;
    }

    private Optional<LocalBlend> blend() {
        if (setting("local_blend").isJsonNull()) {
            return Optional.empty();
        }
        JsonObject json = setting("local_blend").getAsJsonObject();
        List<List<String>> words = lists(json.get("words"));
        LocalBlend blend = json.has("version") ? LocalBlend.firstVersion(words) : LocalBlend.of(words);
        List<JsonElement> thresholds = json.getAsJsonArray("th").asList();
        blend = blend.withThresholds(thresholds.get(0).getAsDouble(), thresholds.get(1).getAsDouble());
        blend = json.has("start") ? blend.withStart(json.get("start").getAsDouble()) : blend;
        return Optional.of(json.has("sub") ? blend.withSubstruct(lists(json.get("sub"))) : blend);
    }

    private JsonElement setting(String key) {
        return fixture.settings().get(key);
    }

    private static StepWindow window(JsonElement json) {
        return json.isJsonArray()
                ? new StepWindow(json.getAsJsonArray().get(0).getAsDouble(), json.getAsJsonArray().get(1).getAsDouble())
                : StepWindow.until(json.getAsDouble());
    }

    private static List<List<String>> lists(JsonElement json) {
        return json.getAsJsonArray().asList().stream().map(PublishedEdit::strings).toList();
    }

    private static List<String> strings(JsonElement json) {
        return json.isJsonArray() ? json.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList() : List.of(json.getAsString());
    }

    @Override
    public String toString() {
        return name;
    }
}
