package io.heddle.bench;

import io.heddle.bench.quality.QualityRun;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how well a model makes and edits pictures of the toy world: {@code --model DIR --out DIR [--rows N] [--steps N] [--threads N] [--only NAME,...]}.
 * A run that was stopped goes on where it was when it is started again.
 */
public final class Quality {
    private static final Map<String, String> DEFAULTS = Map.of("--rows", "200", "--steps", "50", "--threads", "1", "--only", "");

    private Quality() {}

    /** Measures and writes {@code quality.csv} and {@code quality.md}. */
    public static void main(String[] arguments) {
        Map<String, String> options = new HashMap<>(DEFAULTS);
        for (int i = 0; i < arguments.length; i += 2) {
            boolean known = DEFAULTS.containsKey(arguments[i]) || List.of("--model", "--out").contains(arguments[i]);
            if (!known || i + 1 == arguments.length) {
                throw new IllegalArgumentException("unknown option, or one without a value: " + arguments[i] + "; " + usage());
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        List<String> names = options.get("--only").isEmpty() ? List.of() : List.of(options.get("--only").split(","));
        new QualityRun(
                Path.of(required(options, "--model")),
                Integer.parseInt(options.get("--rows")),
                Integer.parseInt(options.get("--steps")),
                Integer.parseInt(options.get("--threads")),
                Path.of(required(options, "--out")),
                names).run(System.err::println);
    }

    private static String required(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing; " + usage());
        }
        return value;
    }

    private static String usage() {
        return "expected --model DIR --out DIR [--rows N] [--steps N] [--threads N] [--only " + String.join(",", QualityRun.experiments()) + "]";
    }
}
