package io.heddle.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** A command of {@link Heddle}. */
abstract class Subcommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    /** Does the work and {@linkplain #show shows} the result. */
    abstract void execute() throws IOException;

    @Override
    public final Integer call() throws IOException {
        execute();
        return Heddle.DONE;
    }

    /** The command as users type it, without the program's own name. */
    final String commandName() {
        String name = spec.qualifiedName();
        return name.substring(name.indexOf(' ') + 1);
    }

    /** Whether the user has given an option, with whatever value. */
    final boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    /** Those of some options that the user has given, as they were written. */
    final List<String> given(String... options) {
        ParseResult parsed = spec.commandLine().getParseResult();
        return Stream.of(options).filter(parsed::hasMatchedOption)
                .flatMap(option -> Stream.of(option, parsed.matchedOption(option).originalStringValues().getLast())).toList();
    }

    /**
     * Refuses options that would change nothing.
     *
     * @param where it is so, for example {@code without --sde}
     */
    final void refuse(String where, String... options) {
        for (String option : options) {
            if (isGiven(option)) {
                throw new UserError(option + " has no effect " + where + ": leave it out");
            }
        }
    }

    /** Prints the result in the form that was asked for. */
    final void show(Report report) {
        if (global().json) {
            streams().out().println(report.json());
        } else {
            report.print(streams().out());
        }
    }

    /** Tells the user something that is no result. */
    final void tell(String sentence) {
        if (!global().quiet) {
            streams().err().println("heddle: " + sentence);
        }
    }

    final Streams streams() {
        return program().streams();
    }

    final GlobalOptions global() {
        return program().global();
    }

    private Heddle program() {
        return (Heddle) spec.root().userObject();
    }
}
