package io.heddle.cli.demo;

import io.heddle.image.Picture;
import io.heddle.toyworld.Attribute;
import io.heddle.toyworld.Mask;
import io.heddle.toyworld.Oracle;
import io.heddle.toyworld.Reading;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.Thing;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Has pictures read by the toy world's oracle and keeps its verdicts. Of pictures that show no toy world it is asked nothing. */
final class Jury {
    private static final double NEAR = 6;

    private final boolean knowsTheWorld;
    private final List<Verdict> verdicts = new ArrayList<>();

    Jury(boolean knowsTheWorld) {
        this.knowsTheWorld = knowsTheWorld;
    }

    /** Whether a picture shows what a scene has, as far as the attributes go. */
    void ask(String name, Picture picture, Scene wanted, Attribute... attributes) {
        if (knowsTheWorld) {
            Reading reading = Oracle.read(picture);
            verdicts.add(new Verdict(
                    name,
                    Stream.of(attributes).map(attribute -> word(attribute, wanted)).collect(Collectors.joining(", ")),
                    Stream.of(attributes).map(attribute -> word(attribute, reading)).collect(Collectors.joining(", ")),
                    Stream.of(attributes).allMatch(attribute -> reading.agrees(attribute, wanted))));
        }
    }

    /** Whether a thing is where a scene has it, within {@value #NEAR} pixels. */
    void askPlace(String name, Picture picture, Scene wanted) {
        if (knowsTheWorld) {
            Reading reading = Oracle.read(picture);
            Mask.Box asked = Rendering.of(wanted).masks().getFirst().box();
            Mask.Box read = reading.things().isEmpty() ? new Mask.Box(0, 0, 0, 0) : reading.things().getFirst().mask().box();
            double distance =
                    Math.hypot(asked.left() + asked.right() - read.left() - read.right(), asked.top() + asked.bottom() - read.top() - read.bottom())
                            / 2;
            verdicts.add(new Verdict(name, word(Attribute.KIND, wanted) + place(asked), word(Attribute.KIND, reading) + place(read),
                    distance <= NEAR && reading.agrees(Attribute.KIND, wanted)));
        }
    }

    private static String place(Mask.Box box) {
        return " at " + (box.left() + box.right()) / 2 + "," + (box.top() + box.bottom()) / 2;
    }

    /** All verdicts so far. */
    List<Verdict> verdicts() {
        return List.copyOf(verdicts);
    }

    private static String word(Attribute attribute, Reading reading) {
        if (attribute == Attribute.BACKGROUND) {
            return reading.background().word();
        }
        return reading.things().isEmpty() ? "nothing" : word(attribute, reading.things().getFirst().thing());
    }

    private static String word(Attribute attribute, Scene scene) {
        return attribute == Attribute.BACKGROUND ? scene.backdrop().background().word() : word(attribute, scene.first());
    }

    private static String word(Attribute attribute, Thing thing) {
        return switch (attribute) {
            case KIND -> thing.kind().word();
            case COLOUR -> thing.colour().word();
            case TEXTURE -> thing.texture().word();
            case POSE -> thing.pose().word();
            case SCALE -> thing.scale().word();
            case BACKGROUND -> throw new IllegalArgumentException("a thing has no background");
        };
    }
}
