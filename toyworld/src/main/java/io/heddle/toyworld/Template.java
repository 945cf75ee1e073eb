package io.heddle.toyworld;

import java.util.ArrayList;
import java.util.List;

/**
 * What the oracle sees of a thing that it knows.
 *
 * @param thing what was drawn
 * @param silhouette what is seen
 */
record Template(Thing thing, Silhouette silhouette) {
    private static final List<Template> ALL = all();

    /** The template that a silhouette is most like. */
    static Template nearest(Silhouette silhouette) {
        Template best = ALL.getFirst();
        double likeness = 0;
        for (Template template : ALL) {
            double candidate = silhouette.likeness(template.silhouette);
            if (candidate > likeness) {
                best = template;
                likeness = candidate;
            }
        }
        return best;
    }

    /** The template's thing, moved and resized to where a silhouette is. */
    Thing at(Silhouette seen) {
        double size = seen.spread() / silhouette.spread();
        double x = seen.x() - size * (silhouette.x() - thing.x());
        double y = seen.y() - size * (silhouette.y() - thing.y());
        double radius = size * thing.radius();
        return new Thing(thing.kind(), thing.colour(), thing.texture(), thing.pose(), Scale.nearest(radius), radius, thing.flipped(), x, y);
    }

    /** Every kind in every pose and size, from both sides, before gray and before white, where light parts are not seen. */
    private static List<Template> all() {
        List<Template> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (Pose pose : kind.poses()) {
                for (Scale scale : Scale.values()) {
                    for (Background background : List.of(Background.GRAY, Background.WHITE)) {
                        for (int sides = kind.sided() ? 2 : 1; sides > 0; sides--) {
                            boolean flipped = sides == 2;
                            all.add(of(new Thing(kind, Colour.RED, Texture.PLAIN, pose, scale, scale.radius(), flipped, 32, 32), background));
                        }
                    }
                }
            }
        }
        return List.copyOf(all);
    }

    private static Template of(Thing thing, Background background) {
        Scene scene = new Scene(new Backdrop(background, 0, 0, 0), List.of(thing));
        return new Template(thing, new Silhouette(Segmentation.of(Rendering.of(scene).pixels()).things()));
    }
}
