package io.heddle.toyworld;

import io.heddle.image.Picture;
import io.heddle.image.Size;
import io.heddle.toyworld.Figure.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * The picture of a scene with its exact masks. Coverage of a pixel is its signed distance to an outline, clamped: edges are smooth without any sampling.
 * Only arithmetic that IEEE 754 fixes and {@link StrictMath} is used, so a scene has the same bits on every machine.
 */
public final class Rendering {
    /** Height and width of pictures in pixels. */
    public static final int SIDE = 128;

    /** Pixels in the unit of scenes. */
    static final int PIXELS_PER_UNIT = 2;

    private static final double SHADE = 0.72;
    private static final double RIM_WIDTH = 0.22;
    private static final double RIM_SHADE = 0.2;
    private static final double LIGHT_FROM_ABOVE = 0.06;

    private final Scene scene;
    private final float[] pixels = new float[SIDE * SIDE * 3];
    private final List<Mask> masks = new ArrayList<>();

    private Rendering(Scene scene) {
        this.scene = scene;
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                put(y * SIDE + x, scene.backdrop().at(units(x), units(y)), 1);
            }
        }
        for (Thing thing : scene.things()) {
            float[] coverage = new float[SIDE * SIDE];
            for (Part part : Figure.of(thing).parts()) {
                draw(thing, part, coverage);
            }
            masks.replaceAll(mask -> mask.behind(coverage));
            masks.add(new Mask(coverage));
        }
    }

    /** Draws a scene, the things one over the other. */
    public static Rendering of(Scene scene) {
        return new Rendering(scene);
    }

    /** What was drawn. */
    public Scene scene() {
        return scene;
    }

    /** A copy of the picture {@code [128, 128, 3]}, red, green and blue in 0..1. */
    public float[] pixels() {
        return pixels.clone();
    }

    /** The picture in 8 bits, rounded to the nearest. */
    public Picture picture() {
        byte[] samples = new byte[pixels.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (int) (pixels[i] * 255f + 0.5f);
        }
        return Picture.of(Size.square(SIDE), samples);
    }

    /** What is seen of each thing, in the scene's order. */
    public List<Mask> masks() {
        return List.copyOf(masks);
    }

    /** The share of a pixel that lies inside an edge at a signed distance in units, the pixel's middle being that far outside. */
    static double coverage(double distance) {
        return Math.clamp(0.5 - distance * PIXELS_PER_UNIT, 0, 1);
    }

    private void draw(Thing thing, Part part, float[] seen) {
        double radius = thing.radius();
        double side = thing.flipped() ? -1 : 1;
        Outline outline = part.outline();
        Outline.Box box = thing.flipped() ? outline.bounds().mirrored() : outline.bounds();
        int firstRow = pixel(thing.y() + radius * box.top());
        int lastRow = pixel(thing.y() + radius * box.bottom());
        int firstColumn = pixel(thing.x() + radius * box.left());
        int lastColumn = pixel(thing.x() + radius * box.right());
        for (int row = firstRow; row <= lastRow; row++) {
            double dy = units(row) - thing.y();
            for (int column = firstColumn; column <= lastColumn; column++) {
                double dx = units(column) - thing.x();
                double distance = outline.distance(side * dx / radius, dy / radius);
                double coverage = coverage(distance * radius);
                if (coverage > 0) {
                    int i = row * SIDE + column;
                    put(i, lit(paint(thing, part.paint(), dx, dy), distance, dy / radius), coverage);
                    seen[i] += (float) (coverage * (1 - seen[i]));
                }
            }
        }
    }

    private static Rgb paint(Thing thing, Paint paint, double dx, double dy) {
        Rgb colour = thing.colour().rgb();
        return switch (paint) {
            case Paint.Body() -> thing.texture().paint(colour, dx, dy);
            case Paint.Shade() -> colour.times(SHADE);
            case Paint.Fixed(Rgb fixed) -> fixed;
        };
    }

    /** Light falls from above, and what curves away at the rim is darker. */
    private static Rgb lit(Rgb colour, double distance, double height) {
        double toRim = Math.clamp(1 + distance / RIM_WIDTH, 0, 1);
        return colour.times((1 - RIM_SHADE * toRim * toRim) * (1 - LIGHT_FROM_ABOVE * height));
    }

    private void put(int pixel, Rgb colour, double coverage) {
        int i = 3 * pixel;
        pixels[i] += (float) (coverage * (colour.red() - pixels[i]));
        pixels[i + 1] += (float) (coverage * (colour.green() - pixels[i + 1]));
        pixels[i + 2] += (float) (coverage * (colour.blue() - pixels[i + 2]));
    }

    private static double units(int pixel) {
        return (pixel + 0.5) / PIXELS_PER_UNIT;
    }

    /** The nearest pixel of the picture to a place that may lie outside; a pixel's width further is never covered. */
    private static int pixel(double units) {
        return Math.clamp((long) Math.floor(units * PIXELS_PER_UNIT), 0, SIDE - 1);
    }
}
