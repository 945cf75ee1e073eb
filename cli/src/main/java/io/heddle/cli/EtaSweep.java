package io.heddle.cli;

import io.heddle.image.Montage;
import io.heddle.image.Picture;
import io.heddle.image.PictureRecipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Pictures between the source and the target of an edit, one for each share η, and a strip of all.
 *
 * @param etas the shares
 * @param files one for each share, and the strip's
 */
record EtaSweep(List<Double> etas, List<Path> files) {
    private static final String STRIP = "strip";

    /**
     * The sweep that {@code --eta} asks for.
     *
     * @param text numbers separated by commas
     * @param most the largest that makes sense
     */
    static EtaSweep of(String text, double most, OutputOptions output) {
        List<Double> etas = Arrays.stream(text.split(",")).map(eta -> share(eta, most)).toList();
        List<Path> files = output.pictures(Stream.concat(etas.stream().map(eta -> "eta-" + eta), Stream.of(STRIP)).toList());
        output.check(files);
        return new EtaSweep(etas, files);
    }

    private static Double share(String text, double most) {
        try {
            double share = Double.parseDouble(text.strip());
            if (share >= 0 && share <= most) {
                return share;
            }
        } catch (NumberFormatException _) {
            // told below, as for numbers outside
        }
        throw new UserError("--eta has '" + text + "': expected numbers from 0 to " + (most == 1 ? "1" : most) + ", separated by commas");
    }

    /**
     * Writes the pictures and their strip.
     *
     * @param captions what the strip says below each picture after its share; may be empty
     * @param recipe of a picture, by the picture and its shares
     */
    void write(List<Picture> pictures, IntFunction<String> captions, OutputOptions output, BiFunction<Picture, String, PictureRecipe> recipe) {
        List<Montage.Cell> cells = new ArrayList<>();
        for (int i = 0; i < etas.size(); i++) {
            Picture picture = pictures.get(i);
            output.write(files.get(i), picture, recipe.apply(picture, etas.get(i).toString()));
            cells.add(new Montage.Cell(picture, "eta " + etas.get(i) + captions.apply(i)));
        }
        Picture strip = Montage.strip(cells);
        String all = String.join(",", etas.stream().map(String::valueOf).toList());
        output.write(files.getLast(), strip, recipe.apply(strip, all));
    }
}
