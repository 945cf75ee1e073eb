package io.heddle.files;

import java.nio.file.Path;

/** A result file cannot be written. The message is one sentence that names the file and says what to do. */
public final class OutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private OutputException(String message, Throwable cause) {
        super(message, cause);
    }

    private OutputException(String message) {
        super(message);
    }

    static OutputException alreadyExists(Path target) {
        return new OutputException(target + " exists already and replacing it was not asked for: choose another name or allow overwriting");
    }

    static OutputException noFolder(Path target, Path folder) {
        return new OutputException(target + " cannot be written: there is no folder " + folder + ", create it first");
    }

    static OutputException notAFile(Path target) {
        return new OutputException(target + " cannot be written: it is a folder, and a file name is expected");
    }

    /** A file could not be written for the reason of {@code cause}. */
    public static OutputException failed(Path target, Throwable cause) {
        return new OutputException(target + " cannot be written (" + reason(cause) + "): check permissions and free space", cause);
    }

    private static String reason(Throwable cause) {
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
}
