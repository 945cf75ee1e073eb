package io.heddle.schedulers;

import io.heddle.schedulers.DpmSolverSchedule.Coefficients;
import io.heddle.tensor.Tensor;

/** One run of DPM-Solver++(2M): remembers the last estimate of the clean latent. */
final class DpmSolver implements Solver {
    private final DpmSolverSchedule schedule;
    private final History clean = new History(1);
    private int next;

    DpmSolver(DpmSolverSchedule schedule) {
        this.schedule = schedule;
    }

    @Override
    public Tensor step(Tensor output, int call, Tensor sample) {
        if (call != next) {
            throw new IllegalStateException("DPM-Solver++ builds each step on the one before: call " + next + " is due, not call " + call);
        }
        next++;
        Coefficients c = schedule.coefficients(call);
        Tensor estimate = schedule.prediction().clean(output, sample, c.signal(), c.noise());
        Tensor moved = sample.times(c.ratio()).minus(estimate.times(c.gain()));
        boolean firstOrder = clean.size() == 0 || schedule.lastOfFirstOrder() && call == schedule.calls() - 1;
        if (!firstOrder) {
            Tensor change = estimate.minus(clean.get(0)).times(c.slope());
            moved = moved.minus(change.times(0.5f * c.gain()));
        }
        clean.add(estimate);
        return moved;
    }

    @Override
    public void close() {
        clean.close();
    }
}
