package io.heddle.cli.demo;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * How the demo samples.
 *
 * @param prompts what it shows
 * @param model the model as the user named it; empty for the embedded one
 * @param seed of the start noise of all pictures
 * @param steps of each run
 * @param guidanceScale weight of the prompts
 */
public record DemoSettings(Prompts prompts, Optional<String> model, long seed, int steps, double guidanceScale) {
    /** The command that makes the picture of a prompt. */
    String generate(String prompt) {
        return command("generate -p " + quoted(prompt), "picture.png");
    }

    /** The command that makes the overlays of a prompt's words. */
    String maps(String prompt) {
        return command("maps -p " + quoted(prompt), "maps");
    }

    /** The command that makes an edit. */
    String edit(String source, String target, String more) {
        return command("edit p2p --source-prompt " + quoted(source) + " --target-prompt " + quoted(target) + more, "edit");
    }

    /** The command that edits a picture. */
    String edit(Path image, String method, String more) {
        return edit(image, method, guidanceScale, more);
    }

    /** The command that edits a picture under guidance of the method's own. */
    String edit(Path image, String method, double guidance, String more) {
        return command("edit " + method + " --image " + quoted(image.toString()) + more, guidance, "edit");
    }

    /** Whether the toy world is shown by the model that was trained on it. */
    public boolean showsToyWorld() {
        return model.isEmpty() && prompts.equals(Prompts.STANDARD);
    }

    private String command(String what, String output) {
        return command(what, guidanceScale, output);
    }

    private String command(String what, double guidance, String output) {
        return "./heddle " + what + model.map(name -> " --model " + quoted(name)).orElse("")
                + String.format(Locale.ROOT, " --seed %d --steps %d --guidance-scale %s -o %s", seed, steps, guidance, output);
    }

    /** As a shell reads it back. */
    static String quoted(String text) {
        return text.matches("[\\w./:@-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
