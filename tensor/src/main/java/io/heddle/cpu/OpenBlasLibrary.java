package io.heddle.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The natives of {@code org.bytedeco:openblas} for this platform, taken from the class path to the user's cache folder and loaded from there.
 *
 * <p>The folder is the system property {@code heddle.cache}, else {@code heddle} in {@code XDG_CACHE_HOME} or in {@code .cache} of the home folder.
 */
final class OpenBlasLibrary {
    /** In the order of their dependences; what the platform's archive does not contain is the system's. */
    private static final List<String> FILES = List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");

    private OpenBlasLibrary() {}

    /**
     * Loads the library for the life of the process.
     *
     * @throws UnsupportedOperationException if it is not there, does not load or is not known for this system; the message says why
     */
    @SuppressWarnings("restricted")
    static SymbolLookup load() {
        String folder = "org/bytedeco/openblas/" + platform() + "/";
        ClassLoader loader = OpenBlasLibrary.class.getClassLoader();
        URL library = loader.getResource(folder + FILES.getLast());
        if (library == null) {
            throw new UnsupportedOperationException("org.bytedeco:openblas with classifier " + platform() + " is not on the class path");
        }
        try {
            Path target = Files.createDirectories(cache().resolve("openblas-" + fingerprint(library)));
            SymbolLookup symbols = SymbolLookup.loaderLookup();
            for (String file : FILES) {
                URL resource = loader.getResource(folder + file);
                if (resource != null) {
                    symbols = SymbolLookup.libraryLookup(extract(resource, target.resolve(file)), Arena.global());
                }
            }
            return symbols;
        } catch (IOException e) {
            throw new UnsupportedOperationException(
                    "its library could not be written to " + cache() + " (" + e + "); name a writable folder with -Dheddle.cache=FOLDER", e);
        } catch (IllegalArgumentException | IllegalCallerException e) {
            throw new UnsupportedOperationException("its library does not load: " + e.getMessage(), e);
        }
    }

    private static String platform() {
        String os = System.getProperty("os.name");
        if (!os.equals("Linux")) {
            throw new UnsupportedOperationException("OpenBLAS is used on Linux alone, and this is " + os);
        }
        String processor = System.getProperty("os.arch");
        return switch (processor) {
            case "amd64" -> "linux-x86_64";
            case "aarch64" -> "linux-arm64";
            default -> "linux-" + processor;
        };
    }

    private static Path cache() {
        String named = System.getProperty("heddle.cache");
        if (named != null) {
            return Path.of(named);
        }
        String caches = System.getenv("XDG_CACHE_HOME");
        return (caches == null || caches.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(caches)).resolve("heddle");
    }

    private static String fingerprint(URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        long number = connection instanceof JarURLConnection jar ? jar.getJarEntry().getCrc() : connection.getContentLengthLong();
        return Long.toHexString(number);
    }

    /** Writes a file under another name and renames it, so that another process never loads half a library. */
    private static Path extract(URL resource, Path target) throws IOException {
        URLConnection connection = resource.openConnection();
        if (Files.exists(target) && Files.size(target) == connection.getContentLengthLong()) {
            return target;
        }
        Path written = Files.createTempFile(target.getParent(), target.getFileName().toString(), ".part");
        try (InputStream in = connection.getInputStream()) {
            Files.copy(in, written, StandardCopyOption.REPLACE_EXISTING);
            return Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }
}
