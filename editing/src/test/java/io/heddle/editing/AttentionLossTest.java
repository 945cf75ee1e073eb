package io.heddle.editing;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.attention.AttentionTaps;
import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.TextConditioning;
import io.heddle.nn.Adam;
import io.heddle.tensor.Device;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.unet.UNet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loss on a cross-attention map, minimised over the latent. */
class AttentionLossTest {
    @Test
    void centreOfAWordsAttention_isMovedToTheLeft() {
        try (Device device = Device.cpu();
                UNet unet = SmallNetwork.load(device)) {
            Tensor latent = SmallNetwork.latent(device);
            Tensor columns = device.tensor(Shape.of(1, 8), 0, 1, 2, 3, 4, 5, 6, 7);
            Pass pass = Pass.of(Step.at(501), TextConditioning.of(SmallNetwork.text(device, "a cat")));
            List<Float> centres = new ArrayList<>();
            try (Adam adam = Adam.of(latent)) {
                for (int i = 0; i < 30; i++) {
                    try (Recording tape = Recording.open()) {
                        Tensor watched = tape.watch(latent);
                        List<Tensor> centre = new ArrayList<>();
                        unet.predict(watched, pass.withTaps(AttentionTaps.none().read(call -> call.site().isCross() && centre.isEmpty(), (_, map) -> {
                            Tensor word = map.row(0).slice(3, 2, 1).mean(0, 1, 3).reshape(8, 8);
                            centre.add(word.times(columns).sum().dividedBy(word.sum()).unscoped());
                        })));
                        adam.step(latent, tape.gradients(centre.getFirst()).of(watched), 0.05);
                        centres.add(centre.getFirst().item());
                    }
                }
            }
            assertThat(centres.getLast()).isLessThan(centres.getFirst() - 0.5f);
        }
    }
}
