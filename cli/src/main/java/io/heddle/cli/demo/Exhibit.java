package io.heddle.cli.demo;

import java.nio.file.Path;

/**
 * A picture on the page.
 *
 * @param file where it was written
 * @param title what it is
 * @param prompt what was asked for
 * @param command that makes it again
 */
record Exhibit(Path file, String title, String prompt, String command) {}
