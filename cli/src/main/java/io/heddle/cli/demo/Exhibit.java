package io.heddle.cli.demo;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A picture on the page.
 *
 * @param file where it was written
 * @param title what it is
 * @param prompt what was asked for
 * @param command that makes it again; empty if none does
 */
record Exhibit(Path file, String title, String prompt, Optional<String> command) {
    /** The picture once more, without the command, which stands where it is first. */
    Exhibit again() {
        return new Exhibit(file, title, prompt, Optional.empty());
    }
}
