package io.heddle.toyworld;

import static io.heddle.toyworld.Outline.box;
import static io.heddle.toyworld.Outline.circle;
import static io.heddle.toyworld.Outline.ellipse;
import static io.heddle.toyworld.Outline.polygon;
import static io.heddle.toyworld.Outline.stroke;
import static io.heddle.toyworld.Outline.union;

import java.util.Arrays;
import java.util.List;

/**
 * The parts of a kind in a pose, the last one in front, in the square from -1 to 1, y downwards, looking to the right.
 *
 * @param parts what is drawn
 * @param bounds the rectangle around all parts
 */
record Figure(List<Part> parts, Outline.Box bounds) {
    /** One outline and its paint. */
    record Part(Outline outline, Paint paint) {}

    private static final Figure BALL = of(part(Paint.BODY, circle(0, 0, 0.95)));
    private static final Figure BOX = of(part(Paint.BODY, box(-0.85, -0.85, 0.85, 0.85, 0.1)));
    private static final Figure STAR = of(part(Paint.BODY, polygon(0.06, star(0.92, 0.42))));
    private static final Figure HEART = of(part(Paint.BODY, union(
            circle(-0.41, -0.26, 0.55), circle(0.41, -0.26, 0.55), polygon(0.04, -0.76, 0.1, 0, -0.62, 0.76, 0.1, 0, 0.88))));
    private static final Figure TREE = of(
            part(Paint.WOOD, box(-0.15, 0.5, 0.15, 0.98, 0.03)),
            part(Paint.BODY, union(
                    polygon(0.07, 0, -0.9, 0.36, -0.38, -0.36, -0.38),
                    polygon(0.07, 0, -0.62, 0.55, 0.08, -0.55, 0.08),
                    polygon(0.07, 0, -0.25, 0.73, 0.56, -0.73, 0.56))));
    private static final Figure HOUSE = of(
            part(Paint.SHADE, box(0.36, -0.86, 0.62, -0.3, 0.02)),
            part(Paint.BODY, box(-0.7, -0.2, 0.7, 0.9, 0.03)),
            part(Paint.SHADE, polygon(0.06, 0, -0.86, 0.88, -0.14, -0.88, -0.14)),
            part(Paint.CREAM, union(box(-0.18, 0.4, 0.18, 0.9, 0.01), circle(0, 0.42, 0.18))));
    private static final Figure FISH = of(
            part(Paint.SHADE, polygon(0.05, -0.2, -0.36, 0.02, -0.68, 0.5, -0.38)),
            part(Paint.BODY, union(ellipse(0.2, 0, 0.76, 0.5), polygon(0.06, -0.4, 0, -0.9, -0.44, -0.74, 0, -0.9, 0.44))),
            part(Paint.LIGHT, circle(0.58, -0.13, 0.14)),
            part(Paint.DARK, circle(0.61, -0.13, 0.085)));
    private static final Figure BIRD_SITTING = of(
            part(Paint.BEAK, stroke(0.045, -0.06, 0.55, -0.06, 0.93, 0.06, 0.93)),
            part(Paint.BEAK, stroke(0.045, 0.2, 0.55, 0.2, 0.93, 0.32, 0.93)),
            part(Paint.SHADE, polygon(0.05, -0.4, 0.1, -0.93, 0.5, -0.8, 0.66, -0.3, 0.5)),
            part(Paint.BEAK, polygon(0.03, 0.6, -0.58, 0.94, -0.4, 0.6, -0.26)),
            part(Paint.BODY, union(ellipse(0, 0.16, 0.6, 0.48, 30), circle(0.34, -0.44, 0.38))),
            part(Paint.SHADE, ellipse(-0.16, 0.14, 0.36, 0.22, 30)),
            part(Paint.DARK, circle(0.46, -0.5, 0.085)));
    private static final Figure BIRD_FLYING = of(
            part(Paint.SHADE, polygon(0.07, 0.1, 0.2, 0.24, -0.66, 0.44, 0.2)),
            part(Paint.SHADE, polygon(0.05, -0.4, 0.3, -0.92, 0.1, -0.86, 0.42)),
            part(Paint.BEAK, polygon(0.03, 0.76, 0.02, 0.97, 0.16, 0.76, 0.28)),
            part(Paint.BODY, union(
                    ellipse(0.02, 0.32, 0.66, 0.3), circle(0.58, 0.14, 0.28), polygon(0.08, -0.28, 0.2, -0.42, -0.82, 0.22, 0.2))),
            part(Paint.DARK, circle(0.66, 0.08, 0.08)));
    private static final Figure CAT_SITTING = of(
            part(Paint.SHADE, stroke(0.1, 0.3, 0.82, 0.74, 0.76, 0.86, 0.42, 0.74, 0.1)),
            part(Paint.BODY, union(
                    ellipse(0, 0.46, 0.48, 0.5), ellipse(0, -0.28, 0.5, 0.42),
                    polygon(0.04, -0.44, -0.4, -0.4, -0.9, -0.08, -0.56), polygon(0.04, 0.44, -0.4, 0.4, -0.9, 0.08, -0.56))),
            part(Paint.DARK, circle(-0.19, -0.3, 0.085)),
            part(Paint.DARK, circle(0.19, -0.3, 0.085)),
            part(Paint.NOSE, ellipse(0, -0.13, 0.075, 0.055)));
    private static final Figure CAT_LYING = of(
            part(Paint.SHADE, stroke(0.1, -0.66, 0.5, -0.88, 0.26, -0.86, -0.1, -0.7, -0.3)),
            part(Paint.BODY, union(
                    ellipse(-0.08, 0.44, 0.84, 0.36), ellipse(0.5, 0.02, 0.44, 0.38),
                    polygon(0.04, 0.12, -0.08, 0.14, -0.54, 0.44, -0.24), polygon(0.04, 0.88, -0.08, 0.86, -0.54, 0.56, -0.24))),
            part(Paint.DARK, circle(0.33, 0, 0.08)),
            part(Paint.DARK, circle(0.67, 0, 0.08)),
            part(Paint.NOSE, ellipse(0.5, 0.15, 0.07, 0.05)));
    private static final Figure FLOWER_OPEN = of(
            part(Paint.LEAF, union(
                    stroke(0.065, 0, 0, 0, 0.92), ellipse(0.26, 0.62, 0.26, 0.11, -35), ellipse(-0.26, 0.72, 0.26, 0.11, 35))),
            part(Paint.BODY, petals(0, -0.34, 0.38, 0.27, 6)),
            part(Paint.CREAM, circle(0, -0.34, 0.2)));
    private static final Figure FLOWER_CLOSED = of(
            part(Paint.LEAF, union(
                    stroke(0.065, 0, 0, 0, 0.92), ellipse(0.22, 0.5, 0.3, 0.1, -60), ellipse(-0.22, 0.56, 0.3, 0.1, 60))),
            part(Paint.BODY, union(
                    ellipse(0, -0.34, 0.4, 0.36), polygon(0.04, -0.36, -0.34, -0.34, -0.88, 0, -0.42),
                    polygon(0.04, 0.36, -0.34, 0.34, -0.88, 0, -0.42), polygon(0.04, -0.24, -0.4, 0, -0.92, 0.24, -0.4))));

