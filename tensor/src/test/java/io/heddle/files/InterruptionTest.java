package io.heddle.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heddle.files.AtomicFile.Existing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a signal leaves of files that are being written, in programs of their own. */
class InterruptionTest {
    private static final String STARTED = "started";
    private static final String RESULT = "result";
    private static final long LONG_AFTER_THE_SIGNAL = 500;

    @TempDir
    Path folder;

    /** Writes a file, and commits it long after it was told to end. */
    static final class Saving {
        private Saving() {}

        /** Runs it in a folder. */
        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            try (Interruption interruption = new Interruption();
                    AtomicFile file = AtomicFile.create(folder.resolve(RESULT), Existing.REFUSE)) {
                Files.writeString(file.temporary(), "whole");
                Files.createFile(folder.resolve(STARTED));
                while (!interruption.asked()) {
                    Thread.sleep(1);
                }
                Thread.sleep(LONG_AFTER_THE_SIGNAL);
                file.commit();
            }
        }
    }

    /** Writes a file and never comes to its end. */
    static final class Careless {
        private Careless() {}

        /** Runs it in a folder. */
        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            try (AtomicFile file = AtomicFile.create(folder.resolve(RESULT), Existing.REFUSE)) {
                Files.writeString(file.temporary(), "half");
                Files.createFile(folder.resolve(STARTED));
                Thread.sleep(Long.MAX_VALUE);
            }
        }
    }

    @Test
    void workThatHoldsTheEndBack_finishesTheFileItWrites() throws Exception {
        interrupt(Saving.class);
        assertThat(folder.resolve(RESULT)).hasContent("whole");
        assertThat(entries()).containsExactly(RESULT, STARTED);
    }

    @Test
    void otherWork_leavesNothingUnfinished() throws Exception {
        interrupt(Careless.class);
        assertThat(entries()).containsExactly(STARTED);
    }

    private void interrupt(Class<?> program) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), program.getName(), folder.toString())
                .inheritIO()
                .start();
        try {
            while (process.isAlive() && !Files.exists(folder.resolve(STARTED))) {
                process.waitFor(5, TimeUnit.MILLISECONDS);
            }
            assumeTrue(process.supportsNormalTermination(), "skipped: this system ends programs without asking them");
            process.destroy();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
