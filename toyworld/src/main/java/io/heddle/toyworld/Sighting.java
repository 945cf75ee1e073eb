package io.heddle.toyworld;

import java.util.Map;

/**
 * What the oracle reads of one thing.
 *
 * @param thing the most likely attributes, and where it is
 * @param likeness how much of the silhouette fits the kind and pose, 0..1
 * @param colours the probability of every colour
 * @param textures the probability of every texture
 * @param mask the pixels that the thing fills
 */
public record Sighting(Thing thing, double likeness, Map<Colour, Double> colours, Map<Texture, Double> textures, Mask mask) {
    /** Keeps copies of the maps. */
    public Sighting {
        colours = Map.copyOf(colours);
        textures = Map.copyOf(textures);
    }

    /** Whether an attribute of the thing is the same as another thing's; the background is none of a thing's. */
    boolean agrees(Attribute attribute, Thing other) {
        return switch (attribute) {
            case KIND -> thing.kind() == other.kind();
            case COLOUR -> thing.colour() == other.colour();
            case TEXTURE -> thing.texture() == other.texture();
            case POSE -> thing.pose() == other.pose();
            case SCALE -> thing.scale() == other.scale();
            case BACKGROUND -> throw new IllegalArgumentException("a thing has no background: ask the reading of the whole picture");
        };
    }
}
