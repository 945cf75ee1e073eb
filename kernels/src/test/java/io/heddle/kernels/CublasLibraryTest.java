package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CublasLibraryTest {
    @AfterEach
    void forgetTheNamedPlace() {
        System.clearProperty(CublasLibrary.PROPERTY);
    }

    @Test
    void find_inANamedDirectory_prefersVersion12(@TempDir Path directory) throws IOException {
        System.setProperty(CublasLibrary.PROPERTY, directory.toString());
        assertThat(CublasLibrary.find()).isEmpty();

        assertThat(foundAfterCreating(directory, "libcublas.so.13", "libcublasLt.so.13")).isEqualTo(directory.resolve("libcublas.so.13"));
        assertThat(foundAfterCreating(directory, "libcublas.so.12", "libcublasLt.so.12")).isEqualTo(directory.resolve("libcublas.so.12"));
    }

    @Test
    void find_ofANamedFile_takesItsVersionFromTheName(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("libcublas.so.13.0.2");
        System.setProperty(CublasLibrary.PROPERTY, file.toString());

        assertThat(foundAfterCreating(directory, "libcublas.so.13.0.2", "libcublasLt.so.13.0.2")).isEqualTo(file);
        assertThat(CublasLibrary.find().orElseThrow().library().name()).isEqualTo("libcublas.so.13");
    }

    private static Path foundAfterCreating(Path directory, String... names) throws IOException {
        for (String name : names) {
            Files.createFile(directory.resolve(name));
        }
        return CublasLibrary.find().orElseThrow().library().file();
    }

    @Test
    void directories_includeCudasAndPythonsOwn(@TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("env/lib/python3.12/site-packages/nvidia/cublas/lib"));

        assertThat(LibrarySearch.directories(Map.of("CUDA_HOME", root.resolve("cuda").toString(), "VIRTUAL_ENV", root.resolve("env").toString())))
                .contains(root.resolve("cuda/lib64"), root.resolve("env/lib/python3.12/site-packages/nvidia/cublas/lib"));
    }
}
