package io.heddle.cli;

/** The user asked for something that cannot be done. The message is one sentence that says what to do instead. */
final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UserError(String message) {
        super(message);
    }
}
