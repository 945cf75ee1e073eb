package io.heddle.bench.quality;

import io.heddle.editing.p2p.EditKind;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.LocalBlend;
import io.heddle.editing.p2p.StepWindow;
import io.heddle.toyworld.Attribute;
import io.heddle.toyworld.Background;
import io.heddle.toyworld.Captions;
import io.heddle.toyworld.Colour;
import io.heddle.toyworld.Kind;
import io.heddle.toyworld.Pose;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.Texture;
import io.heddle.toyworld.Thing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * An edit of a prompt and how it is judged.
 *
 * @param row its row in the table
 * @param attribute what it changes
 * @param sourcePrompt what is edited
 * @param targetPrompt what the edit asks for
 * @param target what the edited picture should show
 * @param settings of Prompt-to-Prompt
 * @param blend the same with a blend, for edits that have a place
 */
record EditCase(
        String row,
        Attribute attribute,
        String sourcePrompt,
        String targetPrompt,
        Scene target,
        EditSettings settings,
        Optional<EditSettings> blend) {
    /** What an edit of one of them should keep of the others. */
    static final List<Attribute> FOUR = List.of(Attribute.KIND, Attribute.COLOUR, Attribute.TEXTURE, Attribute.BACKGROUND);

    /** Shape and place stay: the windows of the published code for real pictures. */
    private static final EditSettings SHAPE_STAYS = EditSettings.DEFAULTS;

    private static final EditSettings WORDS_CHANGE = SHAPE_STAYS.withKind(EditKind.REPLACE);

    private static final EditSettings WORDS_COME = SHAPE_STAYS.withKind(EditKind.REFINE);

    /** Where the horizon lies is decided in the first calls, and grass does not lie where the sky's word looked: only the words that stay are held. */
    private static final EditSettings GROUND_CHANGES =
            WORDS_COME.withCrossReplace(StepWindow.until(0.15)).withSelfReplace(StepWindow.until(0.1));

    /** A kind or a pose changes the outline, which self-attention and all but the first maps hold. */
    private static final EditSettings OUTLINE_CHANGES =
            WORDS_CHANGE.withCrossReplace(StepWindow.until(0.1)).withSelfReplace(StepWindow.NEVER);

    private static final Set<Attribute> POSE_UNSAID = Set.of(Attribute.POSE);

    /** Settings that reach as far as those of any case. */
    static EditSettings widest() {
        return SHAPE_STAYS;
    }

    /** The edits of a scene of one thing. Where the scene has not what an edit needs, the nearest one that has is edited. */
    static List<EditCase> of(Scene scene, Random random) {
        Scene textured = scene.first().texture() == Texture.PLAIN
                ? scene.withFirst(thing -> thing.with(random.nextBoolean() ? Texture.STRIPED : Texture.DOTTED))
                : scene;
        Scene plain = scene.withFirst(thing -> thing.with(Texture.PLAIN));
        Kind other = pickOther(random, scene.first().kind(), Kind.values());
        Colour colour = pickOther(random, scene.first().colour(), Colour.values());
        Background background = pickOther(random, scene.backdrop().background(), Background.values());
        Texture texture = textured.first().texture() == Texture.STRIPED ? Texture.DOTTED : Texture.STRIPED;
        Texture added = random.nextBoolean() ? Texture.STRIPED : Texture.DOTTED;
        List<Kind> posing = Arrays.stream(Kind.values()).filter(kind -> kind.poses().size() > 1).toList();
        Scene posed = posing.contains(scene.first().kind()) ? scene : scene.withFirst(thing -> thing.with(posing.get(random.nextInt(posing.size()))));

        List<EditCase> cases = new ArrayList<>();
        cases.add(swap("colour", Attribute.COLOUR, scene, scene.withFirst(thing -> thing.with(colour)), WORDS_CHANGE, true));
        cases.add(swap("kind", Attribute.KIND, scene, scene.withFirst(thing -> thing.with(other)), OUTLINE_CHANGES, false));
        cases.add(swap("background", Attribute.BACKGROUND, scene, scene.with(background), GROUND_CHANGES, false));
        cases.add(swap("texture", Attribute.TEXTURE, textured, textured.withFirst(thing -> thing.with(texture)), WORDS_CHANGE, true));
        cases.add(addition("texture added", Attribute.TEXTURE, plain, plain.withFirst(thing -> thing.with(added))));
        cases.add(addition("colour added", Attribute.COLOUR, scene, scene));
        cases.add(pose(posed, posed.withFirst(EditCase::inOtherPose)));
        return cases;
    }

    private static EditCase swap(String row, Attribute attribute, Scene source, Scene target, EditSettings settings, boolean local) {
        return new EditCase(
                row,
                attribute,
                Captions.evaluation(source, POSE_UNSAID),
                Captions.evaluation(target, POSE_UNSAID),
                target,
                settings,
                local ? Optional.of(blended(settings, source, target)) : Optional.empty());
    }

    private static EditCase addition(String row, Attribute attribute, Scene source, Scene target) {
        return new EditCase(
                row,
                attribute,
                Captions.evaluation(source, Set.of(Attribute.POSE, attribute)),
                Captions.evaluation(target, POSE_UNSAID),
                target,
                WORDS_COME,
                attribute == Attribute.TEXTURE ? Optional.of(blended(WORDS_COME, source, target)) : Optional.empty());
    }

    private static EditCase pose(Scene source, Scene target) {
        return new EditCase(
                "pose",
                Attribute.POSE,
                Captions.evaluation(source),
                Captions.evaluation(target),
                target,
                OUTLINE_CHANGES,
                Optional.empty());
    }

    /** Only the thing may change: where its noun or its colour is attended to. */
    private static EditSettings blended(EditSettings settings, Scene source, Scene target) {
        return settings.withBlend(LocalBlend.of(List.of(words(source.first()), words(target.first()))));
    }

    private static List<String> words(Thing thing) {
        return List.of(thing.colour().word(), thing.kind().word());
    }

    private static Thing inOtherPose(Thing thing) {
        List<Pose> poses = thing.kind().poses();
        return thing.with(poses.get(1 - poses.indexOf(thing.pose())));
    }

    private static <T> T pickOther(Random random, T present, T[] values) {
        List<T> others = Arrays.stream(values).filter(value -> value != present).toList();
        return others.get(random.nextInt(others.size()));
    }
}
