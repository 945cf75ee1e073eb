package io.heddle.editing.dragon;

import io.heddle.attention.Step;
import io.heddle.attention.Step.Purpose;
import io.heddle.editing.Latents;
import io.heddle.schedulers.Ddim.Coefficients;
import io.heddle.schedulers.DdimSchedule;
import io.heddle.schedulers.Schedule;
import io.heddle.schedulers.Solver;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The hops of an edit: DDIM's, each moved by the energies' correction where they are followed, with regional noise and repeated where DiffEditor says so.
 * Without corrections and noise a step is DDIM's own, to the bit.
 */
final class GuidedSchedule implements Schedule {
    private final Network network;
    private final DdimSchedule hops;
    private final List<MemoryBank> banks;
    private final Tensor start;
    private final Plan plan;
    private final DragonSettings settings;
    private final EnergyGuidance guidance;
    private final EnergyListener listener;
    private final List<Visit> visits = new ArrayList<>();

    /** One step of the run: a sampling call, and whether it is made again. */
    private record Visit(int samplingCall, boolean returns) {}

    GuidedSchedule(Network network, List<MemoryBank> banks, Tensor start, Edit edit, Plan plan, DragonSettings settings, EnergyListener listener) {
        this.network = network;
        this.hops = network.schedule();
        this.banks = banks;
        this.start = start;
        this.plan = plan;
        this.settings = settings;
        this.listener = listener;
        guidance = new EnergyGuidance(network, banks.getFirst(), plan, settings, edit);
        for (int call = 0; call < hops.calls(); call++) {
            int passes = settings.passes(call, hops.calls());
            for (int pass = 1; pass <= passes; pass++) {
                visits.add(new Visit(call, pass < passes));
            }
        }
    }

    /** The sampling call that a call of this schedule makes, 0 to the number of hops. */
    int samplingCall(int call) {
        return visits.get(call).samplingCall;
    }

    @Override
    public int calls() {
        return visits.size();
    }

    @Override
    public double timestep(int call) {
        return hops.timestep(samplingCall(call));
    }

    @Override
    public Solver start() {
        return (output, call, latent) -> {
            Visit visit = visits.get(call);
            Tensor moved = hop(output, call, visit.samplingCall, latent);
            if (followsEnergies(visit.samplingCall)) {
                moved = moved.plus(correction(visit.samplingCall, latent));
            }
            return visit.returns ? back(visit.samplingCall, moved) : discard(visit.samplingCall, moved);
        };
    }

    /** DDIM's step, with new noise where the edit's region says so. */
    private Tensor hop(Tensor output, int call, int samplingCall, Tensor latent) {
        DiffEditor diffEditor = settings.diffEditor();
        if (diffEditor == null || !settings.isStochastic(samplingCall, hops.calls())) {
            return hops.start().step(output, samplingCall, latent);
        }
        Extent size = new Extent(latent.dim(1), latent.dim(2));
        Tensor fresh = Latents.noise(latent.device(), diffEditor.seed() + call, 1, size, latent.dim(3));
        Tensor mask = plan.renewed().tensor(latent.device());
        Tensor inside = hops.start((float) diffEditor.etaInside(), _ -> fresh).step(output, samplingCall, latent);
        Tensor outside = hops.start((float) diffEditor.etaOutside(), _ -> fresh).step(output, samplingCall, latent);
        return inside.times(mask).plus(outside.times(mask.negate().plus(1)));
    }

    /** A hop from no signal at all has no {@linkplain Correction#slope slope}. */
    private boolean followsEnergies(int samplingCall) {
        return settings.followsEnergies(samplingCall, hops.calls()) && hops.transitions().get(samplingCall).alphaBarFrom() > 0;
    }

    private Tensor correction(int samplingCall, Tensor latent) {
        List<Tensor> references = banks.stream().map(bank -> reference(bank, samplingCall)).toList();
        EnergyGuidance.Followed followed = guidance.follow(samplingCall, latent, references);
        listener.followed(samplingCall, followed.edit(), followed.content(), followed.correction());
        Coefficients c = Coefficients.of(hops.transitions().get(samplingCall), 0);
        return followed.correction().times(settings.correction().slope(c));
    }

    /** In the published code the start latent of a drag overwrites the trajectory's. */
    private Tensor reference(MemoryBank bank, int samplingCall) {
        boolean overwritten = settings.reference() && samplingCall == 0 && plan.attention() instanceof CrossBranchAttention.Append;
        return overwritten ? start : bank.before(samplingCall);
    }

    /** Time travel: one deterministic step back to the noise that the step started from. */
    private Tensor back(int samplingCall, Tensor latent) {
        Step step = new Step(samplingCall, hops.calls(), timestepAfter(samplingCall), Purpose.INVERT);
        Tensor output = network.predict(latent, banks.getFirst().pass(step));
        return hops.reversed().start().step(output, hops.calls() - 1 - samplingCall, latent);
    }

    /** The published code steps back after the last pass, too, and throws the result away. */
    private Tensor discard(int samplingCall, Tensor moved) {
        if (settings.reference() && settings.passes(samplingCall, hops.calls()) > 1) {
            back(samplingCall, moved).close();
        }
        return moved;
    }

    private double timestepAfter(int samplingCall) {
        return hops.timestep(Math.min(samplingCall + 1, hops.calls() - 1));
    }
}
