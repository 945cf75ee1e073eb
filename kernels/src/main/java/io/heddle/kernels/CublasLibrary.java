package io.heddle.kernels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * cuBLAS where it is installed: the loader's path, CUDA's own directories, and those of Python packages. JCuda was built for version 12; version 13 has the
 * same functions under another name.
 *
 * @param version the major version
 * @param file the library, or null if the loader finds it by name
 */
record CublasLibrary(int version, @Nullable Path file) {
    /** A file or the directory that holds it, taken instead of searching. */
    static final String PROPERTY = "heddle.cublas";

    private static final List<Integer> VERSIONS = List.of(12, 13);
    private static final List<String> INSTALLATIONS = List.of("lib64", "lib", "targets/x86_64-linux/lib");
    private static final List<String> PYTHON_PACKAGES = List.of("nvidia/cublas/lib", "nvidia/cu12/lib", "nvidia/cu13/lib");

    /** What is missing, for reports. */
    static String missing() {
        return "neither libcublas.so.12 nor libcublas.so.13 was found on the loader's path, under CUDA_PATH, CUDA_HOME and /usr/local/cuda*, or among "
                + "Python's packages; -D" + PROPERTY + "=<directory> names another place";
    }

    /** The first one found, version 12 before 13. */
    static Optional<CublasLibrary> find() {
        @Nullable String named = System.getProperty(PROPERTY);
        List<Path> directories = named == null ? directories(System.getenv()) : List.of(Path.of(named));
        for (int version : VERSIONS) {
            String name = name(version);
            if (named == null && isOnLoadersPath(name)) {
                return Optional.of(new CublasLibrary(version, null));
            }
            for (Path directory : directories) {
                Path file = Files.isDirectory(directory) ? directory.resolve(name) : directory;
                if (Files.isRegularFile(file) && file.getFileName().toString().startsWith(name)) {
                    return Optional.of(new CublasLibrary(version, file));
                }
            }
        }
        return Optional.empty();
    }

    private static String name(int version) {
        return "libcublas.so." + version;
    }

    /** Whether the library is loaded already, or found by the loader. */
    @SuppressWarnings("restricted")
    private static boolean isOnLoadersPath(String name) {
        try {
            SymbolLookup.libraryLookup(name, Arena.global());
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** Where to look. */
    static List<Path> directories(Map<String, String> environment) {
        List<Path> directories = new ArrayList<>();
        for (String variable : List.of("CUDA_PATH", "CUDA_HOME")) {
            @Nullable String root = environment.get(variable);
            if (root != null) {
                addInstallation(Path.of(root), directories);
            }
        }
        matching(Path.of("/usr/local"), "cuda*").forEach(root -> addInstallation(root, directories));
        for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            @Nullable String root = environment.get(variable);
            if (root != null) {
                addPackages(Path.of(root), directories);
            }
        }
        addPackages(Path.of(System.getProperty("user.home"), ".local"), directories);
        addPackages(Path.of("/usr/local"), directories);
        addPackages(Path.of("/usr"), directories);
        return directories;
    }

    private static void addInstallation(Path root, List<Path> directories) {
        INSTALLATIONS.forEach(folder -> directories.add(root.resolve(folder)));
    }

    private static void addPackages(Path root, List<Path> directories) {
        directories.add(root.resolve("lib"));
        for (Path python : matching(root.resolve("lib"), "python3*")) {
            for (String packages : List.of("site-packages", "dist-packages")) {
                PYTHON_PACKAGES.forEach(folder -> directories.add(python.resolve(packages).resolve(folder)));
            }
        }
    }

    private static List<Path> matching(Path directory, String pattern) {
        List<Path> matching = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
                entries.forEach(matching::add);
            } catch (IOException e) {
                throw new UncheckedIOException("the directory " + directory + " cannot be listed in the search for cuBLAS", e);
            }
        }
        matching.sort(null);
        return matching;
    }

    /** Loads it, so that JCuda's library finds it by name wherever it lies, and then that. */
    @SuppressWarnings("restricted")
    void load(Runnable loading) {
        if (file != null) {
            Path light = file.resolveSibling(file.getFileName().toString().replace("libcublas.", "libcublasLt."));
            if (Files.isRegularFile(light)) {
                System.load(light.toAbsolutePath().toString());
            }
            System.load(file.toAbsolutePath().toString());
        }
        int built = VERSIONS.getFirst();
        JCudaNatives.load(
                "JCublas2", library -> version == built ? library : ElfImports.renamed(library, name(built), name(version)), loading);
    }

    @Override
    public String toString() {
        return file == null ? name(version) : file.toString();
    }
}
