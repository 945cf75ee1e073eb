package io.heddle.bench.imagic;

import io.heddle.toyworld.Attribute;
import io.heddle.toyworld.Captions;
import io.heddle.toyworld.Pose;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import io.heddle.toyworld.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A held-out scene whose thing should change its pose.
 *
 * @param number the scene's in the evaluation split
 * @param scene what the picture shows
 * @param target the same scene with the other pose
 * @param unsaid what the target prompt leaves out
 */
record PoseChange(long number, Scene scene, Scene target, Set<Attribute> unsaid) {
    /**
     * Left out unless something else is asked for, as in {@code a big blue flying bird}: the background must come from the picture. Without the colour as well,
     * prompts would be of a form that the training has in one caption of 150. Size and texture are always said: a caption without a word for them says that a
     * thing is medium and plain.
     */
    static final Set<Attribute> GROUND = Set.of(Attribute.BACKGROUND);

    /** The first held-out scenes of one thing that knows several poses. */
    static List<PoseChange> heldOut(int count, Set<Attribute> unsaid) {
        List<PoseChange> changes = new ArrayList<>();
        for (long number = 0; changes.size() < count; number++) {
            Scene scene = Split.EVALUATION.scene(number, SceneMix.SINGLES);
            List<Pose> others = new ArrayList<>(scene.first().kind().poses());
            others.remove(scene.first().pose());
            if (!others.isEmpty()) {
                changes.add(new PoseChange(number, scene, scene.withFirst(thing -> thing.with(others.getFirst())), unsaid));
            }
        }
        return changes;
    }

    /** The target prompt. */
    String prompt() {
        return Captions.evaluation(target, unsaid);
    }
}
