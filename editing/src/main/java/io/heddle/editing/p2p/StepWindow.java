package io.heddle.editing.p2p;

/**
 * A part of a run, as shares of its network calls: from the start, 0, to the end, 1.
 *
 * @param from where the window begins, 0 to 1
 * @param to where it ends, {@code from} to 1; the call there is not in it any more
 */
public record StepWindow(double from, double to) {
    /** The whole run. */
    public static final StepWindow ALWAYS = new StepWindow(0, 1);

    /** Nothing of the run. */
    public static final StepWindow NEVER = new StepWindow(0, 0);

    /** Refuses windows that leave the run or end before they begin. */
    public StepWindow {
        if (!(0 <= from && from <= to && to <= 1)) {
            throw new IllegalArgumentException(
                    "a window of steps runs from a share of the run to a later one, both between 0 and 1, but got " + from + " to " + to);
        }
    }

    /** The first part of the run. */
    public static StepWindow until(double to) {
        return new StepWindow(0, to);
    }

    /**
     * Reads {@code 0.8}, the first part of a run, or {@code 0.1-0.5}.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static StepWindow parse(String text) {
        int dash = text.indexOf('-', 1);
        try {
            return dash < 0
                    ? until(Double.parseDouble(text))
                    : new StepWindow(Double.parseDouble(text.substring(0, dash)), Double.parseDouble(text.substring(dash + 1)));
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(
                    "a window of steps is a share of the run such as 0.8, or two such as 0.1-0.5, but got \"" + text + "\"");
        }
    }
}
