package io.heddle.attention;

import io.heddle.nn.Linear;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An evaluation taken apart into a plan, by which a network's operations are chosen, and the tensors that they read: evaluations of one plan differ in
 * tensors alone, so that the operations of the first can be repeated for the others.
 */
public final class RepeatablePass {
    private final Pass pass;
    private final List<Linear> textLayers;
    private final List<Tensor> tensors;
    private final Plan plan;

    private RepeatablePass(Pass pass, List<Linear> textLayers, List<Tensor> tensors, Plan plan) {
        this.pass = pass;
        this.textLayers = textLayers;
        this.tensors = tensors;
        this.plan = plan;
    }

    /**
     * What the operations are chosen by.
     *
     * @param texts the number of distinct encodings
     * @param injections for the layers with taps what is injected into each row
     */
    private record Plan(List<Integer> latentOf, List<Integer> textOf, int texts, Map<AttentionSite, List<@Nullable Place>> injections) {}

    /** An injection with indices in the place of its tensors. It takes the map of a row, or that of a query and a key. */
    private record Place(
            @Nullable Integer row, @Nullable Integer query, @Nullable Integer key, @Nullable Integer mapper, @Nullable Integer keep) {}

    /**
     * An evaluation taken apart; empty if it runs Java code on values, as all taps but injections do, is recorded for gradients or checkpointed, or shares
     * its prefix with others.
     *
     * @param layers the network's, in the order of execution
     * @param grid height and width of the queries at a site
     */
    public static Optional<RepeatablePass> of(Pass pass, List<Attention> layers, Function<AttentionSite, Extent> grid) {
        Map<Attention, AttentionCall> tapped = new LinkedHashMap<>();
        for (Attention layer : layers) {
            AttentionCall call = layer.call(grid.apply(layer.site()), pass);
            List<AttentionTap> taps = pass.taps().at(call);
            if (!taps.stream().allMatch(AttentionTap.MapInjection.class::isInstance)) {
                return Optional.empty();
            }
            if (!taps.isEmpty()) {
                tapped.put(layer, call);
            }
        }
        if (!pass.isWhole() || pass.text().isRecorded()) {
            return Optional.empty();
        }
        List<Linear> textLayers = layers.stream().filter(layer -> layer.site().isCross()).flatMap(layer -> layer.keyValueLayers().stream()).toList();
        List<Tensor> tensors = new ArrayList<>();
        pass.text().distinct().forEach(text -> textLayers.forEach(layer -> tensors.add(text.project(layer))));
        Map<AttentionSite, List<@Nullable Place>> injections = new LinkedHashMap<>();
        tapped.forEach((layer, call) -> injections.put(
                layer.site(),
                layer.injections(call, pass.taps().at(call)).stream().map(injection -> place(injection, tensors)).toList()));
        if (tensors.stream().anyMatch(Tensor::isRecorded)) {
            return Optional.empty();
        }
        List<Integer> textOf = IntStream.of(pass.text().rowOf()).boxed().toList();
        Plan plan = new Plan(pass.latentOf(), textOf, pass.text().distinct().size(), injections);
        return Optional.of(new RepeatablePass(pass, textLayers, List.copyOf(tensors), plan));
    }

    private static @Nullable Place place(@Nullable Injection injection, List<Tensor> tensors) {
        if (injection == null) {
            return null;
        }
        Integer mapper = index(injection.mapper(), tensors);
        Integer keep = index(injection.keep(), tensors);
        return switch (injection.source()) {
            case Injection.OfRow(int row) -> new Place(row, null, null, mapper, keep);
            case Injection.Recorded(Tensor query, Tensor key) -> new Place(null, index(query, tensors), index(key, tensors), mapper, keep);
        };
    }

    private static @Nullable Integer index(@Nullable Tensor tensor, List<Tensor> tensors) {
        if (tensor == null) {
            return null;
        }
        if (!tensors.contains(tensor)) {
            tensors.add(tensor);
        }
        return tensors.indexOf(tensor);
    }

    /** The number of rows of the batch. */
    public int rows() {
        return pass.rows().size();
    }

    /** Equal for evaluations that differ in {@link #tensors} alone. */
    public Object plan() {
        return plan;
    }

    /** What the evaluation reads: projections of the texts, then what is injected. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** This evaluation with other tensors in the place of {@link #tensors}, of their shapes. */
    public Pass with(List<Tensor> others) {
        List<TextEmbedding> texts = new ArrayList<>();
        for (TextEmbedding text : pass.text().distinct()) {
            Map<Linear, Tensor> projections = new LinkedHashMap<>();
            for (Linear layer : textLayers) {
                projections.put(layer, others.get(texts.size() * textLayers.size() + projections.size()));
            }
            texts.add(text.withProjections(projections));
        }
        AttentionTaps taps = AttentionTaps.none().inject(call -> plan.injections.containsKey(call.site()), call -> injections(call, others));
        return pass.withText(pass.text().withDistinct(texts)).withTaps(taps);
    }

    private List<@Nullable Injection> injections(AttentionCall call, List<Tensor> others) {
        List<@Nullable Injection> injections = new ArrayList<>();
        for (Place place : plan.injections.get(call.site())) {
            injections.add(place == null ? null : new Injection(source(place, others), at(place.mapper, others), at(place.keep, others)));
        }
        return injections;
    }

    private static Injection.Source source(Place place, List<Tensor> others) {
        return place.row != null ? new Injection.OfRow(place.row) : new Injection.Recorded(others.get(place.query), others.get(place.key));
    }

    private static @Nullable Tensor at(@Nullable Integer index, List<Tensor> others) {
        return index == null ? null : others.get(index);
    }
}
