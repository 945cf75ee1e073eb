package io.heddle.kernels;

import java.util.List;
import java.util.Optional;

/** cuBLAS where it is installed. JCuda was built for version 12; version 13 has the same functions under another name. */
record CublasLibrary(SharedLibrary library) {
    /** A file or the directory that holds it, taken instead of searching. */
    static final String PROPERTY = "heddle.cublas";

    private static final String BUILT = "libcublas.so.12";
    private static final LibrarySearch SEARCH = new LibrarySearch(PROPERTY, List.of(BUILT, "libcublas.so.13"));

    /** What is missing, for reports. */
    static String missing() {
        return SEARCH.find()
                .map(found -> found + " needs " + light(found) + ", which is neither beside it nor on the loader's path")
                .orElseGet(SEARCH::missing);
    }

    /** The first one found, version 12 before 13, if what it needs is there as well. */
    static Optional<CublasLibrary> find() {
        return SEARCH.find().filter(CublasLibrary::isComplete).map(CublasLibrary::new);
    }

    private static boolean isComplete(SharedLibrary cublas) {
        return cublas.file() == null || light(cublas).file() != null || SharedLibrary.isOnLoadersPath(light(cublas).name());
    }

    /** The library that does most of its work. */
    private static SharedLibrary light(SharedLibrary cublas) {
        return cublas.beside(cublas.name().replace("libcublas.", "libcublasLt."));
    }

    /** Loads it, so that JCuda's library finds it by name wherever it lies, and then that. */
    void load(Runnable loading) {
        light(library).load();
        library.load();
        JCudaNatives.load(
                "JCublas2", bytes -> library.name().equals(BUILT) ? bytes : ElfImports.renamed(bytes, BUILT, library.name()), loading);
    }

    @Override
    public String toString() {
        return library.toString();
    }
}
