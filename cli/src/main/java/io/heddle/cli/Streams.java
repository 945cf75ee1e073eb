package io.heddle.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a command reads and writes.
 *
 * @param in what the user pipes in
 * @param out results
 * @param err progress, logs and errors
 * @param terminal whether a person watches {@code err}: progress bars are drawn only then
 */
public record Streams(InputStream in, PrintStream out, PrintStream err, boolean terminal) {
    /** Those of the process. The launcher says whether standard error is a terminal, since Java cannot. */
    static Streams ofProcess() {
        return new Streams(System.in, System.out, System.err, Boolean.getBoolean("heddle.terminal"));
    }
}
