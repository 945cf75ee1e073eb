package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A block whose inside is recomputed in backward; its forward has already run. */
record Checkpoint(Recording recording, List<Tensor> arguments, List<Tensor> leaves, Function<List<Tensor>, Tensor> block, Shape shape)
        implements Op {
    @Override
    public String name() {
        return "checkpoint";
    }

    @Override
    public List<Tensor> inputs() {
        List<Tensor> inputs = new ArrayList<>(arguments);
        inputs.addAll(leaves);
        return inputs;
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        throw new IllegalStateException("a checkpoint's forward is run by Recording.checkpoint");
    }

    @Override
    public @Nullable Tensor[] backward(Tensor y, Tensor dy) {
        List<Tensor> watched = arguments.stream().map(a -> needs(a) ? recording.watch(a) : a).toList();
        Gradients gradients = recording.replay(() -> block.apply(watched), dy);
        List<@Nullable Tensor> result = new ArrayList<>();
        for (Tensor input : watched) {
            result.add(gradients.contains(input) ? gradients.of(input) : null);
        }
        for (Tensor leaf : leaves) {
            result.add(gradients.contains(leaf) ? gradients.of(leaf) : null);
        }
        return result.toArray(Tensor[]::new);
    }
}
