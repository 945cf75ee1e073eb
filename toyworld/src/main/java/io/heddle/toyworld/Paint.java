package io.heddle.toyworld;

/** What a part of a thing is painted with. */
sealed interface Paint {
    /** The thing's colour and texture. */
    record Body() implements Paint {}

    /** A darker shade of the thing's colour, without its texture. */
    record Shade() implements Paint {}

    /** A colour that no word changes. */
    record Fixed(Rgb rgb) implements Paint {}

    Paint BODY = new Body();
    Paint SHADE = new Shade();
    Paint DARK = fixed(22, 20, 24);
    Paint LIGHT = fixed(250, 250, 246);
    Paint CREAM = fixed(255, 240, 200);
    Paint BEAK = fixed(250, 160, 30);
    Paint WOOD = fixed(105, 68, 40);
    Paint LEAF = fixed(50, 130, 60);
    Paint NOSE = fixed(240, 140, 150);

    private static Paint fixed(int red, int green, int blue) {
        return new Fixed(Rgb.ofBytes(red, green, blue));
    }
}
