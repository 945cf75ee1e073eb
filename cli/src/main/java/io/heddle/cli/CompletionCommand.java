package io.heddle.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lets shells complete commands. */
@Command(name = "generate-completion", hidden = true,
        description = "Print a script by which bash and zsh complete commands and options: source <(heddle generate-completion).")
final class CompletionCommand extends Subcommand {
    @Spec
    private CommandSpec spec;

    @Override
    void execute() {
        streams().out().println(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
    }
}
