package io.heddle.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The editing methods, a command each. */
@Command(name = "edit", description = "Edit a picture.", synopsisSubcommandLabel = "METHOD",
        subcommands = {EditP2pCommand.class, EditPtiCommand.class, EditImagicCommand.class, EditMoveCommand.class, EditResizeCommand.class,
            EditDragCommand.class, EditAppearanceCommand.class, EditPasteCommand.class})
final class EditCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no method is given");
    }
}
