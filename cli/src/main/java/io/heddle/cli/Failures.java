package io.heddle.cli;

import io.heddle.files.OutputException;
import io.heddle.image.PictureException;
import io.heddle.tensor.DeviceException;
import io.heddle.tensor.NoBackwardException;
import io.heddle.weights.WeightException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one sentence on standard error and an exit code. */
final class Failures {
    private static final String STACKTRACE = "--stacktrace";
    private static final long MEBIBYTE = 1 << 20;

    private final PrintStream err;

    Failures(PrintStream err) {
        this.err = err;
    }

    /** The command line itself is wrong. */
    int parameters(ParameterException e, String[] arguments) {
        tell(sentence(e) + hint(e.getCommandLine()));
        if (List.of(arguments).contains(STACKTRACE)) {
            e.printStackTrace(err);
        }
        return Heddle.WRONG_INPUT;
    }

    /** A command failed. */
    int execution(Exception e, boolean stacktrace) {
        boolean users = isUsers(e);
        tell(switch (e) {
            case IOException io -> "a file cannot be read or written" + reason(io);
            case UncheckedIOException unchecked -> unchecked.getMessage() + reason(unchecked.getCause());
            case CheckFailed failed -> failed.getMessage();
            default -> users ? e.getMessage() : "unexpected error: " + e + (stacktrace ? "" : " (run again with " + STACKTRACE + " for details)");
        });
        if (stacktrace) {
            e.printStackTrace(err);
        }
        return users ? Heddle.WRONG_INPUT : Heddle.FAILED;
    }

    private static String reason(IOException e) {
        return " (" + e.getClass().getSimpleName() + ": " + e.getMessage() + "): check names, permissions and free space";
    }

    /** The heap is full. */
    int memory(OutOfMemoryError e) {
        tell("not enough memory: the heap of " + Runtime.getRuntime().maxMemory() / MEBIBYTE
                + " MiB is full (" + e.getMessage()
                + "); set HEDDLE_JAVA_OPTIONS=-Xmx... to a larger one, or ask for a smaller size or fewer prompts");
        return Heddle.FAILED;
    }

    /** The library throws these for what its caller asked for, most with sentences made for users. */
    private static boolean isUsers(Exception e) {
        return e instanceof UserError
                || e instanceof IOException
                || e instanceof UncheckedIOException
                || e instanceof WeightException
                || e instanceof PictureException
                || e instanceof OutputException
                || e instanceof DeviceException
                || e instanceof NoBackwardException
                || e instanceof IllegalArgumentException && !(e instanceof NumberFormatException);
    }

    private static String sentence(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            return e.getMessage() + (suggestions.isEmpty() ? "" : "; did you mean " + String.join(" or ", suggestions) + "?");
        }
        return e.getMessage();
    }

    private static String hint(CommandLine command) {
        return " (see " + command.getCommandSpec().qualifiedName() + " --help)";
    }

    private void tell(String sentence) {
        err.println("heddle: " + sentence.strip().replaceAll("\\s*\\R\\s*", " "));
    }
}
