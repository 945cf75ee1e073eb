package io.heddle.cli;

import io.heddle.editing.StableDiffusion;
import io.heddle.image.Picture;
import io.heddle.image.Resampling;
import io.heddle.image.Size;
import io.heddle.spi.Extent;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which picture is worked on. */
final class PictureOptions {
    @Option(names = {"-i", "--image"}, paramLabel = "FILE",
            description = "The picture: PNG or JPEG of any size; it is scaled to --width and --height, of which one is enough, or else to the area that the checkpoint was trained for.")
    private @Nullable Path image;

    /** Whether one is named. */
    boolean given() {
        return image != null;
    }

    /** The picture as the user named it. */
    String name() {
        return String.valueOf(image);
    }

    /** The picture's own size. */
    Size size() {
        return Picture.read(image).size();
    }

    /** The picture at a size that the model takes: given sides, one by the other in its own proportions, or those at the area that the model was trained for. */
    Picture read(StableDiffusion model, @Nullable Integer width, @Nullable Integer height) {
        Picture picture = Picture.read(image);
        int factor = model.vae().config().downsampling();
        double scale = scale(picture.size(), model.defaultSize(), width, height);
        Size size = new Size(
                width != null ? width : rounded(picture.width() * scale, factor),
                height != null ? height : rounded(picture.height() * scale, factor));
        return size.equals(picture.size()) ? picture : picture.resize(size, Resampling.BICUBIC);
    }

    private static double scale(Size own, Extent standard, @Nullable Integer width, @Nullable Integer height) {
        if (width != null) {
            return width / (double) own.width();
        }
        return height != null ? height / (double) own.height() : Math.sqrt(standard.cells() / (double) own.pixels());
    }

    private static int rounded(double side, int factor) {
        return Math.max(1, (int) Math.round(side / factor)) * factor;
    }
}
