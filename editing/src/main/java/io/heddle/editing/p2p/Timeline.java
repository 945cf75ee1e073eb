package io.heddle.editing.p2p;

/**
 * Turns shares of a run into numbers of network calls.
 *
 * @param rows what 1 stands for
 * @param truncating whether a share between two calls goes to the earlier one, as in the published code, or to the nearest
 */
record Timeline(int rows, boolean truncating) {
    /** Whether a call lies in a window. */
    boolean covers(StepWindow window, int call) {
        return callAt(window.from()) <= call && call < callAt(window.to());
    }

    /** The call that a share of the run goes to, in the way of this timeline. */
    int callAt(double share) {
        return truncating ? (int) (share * rows) : (int) Math.round(share * rows);
    }
}
