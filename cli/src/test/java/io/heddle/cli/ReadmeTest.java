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
    private static final Pattern XML = Pattern.compile("(?ms)^```xml\\R(.*?)^```$");
    private static final int LONGEST_SNIPPET = 30;

    @TempDir
    Path folder;

    @Test
    void javaSnippets_areShortAndRun() throws Exception {
        List<String> snippets = snippets(JAVA);
        assertThat(snippets).isNotEmpty();
        for (String snippet : snippets) {
            assertThat(snippet.lines().count()).isLessThanOrEqualTo(LONGEST_SNIPPET);
            run(snippet);
        }
    }

    @Test
    void mavenSnippets_nameModulesOfThisBuild() throws IOException {
        List<String> snippets = snippets(XML);
        assertThat(snippets).isNotEmpty();
        for (String snippet : snippets) {
            String module = element(snippet, "artifactId").replace("heddle-", "");
            String pom = Files.readString(Path.of("..", module, "pom.xml"));
            for (String name : List.of("groupId", "version")) {
                assertThat(element(snippet, name)).isEqualTo(element(pom, name));
            }
            assertThat(pom).contains("</parent>\n\n  <artifactId>" + element(snippet, "artifactId"));
        }
    }

    private static List<String> snippets(Pattern language) throws IOException {
        return language.matcher(Files.readString(Path.of("../README.md"))).results().map(m -> m.group(1)).toList();
    }

    private static String element(String xml, String name) {
        String begin = "<" + name + ">";
        int start = xml.indexOf(begin) + begin.length();
        return xml.substring(start, xml.indexOf("</" + name + ">", start));
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
