package io.heddle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.image.Montage.Cell;
import java.util.List;
import org.junit.jupiter.api.Test;

class MontageTest {
    private static final Picture RED = Picture.filled(Size.square(64), 0xff0000);
    private static final Picture BLUE = Picture.filled(Size.square(64), 0x0000ff);

    @Test
    void strip_showsThePicturesEnlarged_inOrder() {
        Picture strip = Montage.strip(List.of(new Cell(RED, ""), new Cell(BLUE, "")));
        assertThat(strip.size()).isEqualTo(new Size(8 + 2 * (192 + 8), 8 + 192 + 8));
        assertThat(strip.rgb(8, 8)).isEqualTo(0xff0000);
        assertThat(strip.rgb(8 + 192 + 8, 8)).isEqualTo(0x0000ff);
        assertThat(strip.rgb(0, 0)).isEqualTo(0xffffff);
    }

    @Test
    void caption_isWrittenBelowThePicture_andCutWhereItIsTooLong() {
        Picture grid = Montage.grid(List.of(new Cell(RED, "a red square ".repeat(20)), new Cell(BLUE, "")), 1);
        assertThat(grid.size()).isEqualTo(new Size(8 + 192 + 8, 8 + 2 * (192 + 22 + 8)));
        assertThat(darkestColumn(grid, 8 + 192, 22)).isBetween(8, 8 + 191);
        assertThat(grid.rgb(8, 8 + 192 + 22 + 8)).isEqualTo(0x0000ff);
    }

    @Test
    void nothingToShow_isRefused() {
        assertThatThrownBy(() -> Montage.strip(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static int darkestColumn(Picture picture, int top, int rows) {
        int darkest = -1;
        int value = 0xff;
        for (int y = top; y < top + rows; y++) {
            for (int x = 0; x < picture.width(); x++) {
                if ((picture.rgb(x, y) & 0xff) < value) {
                    value = picture.rgb(x, y) & 0xff;
                    darkest = x;
                }
            }
        }
        return darkest;
    }
}
