package io.heddle.toyworld;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RenderingTest {
    private static final int SIDE = Rendering.SIDE;
    private static final Backdrop GRASS = new Backdrop(Background.GRASS, 40, 20, 10);
    private static final Thing BALL = new Thing(Kind.BALL, Colour.RED, Texture.DOTTED, Pose.STILL, Scale.SMALL, 10, false, 20, 40);

    @Test
    void picture_hasTheSameBitsEverywhere() {
        int hash = 1;
        for (int i = 0; i < 40; i++) {
            hash = 31 * hash + Arrays.hashCode(Rendering.of(Split.EVALUATION.scene(i, new SceneMix(0.4, 0.3))).pixels());
        }
        assertThat(hash).isEqualTo(-923595702);
    }

    @Test
    void mask_isWhereThePictureChanges() {
        for (int i = 0; i < 20; i++) {
            Scene scene = Split.EVALUATION.scene(i, SceneMix.PAIRS);
            Rendering whole = Rendering.of(scene);
            for (int left = 0; left < 2; left++) {
                float[] with = whole.pixels();
                float[] without = Rendering.of(new Scene(scene.backdrop(), List.of(scene.things().get(1 - left)))).pixels();
                float[] coverage = whole.masks().get(left).coverage();
                for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                    boolean changed = Arrays.mismatch(with, 3 * pixel, 3 * pixel + 3, without, 3 * pixel, 3 * pixel + 3) >= 0;
                    if (coverage[pixel] == 0) {
                        assertThat(changed).as("pixel %d outside of %s", pixel, scene.things().get(left)).isFalse();
                    } else if (coverage[pixel] > 0.5f) {
                        assertThat(changed).as("pixel %d inside of %s", pixel, scene.things().get(left)).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void thingsInFront_hideThoseBehind() {
        Rendering rendering = Rendering.of(new Scene(GRASS, List.of(BALL, BALL.with(Colour.BLUE).at(22, 40))));
        boolean[] behind = rendering.masks().get(0).pixels();
        boolean[] front = rendering.masks().get(1).pixels();
        for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
            assertThat(behind[pixel] && front[pixel]).isFalse();
        }
        assertThat(rendering.masks().get(0).area()).isPositive().isLessThan(rendering.masks().get(1).area());
    }

    @Test
    void thingMovedByWholePixels_isTheSameThingElsewhere() {
        Rendering before = Rendering.of(new Scene(GRASS, List.of(BALL)));
        Rendering after = Rendering.of(new Scene(GRASS, List.of(BALL.movedByPixels(24, -12))));
        for (int y = 40; y < SIDE; y++) {
            for (int x = 0; x < SIDE - 24; x++) {
                assertThat(after.masks().getFirst().contains(x + 24, y - 12)).isEqualTo(before.masks().getFirst().contains(x, y));
            }
        }
        Mask.Box box = before.masks().getFirst().box();
        assertThat(after.masks().getFirst().box())
                .isEqualTo(new Mask.Box(box.left() + 24, box.top() - 12, box.right() + 24, box.bottom() - 12));
    }

    @Test
    void poseChange_leavesTheRestOfThePicture() {
        Scene lying = new Scene(
                GRASS, List.of(new Thing(Kind.CAT, Colour.PINK, Texture.PLAIN, Pose.LYING, Scale.MEDIUM, 15, true, 30, 34)));
        Rendering before = Rendering.of(lying);
        Rendering after = Rendering.of(lying.withFirst(cat -> cat.with(Pose.SITTING)));
        float[] first = before.masks().getFirst().coverage();
        float[] second = after.masks().getFirst().coverage();
        for (int i = 0; i < 3 * SIDE * SIDE; i++) {
            if (first[i / 3] + second[i / 3] == 0) {
                assertThat(after.pixels()[i]).isEqualTo(before.pixels()[i]);
            }
        }
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void singleThings_areWhole() {
        for (int i = 0; i < 300; i++) {
            Scene scene = Split.TRAINING.scene(i, SceneMix.SINGLES);
            Mask.Box box = Rendering.of(scene).masks().getFirst().box();
            assertThat(box.left()).as("left edge of %s", scene).isPositive();
            assertThat(box.top()).as("top edge of %s", scene).isPositive();
            assertThat(box.right()).as("right edge of %s", scene).isLessThan(SIDE);
            assertThat(box.bottom()).as("bottom edge of %s", scene).isLessThan(SIDE);
        }
    }

    @Test
    void pairs_differAndDoNotTouch() {
        for (int i = 0; i < 100; i++) {
            Scene scene = Split.TRAINING.scene(i, SceneMix.PAIRS);
            Thing first = scene.first();
            Thing second = scene.things().get(1);
            assertThat(first.kind()).isNotEqualTo(second.kind());
            assertThat(first.colour()).isNotEqualTo(second.colour());
            assertThat(scene.relation()).isIn(Relation.LEFT_OF, Relation.ABOVE);
            Mask.Box a = Rendering.of(scene).masks().get(0).box();
            Mask.Box b = Rendering.of(scene).masks().get(1).box();
            assertThat(scene.relation() == Relation.LEFT_OF ? b.left() - a.right() : b.top() - a.bottom()).isPositive();
        }
    }

    @Test
    void splits_neverStartFromTheSameState() {
        Set<Double> firsts = new HashSet<>();
        int drawn = 0;
        for (Split split : Split.values()) {
            for (long index = 0; index < 5000; index++, drawn++) {
                firsts.add(split.random(index).nextDouble());
            }
        }
        assertThat(firsts).hasSize(drawn);
    }

    @Test
    void scenes_coverEveryAttribute() {
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            Scene scene = Split.TRAINING.scene(i, SceneMix.CAPTIONED);
            Thing thing = scene.first();
            seen.addAll(List.of(thing.kind(), thing.colour(), thing.texture(), thing.pose(), thing.scale(), scene.backdrop().background()));
        }
        assertThat(seen).hasSize(Kind.values().length + Colour.values().length + Texture.values().length + Pose.values().length
                + Scale.values().length + Background.values().length);
    }
}
