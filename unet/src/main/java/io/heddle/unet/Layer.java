package io.heddle.unet;

import io.heddle.attention.Attention;
import io.heddle.attention.Pass;
import io.heddle.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A residual block and, on the levels that attend, a transformer. */
record Layer(ResnetBlock resnet, @Nullable Transformer2D attention) {
    Tensor forward(Tensor x, Tensor time, Pass pass) {
        Tensor h = pass.beforeText(resnet, () -> pass.block(List.of(x, time), in -> resnet.forward(in.get(0), in.get(1))));
        return attention == null ? h : pass.block(List.of(h), in -> attention.forward(in.get(0), pass.insideBlock()));
    }

    Stream<Attention> attentions() {
        return attention == null ? Stream.of() : attention.attentions();
    }
}
