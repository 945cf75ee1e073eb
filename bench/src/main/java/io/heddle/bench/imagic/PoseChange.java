package io.heddle.bench.imagic;

import io.heddle.toyworld.Attribute;
import io.heddle.toyworld.Captions;
import io.heddle.toyworld.Pose;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import io.heddle.toyworld.Split;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * A held-out scene whose thing should change its pose.
 *
 * @param number the scene's in the evaluation split
 * @param scene what the picture shows
 * @param target the same scene with the other pose
 */
record PoseChange(long number, Scene scene, Scene target) {
    /** The first held-out scenes of one thing that knows several poses. */
    static List<PoseChange> heldOut(int count) {
        List<PoseChange> changes = new ArrayList<>();
        for (long number = 0; changes.size() < count; number++) {
            Scene scene = Split.EVALUATION.scene(number, SceneMix.SINGLES);
            List<Pose> others = new ArrayList<>(scene.first().kind().poses());
            others.remove(scene.first().pose());
            if (!others.isEmpty()) {
                changes.add(new PoseChange(number, scene, scene.withFirst(thing -> thing.with(others.getFirst()))));
            }
        }
        return changes;
    }

    /** The target prompt: kind and pose alone, as in {@code a flying bird}; everything else must come from the picture. */
    String prompt() {
        return Captions.evaluation(
                target, EnumSet.of(Attribute.COLOUR, Attribute.TEXTURE, Attribute.SCALE, Attribute.BACKGROUND));
    }
}
