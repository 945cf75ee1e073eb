package io.heddle.toyworld;

import java.util.List;

/**
 * What the oracle reads of a picture.
 *
 * @param background what is behind
 * @param regions how many separate regions of notable size are none of the background
 * @param mask the pixels of all things together
 * @param things what is read of the things: empty where the picture shows nothing but its background
 */
public record Reading(Background background, int regions, Mask mask, List<Sighting> things) {
    /** Keeps a copy of the list. */
    public Reading {
        things = List.copyOf(things);
    }

    /** Whether the picture shows an attribute of a scene's first thing, or of its background. */
    public boolean agrees(Attribute attribute, Scene scene) {
        return attribute == Attribute.BACKGROUND
                ? background == scene.backdrop().background()
                : !things.isEmpty() && things.getFirst().agrees(attribute, scene.first());
    }

    /**
     * Whether the picture shows a scene of two things: both where the relation says, both with their kinds and colours.
     *
     * @throws IllegalStateException if the scene has not two things
     */
    public boolean agreesOnPair(Scene scene) {
        return agreesOnRelation(scene) && agreesOnBoth(Attribute.KIND, scene) && agreesOnBoth(Attribute.COLOUR, scene);
    }

    /** Whether the picture shows two things one to the side of the other as in a scene of two. */
    public boolean agreesOnRelation(Scene scene) {
        return things.size() == 2 && new Scene(scene.backdrop(), List.of(things.get(0).thing(), things.get(1).thing())).relation() == upright(scene);
    }

    /** Whether an attribute of both things is that of the scene's. */
    public boolean agreesOnBoth(Attribute attribute, Scene scene) {
        boolean swapped = scene.relation() != upright(scene);
        Thing first = scene.things().get(swapped ? 1 : 0);
        Thing second = scene.things().get(swapped ? 0 : 1);
        return things.size() == 2 && things.get(0).agrees(attribute, first) && things.get(1).agrees(attribute, second);
    }

    private static Relation upright(Scene scene) {
        Relation relation = scene.relation();
        return relation == Relation.RIGHT_OF || relation == Relation.BELOW ? relation.inverse() : relation;
    }
}
