package io.heddle.toyworld;

import java.util.Random;

/**
 * One thing of a scene. Lengths are in units of 1/64 of the picture, two pixels of a picture of 128.
 *
 * @param kind what it is
 * @param colour its body's colour
 * @param texture what is painted on its body
 * @param pose one of the kind's poses
 * @param scale how large captions say it is
 * @param radius half the side of the square it is drawn in
 * @param flipped whether it looks to the left; only for {@linkplain Kind#sided sided} kinds
 * @param x its centre, from the left edge
 * @param y its centre, from the top edge
 */
public record Thing(
        Kind kind, Colour colour, Texture texture, Pose pose, Scale scale, double radius, boolean flipped, double x, double y) {
    private static final double UNITS = 64;
    private static final double MARGIN = 1;
    private static final double SMALLEST_VARIATION = 0.93;
    private static final double LARGEST_VARIATION = 1.07;
    private static final double PLAIN_SHARE = 0.46;
    private static final double STRIPED_SHARE = 0.27;
    private static final double SMALL_SHARE = 0.25;
    private static final double BIG_SHARE = 0.25;

    /**
     * Checks that the attributes fit together.
     *
     * @throws IllegalArgumentException if the kind does not take the pose, an unsided kind is flipped, or the radius is not positive
     */
    public Thing {
        if (!kind.poses().contains(pose)) {
            throw new IllegalArgumentException("a " + kind.word() + " cannot be " + pose + ": expected one of " + kind.poses());
        }
        if (flipped && !kind.sided()) {
            throw new IllegalArgumentException("a " + kind.word() + " looks the same from both sides and cannot be flipped");
        }
        if (!(radius > 0)) {
            throw new IllegalArgumentException("the radius of a " + kind.word() + " must be positive, but is " + radius);
        }
    }

    /** A thing of random attributes at a random place where it is whole. */
    static Thing draw(Random random) {
        double size = random.nextDouble();
        Scale scale = size < SMALL_SHARE ? Scale.SMALL : size < SMALL_SHARE + BIG_SHARE ? Scale.BIG : Scale.MEDIUM;
        double radius = scale.radius() * (SMALLEST_VARIATION + (LARGEST_VARIATION - SMALLEST_VARIATION) * random.nextDouble());
        Thing thing = draw(random, scale, radius);
        Outline.Box unflipped = Figure.of(thing).bounds();
        Outline.Box box = thing.flipped ? unflipped.mirrored() : unflipped;
        double x = between(random, MARGIN - box.left() * radius, UNITS - MARGIN - box.right() * radius);
        double y = between(random, MARGIN - box.top() * radius, UNITS - MARGIN - box.bottom() * radius);
        return thing.at(x, y);
    }

    /** A thing of random attributes and given size in the middle of the picture. */
    static Thing draw(Random random, Scale scale, double radius) {
        Kind kind = pick(random, Kind.values());
        Colour colour = pick(random, Colour.values());
        double painted = random.nextDouble();
        Texture texture = painted < PLAIN_SHARE ? Texture.PLAIN : painted < PLAIN_SHARE + STRIPED_SHARE ? Texture.STRIPED : Texture.DOTTED;
        Pose pose = kind.poses().get(random.nextInt(kind.poses().size()));
        boolean flipped = random.nextBoolean() && kind.sided();
        return new Thing(kind, colour, texture, pose, scale, radius, flipped, UNITS / 2, UNITS / 2);
    }

    /** This thing as another kind, in that kind's first pose unless it knows this one. */
    public Thing with(Kind kind) {
        Pose kept = kind.poses().contains(pose) ? pose : kind.poses().getFirst();
        return new Thing(kind, colour, texture, kept, scale, radius, flipped && kind.sided(), x, y);
    }

    /** This thing in another colour. */
    public Thing with(Colour colour) {
        return new Thing(kind, colour, texture, pose, scale, radius, flipped, x, y);
    }

    /** This thing with another texture. */
    public Thing with(Texture texture) {
        return new Thing(kind, colour, texture, pose, scale, radius, flipped, x, y);
    }

    /** This thing in another pose. */
    public Thing with(Pose pose) {
        return new Thing(kind, colour, texture, pose, scale, radius, flipped, x, y);
    }

    /** This thing with another size and place: the radius is multiplied, and the scale is the one that is nearest to it. */
    public Thing resized(double factor, double newX, double newY) {
        return new Thing(kind, colour, texture, pose, Scale.nearest(factor * radius), factor * radius, flipped, newX, newY);
    }

    /** This thing at the mean radius of a scale. */
    public Thing with(Scale scale) {
        return new Thing(kind, colour, texture, pose, scale, scale.radius(), flipped, x, y);
    }

    /** This thing with its centre at another place, in units. */
    public Thing at(double x, double y) {
        return new Thing(kind, colour, texture, pose, scale, radius, flipped, x, y);
    }

    /** This thing moved by whole or broken pixels of a picture of 128, y downwards. */
    public Thing movedByPixels(double dx, double dy) {
        return at(x + dx / Rendering.PIXELS_PER_UNIT, y + dy / Rendering.PIXELS_PER_UNIT);
    }

    static double between(Random random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    static <T> T pick(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }
}
