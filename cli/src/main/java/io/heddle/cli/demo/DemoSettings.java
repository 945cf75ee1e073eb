package io.heddle.cli.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the demo samples.
 *
 * @param prompts what it shows
 * @param model the model as the user named it; empty for the embedded one
 * @param options of the user's that commands must repeat to make the same pictures, such as {@code --variant fp16}
 * @param seed of the start noise of all pictures of prompts
 * @param steps of each run
 * @param guidanceScale weight of the prompts
 */
public record DemoSettings(Prompts prompts, Optional<String> model, List<String> options, long seed, int steps, double guidanceScale) {
    /** The command that makes the picture of a prompt again, under a name. */
    String generate(String name, String prompt) {
        return command("generate -p " + quoted(prompt) + noise(), guidanceScale, name + ".png");
    }

    /** The command that makes the overlays of a prompt's words, in a folder of this name. */
    String maps(String name, String prompt) {
        return command("maps -p " + quoted(prompt) + noise(), guidanceScale, name);
    }

    /** The command that edits the picture of a prompt, into a folder of this name. */
    String edit(String name, String source, String target, String more) {
        return command("edit p2p --source-prompt " + quoted(source) + " --target-prompt " + quoted(target) + more + noise(), guidanceScale, name);
    }

    /** The command that edits a picture, into a folder of this name. */
    String edit(String name, Path image, String method) {
        return edit(name, image, method, guidanceScale);
    }

    /** The same under guidance of the method's own. */
    String edit(String name, Path image, String method, double guidance) {
        return command("edit " + method + " --image " + quoted(image.toString()), guidance, name);
    }

    /** What makes a command start from the noise that all pictures of prompts start from. */
    String noise() {
        return " --seed " + seed;
    }

    /** Whether the toy world is shown by the model that was trained on it. */
    public boolean showsToyWorld() {
        return model.isEmpty() && prompts.equals(Prompts.STANDARD);
    }

    private String command(String what, double guidance, String output) {
        String named = Stream.concat(model.stream().flatMap(name -> Stream.of("--model", name)), options.stream())
                .map(argument -> " " + quoted(argument)).collect(Collectors.joining());
        return "./heddle " + what + named + " --steps " + steps + " --guidance-scale " + guidance + " -o " + output;
    }

    /** As a shell reads it back. */
    public static String quoted(String text) {
        return text.matches("[\\w./:@-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
