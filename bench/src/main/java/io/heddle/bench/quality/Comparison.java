package io.heddle.bench.quality;

import io.heddle.image.Fidelity;
import io.heddle.image.Picture;
import io.heddle.toyworld.Mask;
import io.heddle.toyworld.Oracle;
import io.heddle.toyworld.Reading;
import java.util.OptionalDouble;

/** A picture and what an edit made of it, both read by the oracle. */
record Comparison(Picture before, Picture after, Reading read, Reading edited) {
    /** The decibels of regions without any difference in 8 bits: more than rounding alone leaves. */
    private static final double EQUAL = 60;

    static Comparison of(Picture before, Picture after) {
        return new Comparison(before, after, Oracle.read(before), Oracle.read(after));
    }

    /** How much of both things' pixels is in both. */
    double maskOverlap() {
        return read.mask().intersectionOverUnion(edited.mask());
    }

    /** The likeness in decibels, at most 60, where neither picture shows a thing; empty if that is nowhere. */
    OptionalDouble outside() {
        return likeness(false);
    }

    /** The likeness in decibels, at most 60, where both pictures show a thing; empty if that is nowhere. */
    OptionalDouble inside() {
        return likeness(true);
    }

    /** The likeness of whole pictures in decibels, at most 60. */
    static double likeness(Picture a, Picture b) {
        return Math.min(EQUAL, Fidelity.between(a, b).psnr());
    }

    private OptionalDouble likeness(boolean inside) {
        Mask first = read.mask();
        Mask second = edited.mask();
        byte[] a = before.samples();
        byte[] b = after.samples();
        double squares = 0;
        int count = 0;
        for (int i = 0; i < a.length; i++) {
            int x = i / 3 % before.width();
            int y = i / 3 / before.width();
            if (first.contains(x, y) == inside && second.contains(x, y) == inside) {
                double difference = ((a[i] & 0xff) - (b[i] & 0xff)) / 255.0;
                squares += difference * difference;
                count++;
            }
        }
        return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.min(EQUAL, -10 * Math.log10(squares / count)));
    }
}
