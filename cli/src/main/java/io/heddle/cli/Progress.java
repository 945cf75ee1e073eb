package io.heddle.cli;

import io.heddle.attention.Step;
import io.heddle.editing.SamplingListener;
import io.heddle.tensor.Tensor;
import java.io.PrintStream;
import java.util.Locale;

/** Tells a person at a terminal how far a run is: one line that is drawn anew. */
final class Progress implements SamplingListener, AutoCloseable {
    private static final int WIDTH = 30;
    private static final double NANOS = 1e9;

    private final PrintStream err;
    private final boolean drawn;
    private final String what;
    private final long start = System.nanoTime();
    private boolean begun;

    Progress(Streams streams, GlobalOptions global, String what) {
        err = streams.err();
        drawn = streams.terminal() && !global.quiet;
        this.what = what;
    }

    @Override
    public void stepped(Step step, Tensor latents) {
        draw(step.index() + 1, step.count());
    }

    /** Tells how many steps are done of how many. */
    void draw(int done, int count) {
        if (!drawn) {
            return;
        }
        begun = true;
        double seconds = (System.nanoTime() - start) / NANOS;
        int filled = WIDTH * done / count;
        err.printf(
                Locale.ROOT,
                "\r%s [%s%s] %d/%d  %.2f s/step  %.0f s left ",
                what,
                "#".repeat(filled),
                " ".repeat(WIDTH - filled),
                done,
                count,
                seconds / done,
                seconds / done * (count - done));
        err.flush();
    }

    @Override
    public void close() {
        if (begun) {
            err.println();
        }
    }
}
