package io.heddle.toyworld.training;

import io.heddle.nn.GradientNorm;
import io.heddle.nn.MovingAverage;
import io.heddle.nn.Optimiser;
import io.heddle.nn.Parameter;
import io.heddle.tensor.Device;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.weights.SafetensorsFile;
import io.heddle.weights.SafetensorsWriter;
import io.heddle.weights.StoredType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Copies of one network, one for each shard, that learn together: gradients are averaged in the order of the shards, each parameter is updated by the one
 * copy that owns it, and the others take the new value over.
 */
final class Learner implements AutoCloseable {
    private static final double LONGEST_GRADIENT = 1;

    private final Crew crew;
    private final List<Map<String, Parameter>> copies;
    private final Map<String, Owned> owned = new LinkedHashMap<>();
    private int steps;
    private double gradientNorm;

    /** A parameter at its owner, with all that its updates need. */
    private record Owned(int owner, Parameter parameter, Optimiser optimiser, MovingAverage average) {}

    private record ShardGradients(double loss, Map<String, float[]> byName) {}

    private record MeanGradient(Tensor gradient, double squared) {}

    /**
     * Makes the states of a training that begins.
     *
     * @param copies the parameters of each shard's network, with equal values
     * @param rule the optimiser of a parameter
     * @param averaging limit of the decay of the weights' moving average; 0 for the weights themselves
     */
    Learner(Crew crew, List<Map<String, Parameter>> copies, BiFunction<String, Tensor, Optimiser> rule, double averaging) {
        this.crew = crew;
        this.copies = copies;
        Map<String, Integer> owners = owners();
        copies.getFirst().keySet().forEach(name -> {
            int owner = owners.get(name);
            Parameter parameter = copies.get(owner).get(name);
            Tensor value = parameter.tensor();
            owned.put(name, new Owned(owner, parameter, rule.apply(name, value), MovingAverage.of(value, averaging)));
        });
    }

    /** Shares the work out: the largest parameters first, each to whoever has least. */
    private Map<String, Integer> owners() {
        long[] load = new long[crew.size()];
        Map<String, Integer> owners = new HashMap<>();
        Map<String, Parameter> parameters = copies.getFirst();
        Comparator<String> largestFirst =
                Comparator.comparingLong((String name) -> -cost(parameters.get(name))).thenComparing(Comparator.naturalOrder());
        parameters.keySet().stream().sorted(largestFirst).forEach(name -> {
            int least = 0;
            for (int i = 1; i < load.length; i++) {
                least = load[i] < load[least] ? i : least;
            }
            load[least] += cost(parameters.get(name));
            owners.put(name, least);
        });
        return owners;
    }

    /** Newton-Schulz iterations cost elements times the shorter side. */
    private static long cost(Parameter parameter) {
        long size = parameter.tensor().size();
        long rows = parameter.tensor().shape().rank() < 2 ? 1 : parameter.tensor().dim(0);
        return size * Math.min(rows, size / rows);
    }

    /** Steps done. */
    int steps() {
        return steps;
    }

    /** The length of the last step's gradient, before it was clipped. */
    double gradientNorm() {
        return gradientNorm;
    }

    /**
     * One step.
     *
     * @param loss the loss of a shard, a scalar made on the shard's device with the shard's network
     * @return the mean of the shards' losses
     */
    double step(IntFunction<Tensor> loss, double learningRate) {
        List<ShardGradients> shards = crew.each(shard -> gradients(shard, loss));
        Map<String, MeanGradient> means = new HashMap<>();
        crew.each(shard -> means(shard, shards)).forEach(means::putAll);
        gradientNorm = Math.sqrt(owned.keySet().stream().mapToDouble(name -> means.get(name).squared).sum());
        float clipping = GradientNorm.clipping(gradientNorm, LONGEST_GRADIENT);
        Map<String, float[]> values = new HashMap<>();
        crew.each(shard -> update(shard, means, clipping, learningRate)).forEach(values::putAll);
        crew.each(shard -> takeOver(shard, values));
        steps++;
        return shards.stream().mapToDouble(ShardGradients::loss).sum() / crew.size();
    }

