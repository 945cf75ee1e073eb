package io.heddle.editing.dragon;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.image.Picture;
import io.heddle.image.Size;
import java.awt.Color;
import org.junit.jupiter.api.Test;

/** What is drawn on a copy of a picture. */
class SketchTest {
    private static final Size SIZE = new Size(TinyDragon.PICTURE.width(), TinyDragon.PICTURE.height());

    @Test
    void maskIsTinted_withItsBorderInFullColour_andThePictureStays() {
        Picture picture = Picture.filled(SIZE, 0x808080);
        Picture drawn = Sketch.on(picture).mask(TinyDragon.OBJECT, Color.RED).picture();
        assertThat(drawn.rgb(16, 16)).isEqualTo(0xff0000);
        assertThat(drawn.rgb(28, 28)).isNotIn(0xff0000, 0x808080);
        assertThat(drawn.rgb(5, 5)).isEqualTo(0x808080);
        assertThat(picture.rgb(16, 16)).isEqualTo(0x808080);
    }

    @Test
    void everyEdit_isDrawn_andOneThatMovesNothingHasNoArrow() {
        Picture picture = Picture.filled(SIZE, 0x808080);
        assertThat(Sketch.of(picture, TinyDragon.MOVE)).isNotEqualTo(picture);
        assertThat(Sketch.of(picture, TinyDragon.DRAG)).isNotEqualTo(picture);
        assertThat(Sketch.of(picture, TinyDragon.APPEARANCE)).isNotEqualTo(picture);
        assertThat(Sketch.of(picture, TinyDragon.PASTE)).isNotEqualTo(picture);
        assertThat(Sketch.of(picture, new Paste(TinyDragon.OBJECT, new Point(0, 0)))).isEqualTo(picture);
    }
}
