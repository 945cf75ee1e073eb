package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.toyworld.EmbeddedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows works as printed. */
class ReadmeTest {
    private static final Pattern JAVA = Pattern.compile("(?ms)^```java\\R(.*?)^```$");
    private static final int LONGEST_SNIPPET = 30;

    @TempDir
    Path folder;

    @Test
    void javaSnippets_areShortAndRun() throws Exception {
        List<String> snippets = JAVA.matcher(Files.readString(Path.of("../README.md"))).results().map(m -> m.group(1)).toList();
        assertThat(snippets).isNotEmpty();
        for (String snippet : snippets) {
            assertThat(snippet.lines().count()).isLessThanOrEqualTo(LONGEST_SNIPPET);
            run(snippet);
        }
    }

    private void run(String snippet) throws IOException, InterruptedException {
        Files.createSymbolicLink(folder.resolve("model"), EmbeddedModel.locate().path());
        Path source = Files.writeString(folder.resolve("Snippet.java"), snippet);
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), source.toString())
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("the snippet ends within two minutes").isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }
}
