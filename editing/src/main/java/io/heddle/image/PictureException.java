package io.heddle.image;

import java.nio.file.Path;

/** A picture file cannot be used. The message is one sentence that names the file and says what to do. */
public final class PictureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private PictureException(String message) {
        super(message);
    }

    private PictureException(String message, Throwable cause) {
        super(message, cause);
    }

    static PictureException missing(Path file) {
        return new PictureException(file + " does not exist or is not a file: expected a PNG or JPEG picture");
    }

    static PictureException unreadable(Path file, Throwable cause) {
        return new PictureException(file + " cannot be read as a picture (" + cause.getMessage() + "): expected a whole PNG or JPEG file", cause);
    }

    static PictureException unknownFormat(Path file) {
        return new PictureException(file + " is no picture of a known format: convert it to PNG or JPEG");
    }

    static PictureException damaged(Path file, String what) {
        return new PictureException(file + " is damaged: " + what);
    }
}
