package io.heddle.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that appears whole or not at all: it is written under a temporary name in the target's folder and renamed by {@link #commit}.
 *
 * <p>Closing without a commit, and an interrupted program, remove the temporary file and leave the target as it was. While an {@link Interruption} holds the
 * end back, files can still be finished.
 *
 * <pre>{@code
 * try (AtomicFile file = AtomicFile.create(target, Existing.REFUSE)) {
 *     Files.writeString(file.temporary(), text);
 *     file.commit();
 * }
 * }</pre>
 */
public final class AtomicFile implements AutoCloseable {
    /** What happens to a file that already has the target's name. */
    public enum Existing {
        /** Writing is refused. */
        REFUSE,
        /** The old file stays in place until the new one is complete, then gives way to it. */
        REPLACE
    }

    /** Writes the contents of one file. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything to {@code file}, which exists and is empty. */
        void writeTo(Path file) throws IOException;
    }

    private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(AtomicFile::removeUnfinished, "heddle-unfinished-files"));
    }

    private final Path target;
    private final Path temporary;
    private final Existing existing;

    private AtomicFile(Path target, Path temporary, Existing existing) {
        this.target = target;
        this.temporary = temporary;
        this.existing = existing;
    }

    /**
     * Opens an empty temporary file beside {@code target}.
     *
     * @throws OutputException if the target exists and may not be replaced, is a folder, or its folder is missing or not writable
     */
    public static AtomicFile create(Path target, Existing existing) {
        Path whole = target.toAbsolutePath();
        Path folder = whole.getParent();
        if (folder == null || Files.isDirectory(whole)) {
            throw OutputException.notAFile(target);
        }
        if (!Files.isDirectory(folder)) {
            throw OutputException.noFolder(target, folder);
        }
        refuseExisting(target, existing);
        Path temporary = folder.resolve("." + whole.getFileName() + "." + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".tmp");
        UNFINISHED.add(temporary);
        try {
            FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW).close();
        } catch (IOException e) {
            UNFINISHED.remove(temporary);
            throw OutputException.failed(target, e);
        }
        return new AtomicFile(target, temporary, existing);
    }

    /**
     * Writes {@code content} to {@code target} as a whole.
     *
     * @throws OutputException if it cannot be written; the target is then as it was
     */
    public static void write(Path target, Existing existing, Content content) {
        try (AtomicFile file = create(target, existing)) {
            content.writeTo(file.temporary);
            file.commit();
        } catch (IOException e) {
            throw OutputException.failed(target, e);
        }
    }

    /** The file to write to until the commit. */
    public Path temporary() {
        return temporary;
    }

    /**
     * Gives the temporary file the target's name.
     *
     * @throws OutputException if a file of that name has appeared meanwhile and may not be replaced, or the renaming fails
     */
    public void commit() {
        refuseExisting(target, existing);
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw OutputException.failed(target, e);
        }
        UNFINISHED.remove(temporary);
    }

    /** Removes the temporary file if it was not committed. */
    @Override
    public void close() {
        if (UNFINISHED.remove(temporary)) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                throw OutputException.failed(target, e);
            }
        }
    }

    private static void refuseExisting(Path target, Existing existing) {
        if (existing == Existing.REFUSE && Files.exists(target)) {
            throw OutputException.alreadyExists(target);
        }
    }

    private static void removeUnfinished() {
        Interruption.awaitWork();
        for (Path temporary : UNFINISHED) {
            temporary.toFile().delete();
        }
    }
}
