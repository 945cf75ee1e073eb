package io.heddle.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.AtomicFile.Existing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void target_appearsOnlyWithTheCommit() throws IOException {
        Path target = folder.resolve("out.txt");
        try (AtomicFile file = AtomicFile.create(target, Existing.REFUSE)) {
            Files.writeString(file.temporary(), "whole");
            assertThat(target).doesNotExist();
            assertThat(file.temporary().getParent()).isEqualTo(folder);
            file.commit();
        }
        assertThat(target).hasContent("whole");
        assertThat(entries()).containsExactly("out.txt");
    }

    @Test
    void closingWithoutCommit_leavesNothing() throws IOException {
        try (AtomicFile file = AtomicFile.create(folder.resolve("out.txt"), Existing.REFUSE)) {
            Files.writeString(file.temporary(), "half");
        }
        assertThat(entries()).isEmpty();
    }

    @Test
    void failingContent_leavesTheOldFile() throws IOException {
        Path target = Files.writeString(folder.resolve("out.txt"), "old");
        assertThatThrownBy(() -> AtomicFile.write(target, Existing.REPLACE, file -> {
            Files.writeString(file, "half");
            throw new IOException("disk full");
        }))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("disk full");
        assertThat(target).hasContent("old");
        assertThat(entries()).containsExactly("out.txt");
    }

    @Test
    void existingFile_isReplacedOnlyOnRequest() throws IOException {
        Path target = Files.writeString(folder.resolve("out.txt"), "old");
        assertThatThrownBy(() -> AtomicFile.create(target, Existing.REFUSE)).isInstanceOf(OutputException.class)
                .hasMessageContaining("exists already");
        AtomicFile.write(target, Existing.REPLACE, file -> Files.writeString(file, "new"));
        assertThat(target).hasContent("new");
    }

    @Test
    void fileThatAppearedMeanwhile_isKept() throws IOException {
        Path target = folder.resolve("out.txt");
        try (AtomicFile file = AtomicFile.create(target, Existing.REFUSE)) {
            Files.writeString(target, "other");
            assertThatThrownBy(file::commit).isInstanceOf(OutputException.class);
        }
        assertThat(target).hasContent("other");
        assertThat(entries()).containsExactly("out.txt");
    }

    @Test
    void folderAndMissingFolder_areRefused() {
        assertThatThrownBy(() -> AtomicFile.create(folder, Existing.REPLACE)).isInstanceOf(OutputException.class)
                .hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> AtomicFile.create(folder.resolve("none/out.txt"), Existing.REPLACE))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("there is no folder");
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
