package io.heddle.bench.quality;

import io.heddle.image.Picture;
import io.heddle.toyworld.Mask;
import io.heddle.toyworld.Oracle;
import io.heddle.toyworld.Reading;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Sighting;

/**
 * What an edited picture shows, measured against the right answer, which is read by the oracle as well.
 *
 * @param error pixels between the thing's middle and where it should be; infinite when there is none
 * @param left share of the vacated pixels that look more as they did than as they should
 * @param background PSNR against the picture before, outside of the thing's old and new place, in decibel
 * @param area the thing's area relative to what it should be
 * @param colour whether the thing has the colour it should have
 * @param overlap intersection over union of the thing's mask with the one it should have
 */
record DragOutcome(double error, double left, double background, double area, boolean colour, double overlap) {
    private static final int SIDE = Rendering.SIDE;
    private static final int RIM = 4;

    /** The decibels of regions without any difference in 8 bits. */
    private static final double EQUAL = 60;

    static DragOutcome of(DragTask task, Picture edited) {
        Mask from = task.before().masks().getFirst();
        Mask to = task.after().masks().getFirst();
        Reading reading = Oracle.read(edited);
        Sighting seen = reading.things().isEmpty() ? null : reading.things().getFirst();
        double error = Double.POSITIVE_INFINITY;
        if (seen != null) {
            double[] is = centre(seen.mask());
            double[] should = centre(read(task.after()));
            error = Math.hypot(is[0] - should[0], is[1] - should[1]);
        }
        return new DragOutcome(
                error,
                left(task, edited, from, to),
                background(task.before().picture(), edited, from, to),
                seen == null ? 0 : (double) seen.mask().area() / read(task.after()).area(),
                seen != null && seen.thing().colour() == task.after().scene().first().colour(),
                seen == null ? 0 : seen.mask().intersectionOverUnion(read(task.after())));
    }

    /** The mask as it is read from the right answer, so that both have the errors of reading. */
    private static Mask read(Rendering rendering) {
        Reading reading = Oracle.read(rendering.picture());
        return reading.things().isEmpty() ? rendering.masks().getFirst() : reading.things().getFirst().mask();
    }

    private static double[] centre(Mask mask) {
        double x = 0;
        double y = 0;
        int count = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
            if (mask.contains(i % SIDE, i / SIDE)) {
                x += i % SIDE;
                y += i / SIDE;
                count++;
            }
        }
        return new double[] {x / count, y / count};
    }

    private static double left(DragTask task, Picture edited, Mask from, Mask to) {
        Picture before = task.before().picture();
        Picture after = task.after().picture();
        int vacated = 0;
        int left = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
            int x = i % SIDE;
            int y = i / SIDE;
            if (from.contains(x, y) && !to.contains(x, y)) {
                vacated++;
                left += distance(edited.rgb(x, y), before.rgb(x, y)) < distance(edited.rgb(x, y), after.rgb(x, y)) ? 1 : 0;
            }
        }
        return vacated == 0 ? 0 : (double) left / vacated;
    }

    private static double background(Picture before, Picture edited, Mask from, Mask to) {
        double squares = 0;
        int count = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
            int x = i % SIDE;
            int y = i / SIDE;
            if (!near(from, x, y) && !near(to, x, y)) {
                squares += distance(before.rgb(x, y), edited.rgb(x, y)) / 3;
                count++;
            }
        }
        return Math.min(EQUAL, -10 * Math.log10(squares / count / (255 * 255)));
    }

    private static boolean near(Mask mask, int x, int y) {
        for (int dy = -RIM; dy <= RIM; dy += RIM) {
            for (int dx = -RIM; dx <= RIM; dx += RIM) {
                if (mask.contains(Math.clamp(x + dx, 0, SIDE - 1), Math.clamp(y + dy, 0, SIDE - 1))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The squared distance of two colours. */
    private static double distance(int a, int b) {
        double sum = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            double difference = (a >> shift & 0xff) - (b >> shift & 0xff);
            sum += difference * difference;
        }
        return sum;
    }
}
