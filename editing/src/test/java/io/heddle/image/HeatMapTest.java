package io.heddle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.image.HeatMap.Range;
import org.junit.jupiter.api.Test;

class HeatMapTest {
    /** A colour has 8 bits per channel: one step of a channel moves the lightness by at most this much. */
    private static final double QUANTISATION = 0.004;

    @Test
    void colours_riseInLightnessByEqualSteps() {
        double first = lightness(ColourMap.rgb(0));
        double step = (lightness(ColourMap.rgb(1)) - first) / 255;
        assertThat(step).isPositive();
        for (int i = 0; i < 256; i++) {
            assertThat(lightness(ColourMap.rgb(i / 255.0))).isCloseTo(first + i * step, within(QUANTISATION));
        }
    }

    @Test
    void colours_outsideTheRange_areThoseOfTheEnds() {
        assertThat(ColourMap.rgb(-2)).isEqualTo(ColourMap.rgb(0));
        assertThat(ColourMap.rgb(3)).isEqualTo(ColourMap.rgb(1));
    }

    @Test
    void constantMap_hasTheDarkestColour() {
        HeatMap map = HeatMap.of(new Size(2, 1), 3, 3);
        assertThat(map.colours(map.range())).isEqualTo(Picture.filled(new Size(2, 1), ColourMap.rgb(0)));
    }

    @Test
    void enlargement_keepsConstantsAndThePlaceOfThePeak() {
        assertThat(HeatMap.of(new Size(3, 2), 5, 5, 5, 5, 5, 5).resize(new Size(48, 32)).range()).isEqualTo(new Range(5, 5));
        HeatMap peak = HeatMap.of(new Size(4, 4), 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        Picture large = peak.resize(Size.square(64)).colours(new Range(0, 1));
        assertThat(lightness(large.rgb(40, 24))).isGreaterThan(0.85);
        assertThat(large.rgb(8, 56)).isEqualTo(ColourMap.rgb(0));
    }

    @Test
    void overlay_mixesPictureAndColoursByItsOpacity() {
        Picture picture = Picture.filled(new Size(8, 8), 0x808080);
        HeatMap map = HeatMap.of(new Size(1, 1), 1);
        assertThat(map.over(picture, new Range(0, 1), 0)).isEqualTo(picture);
        assertThat(map.over(picture, new Range(0, 1), 1)).isEqualTo(Picture.filled(new Size(8, 8), ColourMap.rgb(1)));
    }

    @Test
    void wrongNumberOfValues_isRefused() {
        assertThatThrownBy(() -> HeatMap.of(new Size(2, 2), 1, 2, 3)).hasMessageContaining("2x2").hasMessageContaining("3");
    }

    /** OKLab lightness of an sRGB colour. */
    private static double lightness(int rgb) {
        double r = linear(rgb >> 16 & 0xff);
        double g = linear(rgb >> 8 & 0xff);
        double b = linear(rgb & 0xff);
        double l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
        double m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
        double s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
        return 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
}
