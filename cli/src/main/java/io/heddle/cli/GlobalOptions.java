package io.heddle.cli;

import picocli.CommandLine.Option;

/** Options of every command. */
final class GlobalOptions {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help and exit.")
    boolean help;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    boolean json;

    @Option(names = {"-q", "--quiet"}, description = "No progress, and no messages but errors.")
    boolean quiet;

    @Option(names = "--stacktrace", description = "For developers: show where an error comes from.")
    boolean stacktrace;
}
