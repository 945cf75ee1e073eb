package io.heddle.editing.dragon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.spi.Extent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where cells go. Each fault of the published code's geometry has its test. */
class GeometryTest {
    private static final Canvas CANVAS = new Canvas(TinyDragon.PICTURE, TinyDragon.LATENT);
    private static final Mask OBJECT = TinyDragon.OBJECT;

    /** The published code rolls an object that is pushed over the border around to the other side. */
    @Test
    void objectOverTheBorder_isCutOff() {
        Relocation relocation = Relocation.of(CANVAS, OBJECT, new Point(64, 0), 1);
        assertThat(relocation.to().count()).isPositive().isLessThan(relocation.from().count());
        for (int cell : relocation.to().cells().index()) {
            assertThat(cell % CANVAS.grid().width()).isGreaterThanOrEqualTo(18);
        }
        Relocation wrapped = PublishedRelocation.of(CANVAS, OBJECT, new Point(64, 0), 1);
        assertThat(Arrays.stream(wrapped.to().cells().index()).anyMatch(cell -> cell % CANVAS.grid().width() == 0)).isTrue();
    }

    @Test
    void objectThatWouldLeaveThePicture_isRefused() {
        assertThatThrownBy(() -> Relocation.of(CANVAS, OBJECT, new Point(0, -50), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("would leave the picture")
                .hasMessageContaining("28,-22");
    }

    /** The published code scales about the picture's centre, so that an object that is resized also moves. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.75, 1.25, 1.5})
    void resizedObject_keepsItsCentre(double scale) {
        Extent picture = new Extent(256, 384);
        Canvas canvas = new Canvas(picture, new Extent(32, 48));
        Mask object = Mask.ellipse(picture, new Point(120, 100), new Point(50, 40));
        Relocation relocation = Relocation.of(canvas, object, new Point(30, 20), scale);
        Point centre = relocation.to().centre();
        assertThat(8 * centre.x() / 2).isCloseTo(150, within(2.0));
        assertThat(8 * centre.y() / 2).isCloseTo(120, within(2.0));
        assertThat((double) relocation.to().count() / relocation.from().count()).isCloseTo(scale * scale, within(0.05 * scale * scale));
    }

    /** The published code rounds the way of the noise and of the features differently, and forgets the picture's scale for one of them. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5, 8, 13, 21, 27})
    void noiseAndFeatures_moveByTheSameWay(int pixels) {
        Relocation relocation = Relocation.of(CANVAS, OBJECT, new Point(pixels, 5), 1);
        int features = relocation.generated().index()[0] % CANVAS.grid().width() - relocation.shown().index()[0] % CANVAS.grid().width();
        Mask covered = relocation.to().resize(CANVAS.latent());
        for (int cell = 0; cell < relocation.noise().length; cell++) {
            if (covered.contains(cell)) {
                int noise = cell % CANVAS.latent().width() - relocation.noise()[cell] % CANVAS.latent().width();
                assertThat(Math.abs(2 * noise - features)).isLessThanOrEqualTo(1);
                assertThat(Math.abs(8 * noise - pixels)).isLessThanOrEqualTo(4);
            }
        }
    }

    /** The published code leaves the object's noise there, and with it the object. */
    @Test
    void vacatedCells_takeNoiseOfUntouchedOnesInTheirRow() {
        Relocation relocation = Relocation.of(CANVAS, OBJECT, new Point(40, 0), 1);
        Mask untouched = relocation.untouched().resize(CANVAS.latent());
        int width = CANVAS.latent().width();
        for (int cell : relocation.vacated().resize(CANVAS.latent()).cells().index()) {
            int source = relocation.noise()[cell];
            assertThat(untouched.contains(source)).isTrue();
            assertThat(source / width).isEqualTo(cell / width);
        }
    }

    /** The published code limits columns by the picture's height. */
    @Test
    void pointsAtTheRightOfAWidePicture_stayWhereTheyAre() {
        Mask patch = new Patches(CANVAS, false).around(new Point(86, 30));
        assertThat(patch.cells().index()).contains(7 * CANVAS.grid().width() + 21);
        assertThat(new Patches(CANVAS, true).around(new Point(86, 30)).cells().index()).doesNotContain(7 * CANVAS.grid().width() + 21);
    }

    /** The published code takes an empty patch there. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 2, 5, 7.9})
    void pointsInTheUpperLeftCorner_haveAWholePatch(double position) {
        Point corner = new Point(position, position);
        assertThat(new Patches(CANVAS, false).around(corner).count()).isEqualTo(9);
        int[] noise = new int[CANVAS.latent().cells()];
        new Patches(CANVAS, false).copy(new Drag.Handle(new Point(60, 40), corner), noise);
        assertThat(Arrays.stream(noise).filter(cell -> cell != 0).count()).isZero();
        assertThat(Plan.of(new Drag(List.of(new Drag.Handle(corner, new Point(60, 40))), OBJECT.not()), CANVAS, DragonSettings.of(TinyDragon.DRAG))
                .noise())
                .contains(0);
    }

    @Test
    void objectThatWouldBecomeSmallerThanACell_isRefused() {
        assertThatThrownBy(() -> Relocation.of(CANVAS, OBJECT, new Point(0, 0), 0.05))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("resized by 0.05")
                .hasMessageContaining("choose a larger scale");
    }

    /** The latent shows every second row and column of the grid of energies. */
    @Test
    void editThatMissesEveryCellOfTheLatent_isRefused() {
        Mask between = Mask.rectangle(TinyDragon.PICTURE, new Point(0, 20), new Point(96, 4));
        assertThat(CANVAS.onGrid(between, "the object").isEmpty()).isFalse();
        assertRefused(new Move(between, new Point(0, 16), 1), "make its mask larger");
        assertRefused(new Appearance(between, OBJECT), "make its mask larger");
        assertRefused(new Paste(between, new Point(0, 8)), "make its mask larger");
        assertRefused(new Drag(List.of(new Drag.Handle(new Point(20, 40), new Point(44, 22))), between), "make its mask larger");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dragToWhereNothingMayChange_isRefused(boolean reference) {
        Drag.Handle inside = new Drag.Handle(new Point(20, 20), new Point(30, 30));
        Drag drag = new Drag(List.of(inside, new Drag.Handle(new Point(20, 20), new Point(60, 40))), OBJECT);
        DragonSettings settings = DragonSettings.of(drag);
        assertThatThrownBy(() -> Plan.of(drag, CANVAS, reference ? settings.asPublished() : settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the point 60,40");
        Plan.of(new Drag(List.of(inside), OBJECT), CANVAS, settings);
    }

    private static void assertRefused(Edit edit, String message) {
        assertThatThrownBy(() -> Plan.of(edit, CANVAS, DragonSettings.of(edit)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void maskOfAnotherSize_isRefused() {
        Mask other = Mask.of(new Extent(10, 10), _ -> true);
        assertThatThrownBy(() -> Plan.of(new Move(other, new Point(0, 0), 1), CANVAS, DragonSettings.of(TinyDragon.MOVE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10x10")
                .hasMessageContaining("96x64");
    }

    @Test
    void maskTooSmallForACell_isRefused() {
        Mask pixel = Mask.rectangle(TinyDragon.PICTURE, new Point(17, 17), new Point(1, 1));
        assertThatThrownBy(() -> Plan.of(new Move(pixel, new Point(0, 0), 1), CANVAS, DragonSettings.of(TinyDragon.MOVE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("make it larger");
    }

    @Test
    void masks_areDrawnByTheirCentres() {
        assertThat(Mask.rectangle(new Extent(4, 6), new Point(1, 2), new Point(3, 2)).cells().index()).containsExactly(13, 14, 15, 19, 20, 21);
        assertThat(Mask.ellipse(new Extent(4, 4), new Point(2, 2), new Point(1, 1)).count()).isEqualTo(4);
        assertThat(Mask.of(new Extent(4, 4), cell -> cell == 5).resize(new Extent(2, 2)).isEmpty()).isTrue();
    }
}
