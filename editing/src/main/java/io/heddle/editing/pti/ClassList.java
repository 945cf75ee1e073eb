package io.heddle.editing.pti;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The classes of an evaluation, in the order of a classifier's scores.
 *
 * @param ids such as {@code n02123159}, which name folders of pictures
 * @param names in words, for prompts
 */
public record ClassList(List<String> ids, List<String> names) {
    /** Copies both lists. */
    public ClassList {
        ids = List.copyOf(ids);
        names = List.copyOf(names);
    }

    /**
     * Reads a list of lines {@code id name, other name}: of several names the first is used.
     *
     * @throws IllegalArgumentException if a line has no name or an id comes twice
     */
    public static ClassList read(Path file) {
        List<String> ids = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String line : lines(file)) {
            String[] parts = line.strip().split("\\s+", 2);
            if (parts.length < 2 || ids.contains(parts[0])) {
                throw new IllegalArgumentException(
                        file + ": the line \"" + line + "\" is not a class: expected an id that comes once, a blank and a name");
            }
            ids.add(parts[0]);
            names.add(parts[1].split(",", 2)[0].strip());
        }
        return new ClassList(ids, names);
    }

    /**
     * The place of a class in the list.
     *
     * @throws IllegalArgumentException if there is none of this id
     */
    public int indexOf(String id) {
        int index = ids.indexOf(id);
        if (index < 0) {
            throw new IllegalArgumentException("the class " + id + " is not in the list of " + ids.size() + " classes");
        }
        return index;
    }

    /** The lines of a file that are not blank. */
    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
