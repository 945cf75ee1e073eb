package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts that start the program, with a Java and a Maven that do nothing but tell how they were called. */
class LauncherTest {
    private static final Path SHELL = Path.of("/bin/bash");
    private static final String TELLING = "#!/bin/bash\necho \"LC_ALL=${LC_ALL:-}\"\nprintf '%s\\n' \"$@\"\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void laysOutARepository() throws IOException {
        assumeThat(SHELL).as("the launcher needs bash").exists();
        Files.copy(Path.of("../heddle"), folder.resolve("heddle"));
        Files.createDirectories(folder.resolve("cli/src/main"));
        Files.writeString(folder.resolve("pom.xml"), "");
        Files.writeString(folder.resolve("cli/pom.xml"), "");
        script("jdk/bin/java", TELLING);
        script("jdk/bin/javac", TELLING);
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        script("path/mvn", "#!/bin/bash\necho 'The JAVA_HOME environment variable is not defined correctly'\nexit 1\n");
    }

    private void script(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        assertThat(Files.writeString(file, text).toFile().setExecutable(true)).isTrue();
    }

    @Test
    void failedBuild_isTold_whateverMavenPrinted() throws Exception {
        CommandRun run = run("heddle", "C.UTF-8", "doctor");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("heddle: the build failed; its output is in ").contains("build.log");
    }

    @ParameterizedTest
    @CsvSource({"heddle, C", "heddle, C.UTF-8", "bundled, C", "bundled, C.UTF-8"})
    void arguments_reachJavaAsUtf8_inEveryLocale(String launcher, String locale) throws Exception {
        Files.createDirectories(folder.resolve("cli/target"));
        Files.writeString(folder.resolve("cli/target/heddle.jar"), "");
        Files.copy(Path.of("../bench/src/main/bundle/heddle"), folder.resolve("bundled"));
        script("runtime/bin/java", TELLING);
        CommandRun run = run(launcher, locale, "generate", "-p", "a cat");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines()).startsWith("LC_ALL=C.UTF-8").endsWith("generate", "-p", "a cat")
                .contains("-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8", "-Dheddle.terminal=false");
    }

    private CommandRun run(String launcher, String locale, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(SHELL.toString(), folder.resolve(launcher).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().put("LC_ALL", locale);
        builder.environment().merge("PATH", folder.resolve("path").toString(), (old, first) -> first + ":" + old);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        int code = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
        return new CommandRun(code, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
