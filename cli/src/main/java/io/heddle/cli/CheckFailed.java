package io.heddle.cli;

/** All is done, and a check of it has failed. The message is one sentence that says where to look. */
final class CheckFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CheckFailed(String message) {
        super(message);
    }
}
