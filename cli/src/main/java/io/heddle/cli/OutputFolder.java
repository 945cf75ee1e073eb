package io.heddle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A folder that results go to.
 *
 * @param path where it is, or shall be
 */
record OutputFolder(Path path) {
    /** Refuses a file of that name and, unless all may be replaced, a folder that holds something. */
    void check(boolean overwrite) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new UserError(path + " is a file, and a folder is expected: choose another name");
        }
        if (!overwrite && Files.isDirectory(path) && !isEmpty()) {
            throw new UserError("the folder " + path + " is not empty: choose another one or add --overwrite");
        }
    }

    /** Makes the folder where there is none; refuses one that files cannot be made in. */
    void prepare() {
        check(true);
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new UserError("the folder " + path + " cannot be made (" + e + "): choose another one");
        }
        if (!Files.isWritable(path)) {
            throw new UserError("the folder " + path + " is not writable: choose another one");
        }
    }

    /** Whether it is a folder that holds nothing. */
    boolean isEmpty() {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new UserError("the folder " + path + " cannot be read (" + e + "): choose another one");
        }
    }
}
