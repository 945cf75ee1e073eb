package io.heddle.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code heddle}. */
@Command(name = "heddle", versionProvider = Version.class, synopsisSubcommandLabel = "COMMAND",
        description = "Edits pictures with Stable Diffusion, with every attention map in the open.",
        subcommands = {DemoCommand.class, GenerateCommand.class, InvertCommand.class, EditCommand.class, MapsCommand.class, TokenizeCommand.class,
            TrainCommand.class, InfoCommand.class, DoctorCommand.class, CompletionCommand.class})
public final class Heddle implements Runnable {
    /** Exit code: the work is done. */
    public static final int DONE = 0;

    /** Exit code: something unforeseen happened. */
    public static final int FAILED = 1;

    /** Exit code: the user's input is wrong. */
    public static final int WRONG_INPUT = 2;

    private static final int HELP_WIDTH = 120;

    private final Streams streams;

    @Mixin
    private final GlobalOptions global = new GlobalOptions();

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version and exit.")
    private boolean version;

    @Spec
    private CommandSpec spec;

    private Heddle(Streams streams) {
        this.streams = streams;
    }

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        if (Arrays.asList(arguments).contains("--quiet") || Arrays.asList(arguments).contains("-q")) {
            // read when the first logger is made
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        }
        System.exit(run(Streams.ofProcess(), arguments));
    }

    /** Runs one command and answers its exit code. */
    public static int run(Streams streams, String... arguments) {
        Failures failures = new Failures(streams.err());
        CommandLine command = new CommandLine(new Heddle(streams));
        command.setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8));
        command.setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8));
        command.setColorScheme(Help.defaultColorScheme(streams.terminal() ? Ansi.AUTO : Ansi.OFF));
        command.setUsageHelpWidth(HELP_WIDTH);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setExpandAtFiles(false);
        command.setParameterExceptionHandler((e, _) -> failures.parameters(e, arguments));
        command.setExecutionExceptionHandler((e, _, _) -> failures.execution(e, Arrays.asList(arguments).contains("--stacktrace")));
        try {
            return command.execute(arguments);
        } catch (OutOfMemoryError e) {
            return failures.memory(e);
        }
    }

    Streams streams() {
        return streams;
    }

    GlobalOptions global() {
        return global;
    }

    /** Called when no command is named. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command is given");
    }
}
