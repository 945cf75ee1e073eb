package io.heddle.cli.demo;

import io.heddle.image.Picture;
import io.heddle.image.Size;
import io.heddle.toyworld.Background;
import io.heddle.toyworld.Colour;
import io.heddle.toyworld.Kind;
import io.heddle.toyworld.Pose;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scale;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import io.heddle.toyworld.Split;
import io.heddle.toyworld.Texture;
import io.heddle.toyworld.Thing;
import java.util.List;

/** The scenes of the toy world that the demo is about. */
final class ShownScenes {
    /** What the first prompt asks for. */
    static final Scene SOURCE = scene(Kind.BALL, Colour.RED, Background.GRASS, Scale.BIG);

    /** The source with a word exchanged. */
    static final Scene SWAPPED = SOURCE.withFirst(thing -> thing.with(Colour.BLUE));

    /** The source with a word added. */
    static final Scene REFINED = SOURCE.withFirst(thing -> thing.with(Texture.STRIPED));

    /** What the real picture shows. */
    static final Scene PHOTO = scene(Kind.CAT, Colour.RED, Background.SAND, Scale.MEDIUM);

    /** The real picture in another colour. */
    static final Scene RECOLOURED = PHOTO.withFirst(thing -> thing.with(Colour.PURPLE));

    /** The real picture with the cat in another pose. */
    static final Scene LYING = PHOTO.withFirst(thing -> thing.with(Pose.LYING));

    private ShownScenes() {}

    /** A picture that is white where a scene's first thing is seen, and black elsewhere. */
    static Picture mask(Scene scene) {
        float[] coverage = Rendering.of(scene).masks().getFirst().coverage();
        byte[] samples = new byte[3 * coverage.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) Math.round(255 * coverage[i / 3]);
        }
        return Picture.of(Size.square(Rendering.SIDE), samples);
    }

    private static Scene scene(Kind kind, Colour colour, Background background, Scale scale) {
        Scene any = Split.EVALUATION.scene(0, SceneMix.SINGLES);
        Thing thing = new Thing(kind, colour, Texture.PLAIN, kind.poses().getFirst(), scale, scale.radius(), false, 24, 36);
        return new Scene(any.backdrop().with(background), List.of(thing));
    }
}
