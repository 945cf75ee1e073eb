package io.heddle.editing.pti;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One edit to be judged: a picture of one class becomes one of another.
 *
 * @param picture the file
 * @param source the class that the picture shows, by its place in the class list
 * @param target the class that the edit should show, likewise
 */
public record EditQuery(Path picture, int source, int target) {
    /**
     * Reads a list of lines {@code class/picture target-class}, separated by a tab or a blank, as ImageNet's validation pictures are filed.
     *
     * @param folder with a folder of pictures for each class
     * @throws IllegalArgumentException if a line is malformed, or names a picture or class that does not exist
     */
    public static List<EditQuery> read(Path file, Path folder, ClassList classes) {
        List<EditQuery> queries = new ArrayList<>();
        for (String line : ClassList.lines(file)) {
            String[] parts = line.strip().split("\\s+");
            int slash = parts[0].lastIndexOf('/');
            if (parts.length != 2 || slash < 1) {
                throw new IllegalArgumentException(
                        file + ": the line \"" + line + "\" is not a query: expected class/picture, a blank and the target's class");
            }
            Path picture = folder.resolve(parts[0]);
            if (!Files.isRegularFile(picture)) {
                throw new IllegalArgumentException(file + ": there is no picture " + picture);
            }
            queries.add(new EditQuery(picture, classes.indexOf(parts[0].substring(0, slash)), classes.indexOf(parts[1])));
        }
        return queries;
    }
}
