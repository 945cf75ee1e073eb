package io.heddle.cli;

import io.heddle.editing.dragon.Mask;
import io.heddle.editing.dragon.Point;
import io.heddle.image.Picture;
import io.heddle.image.Size;
import io.heddle.spi.Extent;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A mask as users give it: a picture that is light where the mask is, or a shape in pixels.
 *
 * @param option which option it is the value of
 * @param text {@code rect:left,top,width,height}, {@code ellipse:x,y,radius,radius}, or the name of a file
 */
record MaskArgument(String option, String text) {
    /** What help says of such options. */
    static final String FORM = "a picture of the same size that is light there, rect:LEFT,TOP,WIDTH,HEIGHT or ellipse:X,Y,RX,RY in its pixels";

    private static final int THRESHOLD = 127;
    private static final String RECTANGLE = "rect:";
    private static final String ELLIPSE = "ellipse:";

    /**
     * The mask on a picture that was scaled.
     *
     * @param given the size of the picture that the user knows
     * @param working the size that it was scaled to
     */
    Mask on(Size given, Size working) {
        Extent grid = new Extent(working.height(), working.width());
        double horizontal = working.width() / (double) given.width();
        double vertical = working.height() / (double) given.height();
        Mask mask;
        if (text.startsWith(RECTANGLE)) {
            double[] n = numbers(RECTANGLE);
            mask = Mask.rectangle(grid, new Point(n[0], n[1]).times(horizontal, vertical), new Point(n[2], n[3]).times(horizontal, vertical));
        } else if (text.startsWith(ELLIPSE)) {
            double[] n = numbers(ELLIPSE);
            mask = Mask.ellipse(grid, new Point(n[0], n[1]).times(horizontal, vertical), new Point(n[2], n[3]).times(horizontal, vertical));
        } else {
            mask = read(given).resize(grid);
        }
        if (mask.isEmpty()) {
            throw new UserError(option + " " + text + " covers nothing of the picture of " + given + ": choose another place, or a picture that is"
                    + " light where the mask is");
        }
        return mask;
    }

    private Mask read(Size given) {
        Picture picture = Picture.read(Path.of(text));
        if (!picture.size().equals(given)) {
            throw new UserError(option + " " + text + " has " + picture.size() + " pixels, but the picture has " + given + ": give one of its size");
        }
        return Mask.of(picture, THRESHOLD);
    }

    private double[] numbers(String shape) {
        try {
            double[] numbers = Arrays.stream(text.substring(shape.length()).split(",")).mapToDouble(Double::parseDouble).toArray();
            if (numbers.length == 4 && numbers[2] > 0 && numbers[3] > 0) {
                return numbers;
            }
        } catch (NumberFormatException _) {
            // told below, as for a wrong number of numbers
        }
        throw new UserError(option + " is '" + text + "': expected " + FORM);
    }
}
