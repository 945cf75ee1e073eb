package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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

        Path newer = Files.createFile(directory.resolve("libcublas.so.13"));
        assertThat(CublasLibrary.find()).isEqualTo(Optional.of(new CublasLibrary(13, newer)));

        Path built = Files.createFile(directory.resolve("libcublas.so.12"));
        assertThat(CublasLibrary.find()).isEqualTo(Optional.of(new CublasLibrary(12, built)));
    }

    @Test
    void find_ofANamedFile_takesItsVersionFromTheName(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("libcublas.so.13.0.2"));
        System.setProperty(CublasLibrary.PROPERTY, file.toString());

        assertThat(CublasLibrary.find()).isEqualTo(Optional.of(new CublasLibrary(13, file)));
    }

    @Test
    void directories_includeCudasAndPythonsOwn(@TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("env/lib/python3.12/site-packages/nvidia/cublas/lib"));

        assertThat(CublasLibrary.directories(Map.of("CUDA_HOME", root.resolve("cuda").toString(), "VIRTUAL_ENV", root.resolve("env").toString())))
                .contains(root.resolve("cuda/lib64"), root.resolve("env/lib/python3.12/site-packages/nvidia/cublas/lib"));
    }
}
