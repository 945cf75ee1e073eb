package io.heddle.toyworld;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A background and the things before it.
 *
 * @param backdrop what is behind
 * @param things the things, the last one in front; at least one
 */
public record Scene(Backdrop backdrop, List<Thing> things) {
    /** The radius of both things of a pair, in units of 1/64 of the picture. */
    static final double PAIR_RADIUS = 12;

    private static final int LEAST_EXTRA = 2;
    private static final int MOST_EXTRA = 6;

    /** Refuses scenes of nothing. */
    public Scene {
        things = List.copyOf(things);
        if (things.isEmpty()) {
            throw new IllegalArgumentException("a scene needs at least one thing");
        }
    }

    /** A random scene. The same state of the generator gives the same scene on every machine. */
    public static Scene draw(Random random, SceneMix mix) {
        double layout = random.nextDouble();
        Backdrop backdrop = Backdrop.draw(random);
        if (layout < mix.pairs()) {
            return new Scene(backdrop, pair(random));
        }
        List<Thing> things = new ArrayList<>();
        things.add(Thing.draw(random));
        if (layout < mix.pairs() + mix.crowds()) {
            for (int extra = LEAST_EXTRA + random.nextInt(MOST_EXTRA - LEAST_EXTRA + 1); extra > 0; extra--) {
                things.add(Thing.draw(random));
            }
        }
        return new Scene(backdrop, things);
    }

    /** Two things of different kinds and colours, the first left of or above the second. */
    private static List<Thing> pair(Random random) {
        Thing first = Thing.draw(random, Scale.MEDIUM, PAIR_RADIUS);
        Thing second;
        do {
            second = Thing.draw(random, Scale.MEDIUM, PAIR_RADIUS);
        } while (second.kind() == first.kind() || second.colour() == first.colour());
        boolean beside = random.nextBoolean();
        double[] along = {Thing.between(random, 13.5, 17.5), Thing.between(random, 46.5, 50.5)};
        double[] across = {Thing.between(random, 22, 42), Thing.between(random, 22, 42)};
        return List.of(
                beside ? first.at(along[0], across[0]) : first.at(across[0], along[0]),
                beside ? second.at(along[1], across[1]) : second.at(across[1], along[1]));
    }

    /** The first thing: the only one, or the one that a pair's caption names first. */
    public Thing first() {
        return things.getFirst();
    }

    /**
     * Where the first thing of a pair is, seen from the second.
     *
     * @throws IllegalStateException if the scene has not two things
     */
    public Relation relation() {
        if (things.size() != 2) {
            throw new IllegalStateException("only a scene of two things has a relation; this one has " + things.size());
        }
        Thing second = things.get(1);
        return Relation.of(first().x() - second.x(), first().y() - second.y());
    }

    /** This scene before another background. */
    public Scene with(Background background) {
        return new Scene(backdrop.with(background), things);
    }

    /** This scene with another first thing, made of the present one. */
    public Scene withFirst(UnaryOperator<Thing> change) {
        List<Thing> changed = new ArrayList<>(things);
        changed.set(0, change.apply(first()));
        return new Scene(backdrop, changed);
    }
}
