package io.heddle.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.testkit.SharedFiles;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.StoredTensor;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pillow's numbers, to the bit. */
class PillowTest {
    private static final String CASE = "fixtures/12_image_resize/";

    static Stream<String> sizes() {
        return Stream.of("0", "1", "2")
                .flatMap(source -> Stream.of("bicubic", "lanczos")
                        .flatMap(filter -> Stream.of("128x96", "13x13", "160x120", "37x50", "64x64", "96x31")
                                .map(size -> source + "." + filter + "." + size)));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void resizing_ofColour_equalsPillow(String name) {
        assertThat(resized(name).samples()).isEqualTo(bytes("resize." + name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gray.bicubic.33x90", "gray.lanczos.33x90"})
    void resizing_ofGray_equalsPillow(String name) {
        byte[] gray = bytes("resize." + name);
        byte[] samples = resized(name).samples();
        for (int i = 0; i < samples.length; i++) {
            assertThat(samples[i]).isEqualTo(gray[i / 3]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0_0_0_0", "0_0_40_0", "10_5_0_20", "60_0_70_3"})
    void square_ofPublishedMargins_equalsTheNotebook(String margins) {
        List<Integer> sides = Stream.of(margins.split("_")).map(Integer::valueOf).toList();
        Picture source = Picture.read(SharedFiles.locate(CASE + "src_1.png"));
        Margins published = new Margins(sides.get(0), sides.get(1), sides.get(2), sides.get(3)).withinAsPublished(source.size());
        Picture square = published.cut(source).centreSquare().resize(Size.square(80), Resampling.BICUBIC);
        assertThat(square.samples()).isEqualTo(bytes("square." + margins + ".80"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"diffusers", "ptp"})
    void networkValues_ofAllBytes_equalTheReference(String convention) {
        PixelScale scale = convention.equals("ptp") ? PixelScale.TRUNCATED : PixelScale.NEAREST;
        float[] expected;
        try (Checkpoint file = Checkpoint.open(SharedFiles.locate(CASE + "expected.safetensors"))) {
            expected = file.tensor("to_float." + convention).toFloats();
        }
        for (int value = 0; value < 256; value++) {
            assertThat(scale.toFloat(value)).isEqualTo(expected[value]);
        }
    }

    private static Picture resized(String name) {
        String[] parts = name.split("\\.");
        String[] sides = parts[2].split("x");
        Size size = new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
        Resampling filter = Resampling.valueOf(parts[1].toUpperCase(Locale.ROOT));
        return Picture.read(SharedFiles.locate(CASE + "src_" + parts[0] + ".png")).resize(size, filter);
    }

    private static byte[] bytes(String name) {
        try (Checkpoint file = Checkpoint.open(SharedFiles.locate(CASE + "expected.safetensors"))) {
            StoredTensor tensor = file.tensor(name);
            return tensor.bytes().toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
