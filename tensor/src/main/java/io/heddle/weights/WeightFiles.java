package io.heddle.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the weights of one component in its folder. */
final class WeightFiles {
    private static final Logger LOG = LoggerFactory.getLogger(WeightFiles.class);
    private static final Pattern VARIANT = Pattern.compile("[A-Za-z0-9_-]+");
    private static final String SUFFIX = ".safetensors";

    private WeightFiles() {}

    /**
     * The file or index with the weights called {@code stem} in {@code folder}: of the variant if there is one, else without, with a warning.
     *
     * @throws WeightException if there are none; the message lists what was found instead
     */
    static Path find(Path folder, String stem, Optional<String> variant) {
        variant.ifPresent(WeightFiles::checkVariant);
        Optional<Path> wanted = variant.flatMap(name -> firstExisting(
                folder, stem + SUFFIX + ".index." + name + ".json", stem + SUFFIX + "." + name + ".index.json", stem + "." + name + SUFFIX));
        if (wanted.isPresent()) {
            return wanted.get();
        }
        Path plain = firstExisting(folder, stem + SUFFIX + ".index.json", stem + SUFFIX).orElseThrow(() -> notFound(folder, stem, variant));
        variant.ifPresent(name -> LOG.warn("{} has no weights of variant {}; using {}", folder, name, plain.getFileName()));
        return plain;
    }

    /** The names of what lies in {@code folder}, sorted; folders end in a slash. */
    static List<String> listing(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName() + (Files.isDirectory(entry) ? "/" : "")).sorted().toList();
        } catch (IOException e) {
            throw new WeightException.Inaccessible(folder + " cannot be listed: " + e, e);
        }
    }

    private static void checkVariant(String name) {
        if (!VARIANT.matcher(name).matches()) {
            throw new WeightException.Inaccessible("the variant " + Phrases.name(name) + " should be a word such as fp16");
        }
    }

    private static Optional<Path> firstExisting(Path folder, String... names) {
        return Stream.of(names).map(folder::resolve).filter(Files::isRegularFile).findFirst();
    }

    private static WeightException notFound(Path folder, String stem, Optional<String> variant) {
        if (!Files.isDirectory(folder)) {
            throw new WeightException.Inaccessible(folder + " does not exist: a folder with " + stem + SUFFIX + " is expected");
        }
        List<String> found = listing(folder);
        String wanted = folder + " holds no " + stem + SUFFIX;
        Predicate<String> foreign = name -> ForeignFormat.ofName(Path.of(name)).isPresent();
        if (found.stream().anyMatch(foreign) && found.stream().noneMatch(name -> name.endsWith(SUFFIX))) {
            String name = found.stream().filter(foreign).findFirst().orElseThrow();
            String refusal = ForeignFormat.ofName(Path.of(name)).orElseThrow().refusal();
            return new WeightException.Unsupported(wanted + "; found " + name + ", which " + refusal);
        }
        return new WeightException.Inaccessible(wanted + variant.map(name -> ", with or without variant " + name).orElse("") + "; found: "
                + Phrases.listOrNothing(found) + otherVariant(found, stem));
    }

    private static String otherVariant(List<String> found, String stem) {
        Pattern other = Pattern.compile(Pattern.quote(stem) + "\\.(" + VARIANT.pattern() + ")\\.safetensors");
        return found.stream()
                .map(other::matcher)
                .filter(matcher -> matcher.matches())
                .findFirst()
                .map(matcher -> "; ask for variant " + matcher.group(1))
                .orElse("");
    }
}