    private ShardGradients gradients(int shard, IntFunction<Tensor> loss) {
        Device device = crew.device(shard);
        try (Scope _ = device.scope(); Recording tape = Recording.open()) {
            Map<Tensor, String> names = new IdentityHashMap<>();
            copies.get(shard).forEach((name, parameter) -> names.put(parameter.watch(tape), name));
            Tensor value = loss.apply(shard);
            Map<String, float[]> gradients = new HashMap<>();
            tape.backward(value, device.full(value.shape(), 1), (leaf, gradient) -> gradients.put(names.get(leaf), gradient.toArray()));
            return new ShardGradients(value.item(), gradients);
        }
    }

    private Map<String, MeanGradient> means(int shard, List<ShardGradients> shards) {
        Device device = crew.device(shard);
        Map<String, MeanGradient> means = new HashMap<>();
        try (Scope _ = device.scope()) {
            owned.forEach((name, state) -> {
                if (state.owner == shard) {
                    Tensor sum = null;
                    for (ShardGradients gradients : shards) {
                        Tensor part = device.tensor(state.average.tensor().shape(), gradients.byName.get(name));
                        sum = sum == null ? part : sum.plus(part);
                    }
                    Tensor mean = sum.times(1f / crew.size()).unscoped();
                    means.put(name, new MeanGradient(mean, GradientNorm.squared(mean)));
                }
            });
        }
        return means;
    }

    private Map<String, float[]> update(int shard, Map<String, MeanGradient> means, float clipping, double learningRate) {
        Map<String, float[]> values = new HashMap<>();
        owned.forEach((name, state) -> {
            if (state.owner == shard) {
                Tensor value = state.parameter.tensor();
                try (Tensor mean = means.get(name).gradient; Tensor clipped = mean.times(clipping)) {
                    state.optimiser.step(value, clipped, learningRate);
                }
                state.average.update(value, steps);
                values.put(name, value.toArray());
            }
        });
        return values;
    }

    private int takeOver(int shard, Map<String, float[]> values) {
        int taken = 0;
        for (Map.Entry<String, Owned> entry : owned.entrySet()) {
            if (entry.getValue().owner != shard) {
                copies.get(shard).get(entry.getKey()).tensor().assign(values.get(entry.getKey()));
                taken++;
            }
        }
        return taken;
    }

    /** Runs a body while all copies have the averaged weights. */
    <T> T withAverages(Supplier<T> body) {
        Map<String, float[]> current = new HashMap<>();
        owned.forEach((name, state) -> current.put(name, state.parameter.tensor().toArray()));
        assign(averages());
        try {
            return body.get();
        } finally {
            assign(current);
        }
    }

    /** Gives all copies the averaged weights for good: the training is done. */
    void takeAverages() {
        assign(averages());
    }

    private Map<String, float[]> averages() {
        Map<String, float[]> averages = new HashMap<>();
        owned.forEach((name, state) -> averages.put(name, state.average.tensor().toArray()));
        return averages;
    }

    private void assign(Map<String, float[]> values) {
        copies.forEach(copy -> copy.forEach((name, parameter) -> parameter.tensor().assign(values.get(name))));
    }

    /** Adds the whole state to a file: weights, averages and what the optimisers keep. */
    void save(SafetensorsWriter file) {
        file.metadata("steps", Integer.toString(steps));
        states().forEach((name, tensor) -> {
            List<Long> shape = new ArrayList<>();
            for (int extent : tensor.shape().dims()) {
                shape.add((long) extent);
            }
            file.add(name, StoredType.F32, shape, tensor::toArray);
        });
    }

    /** Takes up a state that was saved. */
    void restore(SafetensorsFile file) {
        steps = Integer.parseInt(file.metadata().get("steps"));
        states().forEach((name, tensor) -> tensor.assign(file.tensor(name).toFloats()));
        Map<String, float[]> values = new HashMap<>();
        owned.forEach((name, state) -> {
            state.optimiser.resume(steps);
            values.put(name, state.parameter.tensor().toArray());
        });
        assign(values);
    }

    private Map<String, Tensor> states() {
        Map<String, Tensor> states = new LinkedHashMap<>();
        owned.forEach((name, state) -> {
            states.put("weight/" + name, state.parameter.tensor());
            states.put("average/" + name, state.average.tensor());
            state.optimiser.state().forEach((key, tensor) -> states.put(key + "/" + name, tensor));
        });
        return states;
    }

    /** Gives the states back; the networks are whoever's made them. */
    @Override
    public void close() {
        owned.values().forEach(state -> {
            state.optimiser.close();
            state.average.close();
        });
    }
}
