package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.dragon.Mask;
import io.heddle.image.Picture;
import io.heddle.image.Resampling;
import io.heddle.image.Size;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The second picture of an edit. */
final class ReferencePictureOptions {
    @Option(names = "--reference-image", paramLabel = "FILE", required = true,
            description = "The other picture: PNG or JPEG; it is scaled to the edited one's size.")
    private Path image;

    @Option(names = "--reference-mask", paramLabel = "MASK", required = true,
            description = "The object in the other picture: " + MaskArgument.FORM + ".")
    private String mask;

    @Option(names = "--reference-prompt", paramLabel = "TEXT", description = "What the other picture shows (default: the same as the edited one).")
    @Nullable String prompt;

    /** The picture at the edited one's size. */
    Picture picture(Size working) {
        Picture read = Picture.read(image);
        return read.size().equals(working) ? read : read.resize(working, Resampling.BICUBIC);
    }

    /** Its object. */
    Mask mask(Size working) {
        return new MaskArgument("--reference-mask", mask).on(size(), working);
    }

    /** Its own size. */
    Size size() {
        return Picture.read(image).size();
    }

    /** These options for recipes. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("referenceImage", image.toString());
        json.addProperty("referenceMask", mask);
        json.addProperty("referencePrompt", prompt);
        return json;
    }
}
