package io.heddle.toyworld;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What scenes of one or two things are called:
 * <pre>
 * THING   := (a | an) [small | big] [colour] [striped | dotted | plain] [sitting | flying | lying | open | closed] kind
 * GROUND  := on a white background | on white | on a gray background | on gray | in the sky | on the grass | on the sand | at night
 * CAPTION := [a picture of | there is] THING [GROUND]
 *          | THING (left of | right of | above | below) THING [GROUND]
 *          | THING and THING [GROUND]
 * </pre>
 */
public final class Captions {
    private static final double COLOUR_DROPPED = 0.08;
    private static final double POSE_DROPPED = 0.15;
    private static final double GROUND_DROPPED = 0.08;
    private static final double PLAIN_SAID = 0.12;
    private static final double PICTURE_OF = 0.15;
    private static final double THERE_IS = 0.10;
    private static final double AND = 0.15;
    /** Less than half, so that the order of the words says something of the places before the relation's word is understood. */
    private static final float INVERTED = 0.2f;

    private Captions() {}

    /**
     * The caption that measurements use: everything said in the first phrase there is, no prefix, {@code left of} and {@code above} before {@code right of}
     * and {@code below}. A scene with one attribute changed has the caption with one word changed: that is how prompts of edits are made.
     *
     * @throws IllegalArgumentException if the scene has more than two things
     */
    public static String evaluation(Scene scene) {
        return evaluation(scene, Set.of());
    }

    /**
     * As {@link #evaluation(Scene)}, with some attributes left unsaid.
     *
     * @throws IllegalArgumentException if the scene has more than two things, or the kind is among what is to be left unsaid
     */
    public static String evaluation(Scene scene, Set<Attribute> unsaid) {
        if (unsaid.contains(Attribute.KIND)) {
            throw new IllegalArgumentException("a caption must say the kinds of its things: leave out other attributes than KIND");
        }
        String ground = unsaid.contains(Attribute.BACKGROUND) ? "" : scene.backdrop().background().phrases().getFirst();
        List<Thing> things = captioned(scene);
        if (things.size() == 1) {
            return joined(thing(things.getFirst(), unsaid), ground);
        }
        Relation relation = scene.relation();
        boolean swapped = relation == Relation.RIGHT_OF || relation == Relation.BELOW;
        return related(things, swapped, swapped ? relation.inverse() : relation, unsaid, ground);
    }

    /**
     * The evaluation caption of a pair told the other way round: {@code right of} for {@code left of} and {@code below} for {@code above}, the things
     * exchanged. It describes the same picture, so what follows it has understood the relation's word and not only the order of the things.
     *
     * @throws IllegalArgumentException if the scene has not two things
     */
    public static String inverted(Scene pair) {
        if (pair.things().size() != 2) {
            throw new IllegalArgumentException("only two things can be told the other way round, but the scene has " + pair.things().size());
        }
        Relation relation = pair.relation();
        boolean swapped = relation == Relation.LEFT_OF || relation == Relation.ABOVE;
        return related(pair.things(), swapped, swapped ? relation.inverse() : relation, Set.of(), pair.backdrop().background().phrases().getFirst());
    }

    private static String related(List<Thing> things, boolean swapped, Relation relation, Set<Attribute> unsaid, String ground) {
        return joined(thing(things.get(swapped ? 1 : 0), unsaid), relation.phrase(), thing(things.get(swapped ? 0 : 1), unsaid), ground);
    }

    /**
     * A random caption of those that fit, with words dropped at the rates of training.
     *
     * @throws IllegalArgumentException if the scene has more than two things
     */
    public static String training(Scene scene, Random random) {
        return training(scene, random, INVERTED);
    }

    /**
     * The same with another share of captions that begin with the right or the lower thing.
     *
     * @param inverted 0..1
     */
    static String training(Scene scene, Random random, float inverted) {
        List<Thing> things = captioned(scene);
        List<String> phrases = scene.backdrop().background().phrases();
        String phrase = phrases.get(random.nextInt(phrases.size()));
        String ground = random.nextDouble() < GROUND_DROPPED ? "" : phrase;
        if (things.size() == 1) {
            double prefixed = random.nextDouble();
            String prefix = prefixed < PICTURE_OF ? "a picture of" : prefixed < PICTURE_OF + THERE_IS ? "there is" : "";
            return joined(prefix, thing(things.getFirst(), random), ground);
        }
        boolean swapped = random.nextFloat() >= 1 - inverted;
        Relation relation = swapped ? scene.relation().inverse() : scene.relation();
        String between = random.nextDouble() < AND ? "and" : relation.phrase();
        return joined(thing(things.get(swapped ? 1 : 0), random), between, thing(things.get(swapped ? 0 : 1), random), ground);
    }

    /** All words that captions are made of, in alphabetical order. */
    public static SortedSet<String> words() {
        Stream<String> phrases = Stream.of(
                Stream.of("a", "an", "a picture of", "there is", "and"),
                Stream.of(Scale.values()).map(Scale::word),
                Stream.of(Colour.values()).map(Colour::word),
                Stream.of(Texture.values()).map(Texture::word),
                Stream.of(Pose.values()).map(Pose::word),
                Stream.of(Kind.values()).map(Kind::word),
                Stream.of(Relation.values()).map(Relation::phrase),
                Stream.of(Background.values()).flatMap(background -> background.phrases().stream())).flatMap(words -> words);
        TreeSet<String> words = new TreeSet<>();
        phrases.filter(phrase -> !phrase.isEmpty()).forEach(phrase -> Collections.addAll(words, phrase.split(" ")));
        return words;
    }

    private static List<Thing> captioned(Scene scene) {
        if (scene.things().size() > 2) {
            throw new IllegalArgumentException("captions describe one or two things, but the scene has " + scene.things().size());
        }
        return scene.things();
    }

    private static String thing(Thing thing, Set<Attribute> unsaid) {
        return withArticle(
                unsaid.contains(Attribute.SCALE) ? "" : thing.scale().word(),
                unsaid.contains(Attribute.COLOUR) ? "" : thing.colour().word(),
                unsaid.contains(Attribute.TEXTURE) || thing.texture() == Texture.PLAIN ? "" : thing.texture().word(),
                unsaid.contains(Attribute.POSE) ? "" : thing.pose().word(),
                thing.kind().word());
    }

    private static String thing(Thing thing, Random random) {
        boolean colourSaid = random.nextDouble() >= COLOUR_DROPPED;
        boolean plainSaid = random.nextDouble() < PLAIN_SAID;
        boolean poseSaid = random.nextDouble() >= POSE_DROPPED;
        return withArticle(
                thing.scale().word(),
                colourSaid ? thing.colour().word() : "",
                thing.texture() != Texture.PLAIN || plainSaid ? thing.texture().word() : "",
                poseSaid ? thing.pose().word() : "",
                thing.kind().word());
    }

    private static String withArticle(String... words) {
        String phrase = joined(words);
        return ("aeiou".indexOf(phrase.charAt(0)) >= 0 ? "an " : "a ") + phrase;
    }

    private static String joined(String... words) {
        List<String> said = new ArrayList<>(List.of(words));
        said.removeIf(String::isEmpty);
        return String.join(" ", said);
    }
}
