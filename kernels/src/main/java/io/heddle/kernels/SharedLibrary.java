package io.heddle.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A library of this machine.
 *
 * @param name as the loader knows it, such as {@code libcublas.so.12}
 * @param file where it lies, or null if the loader finds it by its name
 */
record SharedLibrary(String name, @Nullable Path file) {
    /** Whether a library is loaded already, or found by the loader with all that it needs. */
    @SuppressWarnings("restricted")
    static boolean isOnLoadersPath(String name) {
        try {
            SymbolLookup.libraryLookup(name, Arena.global());
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** The library of another name that lies beside this one, or else is left to the loader. */
    SharedLibrary beside(String other) {
        @Nullable Path sibling = file == null ? null : file.resolveSibling(file.getFileName().toString().replace(name, other));
        return new SharedLibrary(other, sibling != null && Files.isRegularFile(sibling) ? sibling : null);
    }

    /** Loads it from where it lies, so that libraries which need it find it by its name. */
    @SuppressWarnings("restricted")
    void load() {
        if (file != null) {
            System.load(file.toAbsolutePath().toString());
        }
    }

    @Override
    public String toString() {
        return file == null ? name : file.toString();
    }
}
