package io.heddle.editing;

import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.files.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * The file of long work's result. While it is made, what is done is kept under the same name with {@code .partial} behind it.
 *
 * @param path the finished file
 */
public record ResultFile(Path path) {
    /** What was found under the name. */
    public enum Found {
        /** Nothing of this recipe: the work starts anew. */
        NOTHING,
        /** Interrupted work of this recipe, which goes on. */
        PARTIAL,
        /** A finished result of this recipe, which is used as it is. */
        FINISHED
    }

    /** Where progress is kept. */
    public Path partial() {
        return path.resolveSibling(path.getFileName() + ".partial");
    }

    /**
     * Looks for what there is to go on from.
     *
     * @param restore brings the work where a file is; false if the file is missing or of another recipe
     */
    public Found resume(Predicate<Path> restore) {
        if (restore.test(path)) {
            return Found.FINISHED;
        }
        return restore.test(partial()) ? Found.PARTIAL : Found.NOTHING;
    }

    /**
     * Refuses what could not be written, before hours of work.
     *
     * @throws OutputException if the file exists and may not be replaced, or its folder is missing or not writable
     */
    public void requireWritable(Existing existing) {
        AtomicFile.create(path, existing).close();
    }

    /** Removes the progress of finished work. */
    public void discardPartial() {
        try {
            Files.deleteIfExists(partial());
        } catch (IOException e) {
            throw OutputException.failed(partial(), e);
        }
    }
}
