package io.heddle.bench.quality;

import io.heddle.editing.dragon.Appearance;
import io.heddle.editing.dragon.Edit;
import io.heddle.editing.dragon.Mask;
import io.heddle.editing.dragon.Move;
import io.heddle.editing.dragon.Point;
import io.heddle.spi.Extent;
import io.heddle.toyworld.Attribute;
import io.heddle.toyworld.Captions;
import io.heddle.toyworld.Colour;
import io.heddle.toyworld.Mask.Box;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import io.heddle.toyworld.Thing;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * An edit of a scene, and the scene that it should end in.
 *
 * @param kind which rows it belongs to
 * @param before the scene
 * @param after what the edited picture should show
 * @param second the scene of the second picture, if the edit takes one
 * @param edit what is done
 * @param prompt what is said about the edited picture
 */
record DragTask(Kind kind, Rendering before, Rendering after, Optional<Rendering> second, Edit edit, String prompt) {
    private static final Extent PICTURE = new Extent(Rendering.SIDE, Rendering.SIDE);
    private static final double SHORTEST = 20;
    private static final double LONGEST = 56;
    private static final double SMALLER = 0.7;
    private static final double LARGER = 1.4;
    private static final int MARGIN = 1;
    private static final int ATTEMPTS = 100;

    /** The kinds of edits. */
    enum Kind {
        MOVE,
        RESIZE,
        APPEARANCE;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The task of a kind in a scene. */
    static DragTask of(Kind kind, Scene scene, Random random) {
        Rendering before = Rendering.of(scene);
        return switch (kind) {
            case MOVE -> move(before, random);
            case RESIZE -> resize(before, random.nextBoolean() ? LARGER : SMALLER);
            case APPEARANCE -> appearance(before, random);
        };
    }

    /** Anywhere that is not too near, as far as the thing's own size leaves room. */
    private static DragTask move(Rendering before, Random random) {
        Box box = before.masks().getFirst().box();
        Point way = new Point(0, 0);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            way = new Point(
                    between(random, MARGIN - box.left(), Rendering.SIDE - MARGIN - box.right()),
                    between(random, MARGIN - box.top(), Rendering.SIDE - MARGIN - box.bottom()));
            double length = Math.hypot(way.x(), way.y());
            if (SHORTEST <= length && length <= LONGEST) {
                break;
            }
        }
        Point drawn = way;
        Rendering after = Rendering.of(before.scene().withFirst(thing -> thing.movedByPixels(drawn.x(), drawn.y())));
        return new DragTask(Kind.MOVE, before, after, Optional.empty(), new Move(mask(before), drawn, 1), Captions.evaluation(before.scene()));
    }

    private static DragTask resize(Rendering before, double scale) {
        Mask mask = mask(before);
        Thing thing = before.scene().first();
        Point centre = mask.centre().times(0.5, 0.5); // in units of two pixels
        double x = centre.x() + scale * (thing.x() - centre.x());
        double y = centre.y() + scale * (thing.y() - centre.y());
        Rendering after = Rendering.of(before.scene().withFirst(_ -> thing.resized(scale, x, y)));
        // a caption without a word for the size means a medium one, so the new size has to be said
        String prompt = Captions.evaluation(after.scene());
        return new DragTask(Kind.RESIZE, before, after, Optional.empty(), new Move(mask, new Point(0, 0), scale), prompt);
    }

    private static DragTask appearance(Rendering before, Random random) {
        Thing own = before.scene().first();
        List<Colour> others = Arrays.stream(Colour.values()).filter(colour -> colour != own.colour()).toList();
        Colour colour = others.get(random.nextInt(others.size()));
        Rendering second = Rendering.of(Scene.draw(random, SceneMix.SINGLES).withFirst(thing -> thing.with(colour)));
        Rendering after = Rendering.of(before.scene().withFirst(thing -> thing.with(colour)));
        String prompt = Captions.evaluation(before.scene(), Set.of(Attribute.COLOUR, Attribute.TEXTURE));
        return new DragTask(Kind.APPEARANCE, before, after, Optional.of(second), new Appearance(mask(before), mask(second)), prompt);
    }

    /** The thing's pixels. */
    Mask object() {
        return mask(before);
    }

    /** What the second picture shows in words. */
    String secondPrompt() {
        return Captions.evaluation(second.orElseThrow().scene(), Set.of(Attribute.COLOUR, Attribute.TEXTURE));
    }

    private static int between(Random random, int low, int high) {
        return low + random.nextInt(Math.max(1, high - low + 1));
    }

    private static Mask mask(Rendering rendering) {
        boolean[] pixels = rendering.masks().getFirst().pixels();
        return Mask.of(PICTURE, cell -> pixels[cell]);
    }
}
