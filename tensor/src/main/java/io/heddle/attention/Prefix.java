package io.heddle.attention;

import io.heddle.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a network computes before it first looks at the text: the same for all texts. Evaluations of the same latents at the same step may share one; the
 * first computes it, the others take it, with the same bits. Not for latents that a recording watches, and not with taps. Close it to give it back.
 */
public final class Prefix implements AutoCloseable {
    private final Map<Object, Tensor> outputs = new IdentityHashMap<>();
    private boolean complete;

    /** Nothing computed yet. */
    public Prefix() {}

    /** The output of a layer, computed if it is not known. */
    Tensor output(Object layer, Supplier<Tensor> forward) {
        Tensor known = outputs.get(layer);
        if (known != null) {
            return known;
        }
        Tensor made = forward.get();
        if (!complete) {
            outputs.put(layer, made.detach().unscoped());
        }
        return made;
    }

    /** From here on outputs depend on the text. */
    void end() {
        complete = true;
    }

    @Override
    public void close() {
        outputs.values().forEach(Tensor::close);
        outputs.clear();
    }
}
