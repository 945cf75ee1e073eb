package io.heddle.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One self-contained page: text, style and pictures are in the file, and nothing is loaded from elsewhere.
 *
 * @param settings how it was sampled
 * @param device where
 * @param chapters what is shown
 * @param facts what was checked
 * @param verdicts what the oracle read
 * @param costs what the runs took
 */
record Page(DemoSettings settings, String device, List<Chapter> chapters, List<Fact> facts, List<Verdict> verdicts, List<Cost> costs) {
    String html() {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Heddle: a demo</title>
                <style>
                %s</style>
                </head>
                <body>
                <header>
                <h1>Heddle</h1>
                <p>Stable Diffusion with every attention map in the open. Pictures of prompts on this page come from the same noise.</p>
                <ul class="pills">%s</ul>
                </header>
                <main>
                %s<section>
                <h2>What was checked on these runs</h2>
                <ul class="facts">
                %s</ul>
                </section>
                %s<section>
                <h2>What they took</h2>
                <table>
                <tr><th>run</th><th>network evaluations</th><th>seconds</th></tr>
                %s</table>
                <p class="note">One evaluation is one picture through the network once.
                The first run is slow, because the Java virtual machine is still compiling.</p>
                </section>
                </main>
                </body>
                </html>
                """.formatted(
                style(), pills(), chapters.stream().map(Page::chapter).collect(Collectors.joining()), checks(), readings(), table());
    }

    private String pills() {
        return pill("model", settings.model().orElse("the embedded one")) + pill("device", device)
                + pill("sampler", "DDIM, " + settings.steps() + " steps")
                + pill("guidance", Double.toString(settings.guidanceScale())) + pill("seed", Long.toString(settings.seed()));
    }

    private static String pill(String name, String value) {
        return "<li><b>" + name + "</b> " + escaped(value) + "</li>";
    }

    private static String chapter(Chapter chapter) {
        return """
                <section>
                <h2>%s</h2>
                <p>%s</p>
                <div class="row">
                %s</div>
                </section>
                """.formatted(
                escaped(chapter.title()),
                escaped(chapter.text()),
                chapter.exhibits().stream().map(exhibit -> figure(chapter, exhibit)).collect(Collectors.joining()));
    }

    private static String figure(Chapter chapter, Exhibit exhibit) {
        return """
                <figure>
                <img alt="%s: %s" src="data:image/png;base64,%s">
                <figcaption><b>%s</b><br>%s%s</figcaption>
                </figure>
                """.formatted(
                escaped(exhibit.title()), escaped(exhibit.prompt()), base64(exhibit), escaped(exhibit.title()),
                marked(chapter.before(), exhibit.prompt()),
                exhibit.command().map(c -> "\n<details><summary>command</summary><code>" + escaped(c) + "</code></details>").orElse(""));
    }

    /** The prompt with its new words marked. */
    private static String marked(String before, String prompt) {
        List<String> news = Prompts.news(before, prompt);
        return Prompts.words(prompt).stream()
                .map(word -> news.contains(word) ? "<mark>" + escaped(word) + "</mark>" : escaped(word))
                .collect(Collectors.joining(" "));
    }

    private String checks() {
        return facts.stream()
                .map(fact -> "<li class=\"%s\">%s</li>\n".formatted(fact.holds() ? "holds" : "fails", escaped(fact.claim())))
                .collect(Collectors.joining());
    }

    /** What the oracle read, or nothing if it was not asked. */
    private String readings() {
        return verdicts.isEmpty() ? ""
                : """
                <section>
                <h2>What the toy world's oracle read in them</h2>
                <table>
                <tr><th>picture</th><th>asked</th><th>read</th></tr>
                %s</table>
                </section>
                """.formatted(verdicts.stream()
                        .map(verdict -> "<tr><td>%s</td><td>%s</td><td class=\"%s\">%s</td></tr>\n".formatted(escaped(verdict.picture()),
                                escaped(verdict.asked()), verdict.agrees() ? "holds" : "fails", escaped(verdict.read())))
                        .collect(Collectors.joining()));
    }

    private String table() {
        return costs.stream()
                .map(cost -> String.format(Locale.ROOT, "<tr><td>%s</td><td>%d</td><td>%.1f</td></tr>%n", escaped(cost.what()), cost.evaluations(),
                        cost.seconds()))
                .collect(Collectors.joining());
    }

    private static String base64(Exhibit exhibit) {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(exhibit.file()));
        } catch (IOException e) {
            throw new UncheckedIOException("the picture " + exhibit.file() + " was written but cannot be read again", e);
        }
    }

    private static String style() {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream("page.css"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the page's style sheet cannot be read", e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
