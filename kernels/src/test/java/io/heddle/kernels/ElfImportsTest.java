package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import jcuda.LibUtils;
import org.junit.jupiter.api.Test;

class ElfImportsTest {
    private static final String RESOURCE = "/lib/libJCublas2-12.6.0-linux-x86_64.so";
    /** The name in the dynamic section's string table, and the hash by which the symbols' version is found. */
    private static final int CHANGED_BYTES = 2;

    private static byte[] library() throws IOException {
        try (InputStream in = LibUtils.class.getResourceAsStream(RESOURCE)) {
            return in.readAllBytes();
        }
    }

    @Test
    void renamed_changesNameAndVersionAlone() throws IOException {
        byte[] before = library();

        byte[] after = ElfImports.renamed(before, "libcublas.so.12", "libcublas.so.13");

        assertThat(after).hasSameSizeAs(before);
        assertThat(new String(after, StandardCharsets.ISO_8859_1).contains("\0libcublas.so.13\0")).isTrue();
        int changed = 0;
        for (int i = 0; i < before.length; i++) {
            changed += before[i] == after[i] ? 0 : 1;
        }
        assertThat(changed).isEqualTo(CHANGED_BYTES);
    }

    @Test
    void renamed_backAgain_isTheOriginal() throws IOException {
        byte[] before = library();

        byte[] there = ElfImports.renamed(before, "libcublas.so.12", "libcublas.so.13");

        assertThat(ElfImports.renamed(there, "libcublas.so.13", "libcublas.so.12")).isEqualTo(before);
    }

    @Test
    void namesThatDoNotFit_areRefused() throws IOException {
        byte[] library = library();

        assertThatThrownBy(() -> ElfImports.renamed(library, "libcublas.so.12", "libcublas.so.9")).hasMessageContaining("lengths differ");
        assertThatThrownBy(() -> ElfImports.renamed(library, "libcufft.so.12", "libcufft.so.13"))
                .hasMessageContaining("does not ask for libcufft.so.12");
    }
}
