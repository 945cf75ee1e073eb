package io.heddle.toyworld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CaptionsTest {
    private static final Backdrop SAND = new Backdrop(Background.SAND, 40, 20, 10);
    private static final Thing BALL = new Thing(
            Kind.BALL, Colour.ORANGE, Texture.STRIPED, Pose.STILL, Scale.BIG, Scale.BIG.radius(), false, 32, 32);
    private static final Thing CAT = new Thing(Kind.CAT, Colour.RED, Texture.PLAIN, Pose.LYING, Scale.MEDIUM, 12, true, 48, 30);

    @Test
    void evaluation_saysEverythingInOrder() {
        assertThat(Captions.evaluation(new Scene(SAND, List.of(BALL)))).isEqualTo("a big orange striped ball on the sand");
        assertThat(Captions.evaluation(new Scene(SAND.with(Background.WHITE), List.of(CAT)))).isEqualTo("a red lying cat on a white background");
    }

    @Test
    void evaluation_leavesOutWhatIsAsked() {
        Scene scene = new Scene(SAND, List.of(BALL));
        assertThat(Captions.evaluation(scene, Set.of(Attribute.SCALE))).isEqualTo("an orange striped ball on the sand");
        assertThat(Captions.evaluation(scene, Set.of(Attribute.COLOUR, Attribute.BACKGROUND))).isEqualTo("a big striped ball");
        assertThat(Captions.evaluation(scene, Set.of(Attribute.TEXTURE))).isEqualTo("a big orange ball on the sand");
        assertThatIllegalArgumentException().isThrownBy(() -> Captions.evaluation(scene, Set.of(Attribute.KIND)));
    }

    @Test
    void evaluation_ofPairs_namesTheLeftOrUpperThingFirst() {
        Thing ball = BALL.with(Scale.MEDIUM).at(16, 30);
        String said = "an orange striped ball left of a red lying cat on the sand";
        assertThat(Captions.evaluation(new Scene(SAND, List.of(ball, CAT)))).isEqualTo(said);
        assertThat(Captions.evaluation(new Scene(SAND, List.of(CAT, ball)))).isEqualTo(said);
        assertThat(Captions.evaluation(new Scene(SAND, List.of(ball.at(40, 50), CAT.at(44, 14)))))
                .isEqualTo("a red lying cat above an orange striped ball on the sand");
    }

    @Test
    void inverted_tellsTheSamePairFromTheOtherThing() {
        Thing ball = BALL.with(Scale.MEDIUM).at(16, 30);
        String said = "a red lying cat right of an orange striped ball on the sand";
        assertThat(Captions.inverted(new Scene(SAND, List.of(ball, CAT)))).isEqualTo(said);
        assertThat(Captions.inverted(new Scene(SAND, List.of(CAT, ball)))).isEqualTo(said);
        assertThat(Captions.inverted(new Scene(SAND, List.of(CAT.at(44, 14), ball.at(40, 50)))))
                .isEqualTo("an orange striped ball below a red lying cat on the sand");
        assertThatIllegalArgumentException().isThrownBy(() -> Captions.inverted(new Scene(SAND, List.of(CAT))))
                .withMessageContaining("the scene has 1");
    }

    @Test
    void oneChange_changesOneWord() {
        Scene scene = new Scene(SAND, List.of(CAT));
        assertThat(Captions.evaluation(scene.withFirst(cat -> cat.with(Pose.SITTING)))).isEqualTo("a red sitting cat on the sand");
        assertThat(Captions.evaluation(scene.with(Background.NIGHT))).isEqualTo("a red lying cat at night");
        assertThat(Captions.evaluation(scene.withFirst(cat -> cat.with(Texture.DOTTED)))).isEqualTo("a red dotted lying cat on the sand");
    }

    @Test
    void training_usesEveryWord() {
        Set<String> said = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            Random random = Split.TRAINING.random(i);
            Collections.addAll(said, Captions.training(Scene.draw(random, SceneMix.CAPTIONED), random).split(" "));
        }
        assertThat(said).containsExactlyInAnyOrderElementsOf(Captions.words());
        assertThat(said).hasSize(50);
    }

    @Test
    void training_isTrueOfThePair_whicheverComesFirst() {
        Scene scene = new Scene(SAND, List.of(BALL.with(Scale.MEDIUM).at(16, 30), CAT));
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            String caption = Captions.training(scene, random);
            boolean ballFirst = caption.indexOf("ball") < caption.indexOf("cat");
            assertThat(caption).containsPattern(ballFirst ? "ball (left of|and)" : "cat (right of|and)");
        }
    }

    @Test
    void crowds_haveNoCaption() {
        Scene crowd = new Scene(SAND, List.of(BALL, CAT, BALL));
        assertThatIllegalArgumentException().isThrownBy(() -> Captions.evaluation(crowd)).withMessageContaining("the scene has 3");
        assertThatIllegalArgumentException().isThrownBy(() -> Captions.training(crowd, new Random(0))).withMessageContaining("the scene has 3");
    }
}
