package io.heddle.kernels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The search for a library of NVIDIA's: on the loader's path, in CUDA's own directories, and in those of Python packages.
 *
 * @param property the system property that names a file, or the directory that holds it, to be taken instead of searching
 * @param names of the versions that will do, the best first
 */
record LibrarySearch(String property, List<String> names) {
    private static final List<String> INSTALLATIONS = List.of("lib64", "lib", "targets/x86_64-linux/lib");
    private static final List<String> PYTHON_PACKAGES = List.of("nvidia/cublas/lib", "nvidia/cudnn/lib", "nvidia/cu12/lib", "nvidia/cu13/lib");

    /** The first one found. */
    Optional<SharedLibrary> find() {
        @Nullable String named = System.getProperty(property);
        List<Path> directories = named == null ? directories(System.getenv()) : List.of(Path.of(named));
        for (String name : names) {
            if (named == null && SharedLibrary.isOnLoadersPath(name)) {
                return Optional.of(new SharedLibrary(name, null));
            }
            for (Path directory : directories) {
                Path file = Files.isDirectory(directory) ? directory.resolve(name) : directory;
                if (Files.isRegularFile(file) && file.getFileName().toString().startsWith(name)) {
                    return Optional.of(new SharedLibrary(name, file));
                }
            }
        }
        return Optional.empty();
    }

    /** What is missing where, for reports. */
    String missing() {
        String what = names.size() == 1 ? names.getFirst() + " was not" : "neither " + String.join(" nor ", names) + " was";
        @Nullable String named = System.getProperty(property);
        return named != null
                ? what + " found at " + named + ", which -D" + property + " names"
                : what + " found on the loader's path, under CUDA_PATH, CUDA_HOME and /usr/local/cuda*, or among Python's packages; -D" + property
                        + "=<directory> names another place";
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
                throw new UncheckedIOException("the directory " + directory + " cannot be listed in the search for CUDA's libraries", e);
            }
        }
        matching.sort(null);
        return matching;
    }
}
