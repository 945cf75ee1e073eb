package io.heddle.toyworld;

import io.heddle.image.Picture;
import io.heddle.image.Size;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Reads from the pixels of a picture of the toy world what it shows, without any training: the background by its palette, the kind, pose and size by the
 * silhouette, colour and texture inside the body of the figure that fits.
 *
 * <p>All constants are here. They were chosen on renderings and round trips of the training split and are frozen: results that were measured with other
 * constants cannot be compared.
 */
public final class Oracle {
    /** Colours nearer than this to a background's are its own; of √3. */
    static final double NEAR_BACKGROUND = 0.1;

    /** Cells farther than this from a background of one colour belong to a thing. */
    static final double FAR_FROM_FLAT = 0.12;

    /** The same where a cell may lie between two colours of the background. */
    static final double FAR_FROM_GRADIENT = 0.13;

    /** The same at night, whose things may be dark. */
    static final double FAR_FROM_NIGHT = 0.1;

    /** Regions smaller than this share of the largest are not things. */
    static final double NOTABLE_SHARE = 0.1;

    /** Regions of fewer cells than this are no things at all. */
    static final int FEWEST_CELLS = 20;

    /** Silhouettes are compared on a grid of as many cells on each side. */
    static final int SILHOUETTE_SIDE = 24;

    /** How far that grid reaches, in root mean square distances of the silhouette's cells from its centroid. */
    static final double SILHOUETTE_REACH = 2.3;

    /** Two things are divided at least so many cells from the picture's edges. */
    static final int NEAREST_DIVISION = 16;

    /** How deep inside the body colours are read, in units of the figure's radius: nearer to the rim it is darker. */
    static final double DEPTH = 0.1;

    /** The energy that makes a colour e times less likely. */
    static final double COLOUR_TEMPERATURE = 0.03;

    /** The energy that makes a texture e times less likely. */
    static final double TEXTURE_TEMPERATURE = 0.05;

    /** The mean shares of dark and light that textures have inside a body. */
    static final Map<Texture, Coat.Shares> SHARES = Map.of(
            Texture.PLAIN, new Coat.Shares(0.045, 0.005),
            Texture.STRIPED, new Coat.Shares(0.51, 0.005),
            Texture.DOTTED, new Coat.Shares(0.03, 0.31));

    private static final int GRID = Segmentation.GRID;

    private Oracle() {}

    /**
     * Reads a picture of one thing.
     *
     * @throws IllegalArgumentException if the picture is not 128x128
     */
    public static Reading read(Picture picture) {
        float[] pixels = pixels(picture);
        Segmentation segmentation = Segmentation.of(pixels);
        List<boolean[]> regions = notable(segmentation.things());
        List<Sighting> things = regions.isEmpty() ? List.of() : List.of(sighting(pixels, regions.getFirst()));
        return new Reading(segmentation.background(), regions.size(), mask(union(regions)), things);
    }

    /**
     * Reads a picture of two things, the left or upper one first: they are where the widest empty row or column near the middle divides what is none of the
     * background. Without such a row or column, there is at most one thing.
     *
     * @throws IllegalArgumentException if the picture is not 128x128
     */
    public static Reading readPair(Picture picture) {
        float[] pixels = pixels(picture);
        Segmentation segmentation = Segmentation.of(pixels);
        List<boolean[]> regions = notable(segmentation.things());
        boolean[] mask = union(regions);
        List<Sighting> things = Division.of(mask).stream()
                .map(Oracle::notable)
                .filter(part -> !part.isEmpty())
                .map(part -> sighting(pixels, part.getFirst()))
                .toList();
        return new Reading(segmentation.background(), regions.size(), mask(mask), things);
    }

    private static Sighting sighting(float[] pixels, boolean[] region) {
        Silhouette silhouette = new Silhouette(region);
        Template template = Template.nearest(silhouette);
        Thing figure = template.at(silhouette);
        Coat coat = Coat.of(pixels, figure);
        Map<Colour, Double> colours = probabilities(coat.colours(), COLOUR_TEMPERATURE);
        Colour colour = likeliest(colours);
        Map<Texture, Double> textures = probabilities(coat.textures(colour), TEXTURE_TEMPERATURE);
        Thing thing = figure.with(colour).with(likeliest(textures));
        return new Sighting(thing, silhouette.likeness(template.silhouette()), colours, textures, mask(region));
    }

    private static List<boolean[]> notable(boolean[] mask) {
        List<boolean[]> regions = Segmentation.regions(mask);
        int largest = regions.isEmpty() ? 0 : Segmentation.count(regions.getFirst());
        return regions.stream()
                .filter(region -> Segmentation.count(region) >= Math.max(FEWEST_CELLS, NOTABLE_SHARE * largest))
                .toList();
    }

    private static boolean[] union(List<boolean[]> regions) {
        boolean[] union = new boolean[GRID * GRID];
        for (boolean[] region : regions) {
            for (int i = 0; i < union.length; i++) {
                union[i] |= region[i];
            }
        }
        return union;
    }

    private static <K extends Enum<K>> Map<K, Double> probabilities(Map<K, Double> energies, double temperature) {
        double least = energies.values().stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        Map<K, Double> probabilities = new EnumMap<>(energies);
        probabilities.replaceAll((key, energy) -> Math.exp((least - energy) / temperature));
        double sum = probabilities.values().stream().mapToDouble(Double::doubleValue).sum();
        probabilities.replaceAll((key, weight) -> weight / sum);
        return probabilities;
    }

    private static <K> K likeliest(Map<K, Double> probabilities) {
        return probabilities.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    }

    private static Mask mask(boolean[] cells) {
        float[] coverage = new float[Rendering.SIDE * Rendering.SIDE];
        for (int i = 0; i < coverage.length; i++) {
            int x = i % Rendering.SIDE / Rendering.PIXELS_PER_UNIT;
            int y = i / Rendering.SIDE / Rendering.PIXELS_PER_UNIT;
            coverage[i] = cells[y * GRID + x] ? 1 : 0;
        }
        return new Mask(coverage);
    }

    private static float[] pixels(Picture picture) {
        if (!picture.size().equals(Size.square(Rendering.SIDE))) {
            throw new IllegalArgumentException("the oracle reads pictures of 128x128, but this one is " + picture.size() + ": resize it first");
        }
        byte[] samples = picture.samples();
        float[] pixels = new float[samples.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (samples[i] & 0xff) / 255f;
        }
        return pixels;
    }
}
