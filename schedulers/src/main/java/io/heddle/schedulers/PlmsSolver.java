package io.heddle.schedulers;

import io.heddle.schedulers.PndmSchedule.Coefficients;
import io.heddle.tensor.Tensor;

/** One run of PNDM: remembers the latent before the first hop and up to four outputs. */
final class PlmsSolver implements Solver {
    private final PndmSchedule schedule;
    private final History outputs = new History(4);
    private final History start = new History(1);
    private int next;

    PlmsSolver(PndmSchedule schedule) {
        this.schedule = schedule;
    }

    @Override
    public Tensor step(Tensor output, int call, Tensor sample) {
        if (call != next) {
            throw new IllegalStateException("PNDM builds each step on the ones before: call " + next + " is due, not call " + call);
        }
        next++;
        Coefficients c = Coefficients.of(schedule.transitions().get(call));
        if (call == 1) {
            return hop(output.plus(outputs.get(0)).dividedBy(2), start.get(0), c);
        }
        if (call == 0) {
            start.add(sample);
        }
        outputs.add(output);
        return hop(extrapolated(), sample, c);
    }

    /** The formulas of Adams and Bashforth by the number of outputs known; equation (12) of the paper. */
    private Tensor extrapolated() {
        return switch (outputs.size()) {
            case 1 -> outputs.get(0);
            case 2 -> outputs.get(0).times(3).minus(outputs.get(1)).dividedBy(2);
            case 3 -> outputs.get(0).times(23).minus(outputs.get(1).times(16)).plus(outputs.get(2).times(5)).dividedBy(12);
            default ->
                    outputs.get(0).times(55).minus(outputs.get(1).times(59)).plus(outputs.get(2).times(37)).minus(outputs.get(3).times(9))
                            .times((float) (1 / 24.0));
        };
    }

    private Tensor hop(Tensor output, Tensor x, Coefficients c) {
        Tensor epsilon = schedule.prediction().noise(output, x, c.signal(), c.noise());
        return x.times(c.sampleScale()).minus(epsilon.times(c.outputScale()).dividedBy(c.divisor()));
    }

    @Override
    public void close() {
        outputs.close();
        start.close();
    }
}
