package io.heddle.toyworld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.heddle.image.Picture;
import io.heddle.image.Size;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class OracleTest {
    private static final int SCENES = 100;
    private static final double LEAST_RIGHT = 0.98;
    private static final Backdrop GRASS = new Backdrop(Background.GRASS, 40, 20, 10);
    private static final Thing CAT = new Thing(Kind.CAT, Colour.PINK, Texture.PLAIN, Pose.LYING, Scale.MEDIUM, 15, true, 30, 34);

    @ParameterizedTest
    @EnumSource(Attribute.class)
    void singleThings_areReadRight(Attribute attribute) {
        int right = 0;
        for (int i = 0; i < SCENES; i++) {
            Scene scene = Split.EVALUATION.scene(i, SceneMix.SINGLES);
            right += Oracle.read(Rendering.of(scene).picture()).agrees(attribute, scene) ? 1 : 0;
        }
        assertThat(right / (double) SCENES).isGreaterThanOrEqualTo(LEAST_RIGHT);
    }

    @Test
    void pairs_areReadRight() {
        int right = 0;
        for (int i = 0; i < SCENES; i++) {
            Scene scene = Split.EVALUATION.scene(i, SceneMix.PAIRS);
            right += Oracle.readPair(Rendering.of(scene).picture()).agreesOnPair(scene) ? 1 : 0;
        }
        assertThat(right / (double) SCENES).isGreaterThanOrEqualTo(LEAST_RIGHT);
    }

    @Test
    void changedAttribute_isTheOnlyOneThatDisagrees() {
        Scene scene = new Scene(GRASS, List.of(CAT));
        Reading read = Oracle.read(Rendering.of(scene.withFirst(cat -> cat.with(Pose.SITTING))).picture());
        for (Attribute attribute : Attribute.values()) {
            assertThat(read.agrees(attribute, scene)).as(attribute.name()).isEqualTo(attribute != Attribute.POSE);
        }
    }

    @Test
    void probabilities_sumToOneAndFavourTheTruth() {
        Sighting sighting = Oracle.read(Rendering.of(new Scene(GRASS, List.of(CAT.with(Texture.STRIPED)))).picture()).things().getFirst();
        assertThat(sighting.colours().values().stream().mapToDouble(Double::doubleValue).sum()).isCloseTo(1, rounding());
        assertThat(sighting.textures().values().stream().mapToDouble(Double::doubleValue).sum()).isCloseTo(1, rounding());
        assertThat(sighting.colours().get(Colour.PINK)).isGreaterThan(0.9);
        assertThat(sighting.textures().get(Texture.STRIPED)).isGreaterThan(0.9);
    }

    @Test
    void place_isReadToAUnit() {
        Thing read = Oracle.read(Rendering.of(new Scene(GRASS, List.of(CAT))).picture()).things().getFirst().thing();
        assertThat(read.x()).isBetween(CAT.x() - 1, CAT.x() + 1);
        assertThat(read.y()).isBetween(CAT.y() - 1, CAT.y() + 1);
        assertThat(read.flipped()).isTrue();
    }

    @Test
    void pairInTheWrongOrder_isNotWhatTheSceneSays() {
        Thing ball = new Thing(Kind.BALL, Colour.RED, Texture.PLAIN, Pose.STILL, Scale.MEDIUM, 12, false, 16, 30);
        Scene scene = new Scene(GRASS, List.of(ball, CAT.at(48, 30).with(Scale.SMALL)));
        Scene swapped = new Scene(GRASS, List.of(ball.at(48, 30), CAT.at(16, 30).with(Scale.SMALL)));
        assertThat(Oracle.readPair(Rendering.of(scene).picture()).agreesOnPair(scene)).isTrue();
        assertThat(Oracle.readPair(Rendering.of(swapped).picture()).agreesOnPair(scene)).isFalse();
        Scene other = new Scene(GRASS, List.of(CAT.at(16, 30).with(Scale.SMALL), ball.at(48, 30)));
        assertThat(Oracle.readPair(Rendering.of(swapped).picture()).agreesOnPair(other)).isTrue();
    }

    @Test
    void emptyPicture_showsNothing() {
        Reading read = Oracle.read(Picture.filled(Size.square(Rendering.SIDE), 0xfafafa));
        assertThat(read.background()).isEqualTo(Background.WHITE);
        assertThat(read.things()).isEmpty();
        assertThat(read.regions()).isZero();
        assertThat(read.agrees(Attribute.COLOUR, new Scene(GRASS, List.of(CAT)))).isFalse();
    }

    @Test
    void otherSizes_areRefused() {
        Picture small = Picture.filled(Size.square(64), 0);
        assertThatIllegalArgumentException().isThrownBy(() -> Oracle.read(small)).withMessageContaining("64x64");
    }

    private static Offset<Double> rounding() {
        return Offset.offset(1e-12);
    }
}