    /** The figure of a thing, unflipped. */
    static Figure of(Thing thing) {
        return of(thing.kind(), thing.pose());
    }

    /** The figure of a kind in one of its poses. */
    static Figure of(Kind kind, Pose pose) {
        return switch (kind) {
            case BALL -> BALL;
            case BOX -> BOX;
            case STAR -> STAR;
            case HEART -> HEART;
            case TREE -> TREE;
            case HOUSE -> HOUSE;
            case FISH -> FISH;
            case BIRD -> pose == Pose.FLYING ? BIRD_FLYING : BIRD_SITTING;
            case CAT -> pose == Pose.LYING ? CAT_LYING : CAT_SITTING;
            case FLOWER -> pose == Pose.CLOSED ? FLOWER_CLOSED : FLOWER_OPEN;
        };
    }

    private static Figure of(Part... parts) {
        Outline.Box bounds = Arrays.stream(parts).map(part -> part.outline().bounds()).reduce(Outline.Box::union).orElseThrow();
        return new Figure(List.of(parts), bounds);
    }

    private static Part part(Paint paint, Outline outline) {
        return new Part(outline, paint);
    }

    private static double[] star(double outer, double inner) {
        double[] points = new double[20];
        for (int i = 0; i < 10; i++) {
            double angle = StrictMath.PI * (i / 5.0 - 0.5);
            double radius = i % 2 == 0 ? outer : inner;
            points[2 * i] = radius * StrictMath.cos(angle);
            points[2 * i + 1] = radius * StrictMath.sin(angle) + 0.08;
        }
        return points;
    }

    private static Outline petals(double cx, double cy, double distance, double radius, int count) {
        Outline[] petals = new Outline[count];
        for (int i = 0; i < count; i++) {
            double angle = 2 * StrictMath.PI * i / count - StrictMath.PI / 2;
            petals[i] = circle(cx + distance * StrictMath.cos(angle), cy + distance * StrictMath.sin(angle), radius);
        }
        return union(petals);
    }
}
