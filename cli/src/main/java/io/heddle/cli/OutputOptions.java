package io.heddle.cli;

import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Picture;
import io.heddle.image.PictureRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where pictures and latents go. */
final class OutputOptions {
    private static final String PNG = ".png";
    private static final List<String> OTHER_FORMATS = List.of(".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff");

    @Option(names = {"-o", "--output"}, paramLabel = "FILE|DIR",
            description = "PNG file, or folder, of the results; where there are several, cat.png gives cat-source.png, cat-target.png and so on"
                    + " (default: heddle.png, or the folder maps).")
    private @Nullable Path output;

    @Option(names = "--latents-out", paramLabel = "FILE", description = "Also write the final latents: safetensors, tensor latents [rows, 4, h, w].")
    @Nullable Path latentsOut;

    @Option(names = "--trajectory-out", paramLabel = "FILE",
            description = "Also write the latents after every step: tensor latents [calls+1, rows, 4, h, w], the start first.")
    @Nullable Path trajectoryOut;

    @Option(names = "--overwrite", description = "Replace existing files.")
    private boolean overwrite;

    @Option(names = "--no-metadata", description = "Leave the recipe out of the pictures.")
    private boolean noMetadata;

    /** What happens to files that exist. */
    Existing existing() {
        return overwrite ? Existing.REPLACE : Existing.REFUSE;
    }

    /** The file or folder that was asked for. */
    Path target(String standard) {
        return output == null ? Path.of(standard) : output;
    }

    /** The file or folder of pictures. */
    Path target() {
        return target("heddle" + PNG);
    }

    /**
     * The files of pictures of these names: the file that was asked for if there is one name, otherwise one beside another, named after it, or all in the
     * folder that was asked for.
     */
    List<Path> pictures(List<String> names) {
        Path target = target();
        if (!namesPicture(target)) {
            return names.stream().map(name -> target.resolve(name + PNG)).toList();
        }
        String file = target.getFileName().toString();
        int end = file.length() - PNG.length();
        return names.size() == 1
                ? List.of(target)
                : names.stream().map(name -> target.resolveSibling(file.substring(0, end) + "-" + name + file.substring(end))).toList();
    }

    /** Whether a path is that of a picture, and not of a folder; refuses the formats of pictures that are not written. */
    static boolean namesPicture(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        if (OTHER_FORMATS.stream().anyMatch(name::endsWith)) {
            throw new UserError(path + " cannot be written: pictures are written as PNG, so let its name end in .png");
        }
        return name.endsWith(PNG);
    }

    /** A file for what the pictures are made from, kept until they are written: in the folder that was asked for, or beside the file and named after it. */
    Path working(String name) {
        Path target = target();
        return namesPicture(target) ? target.resolveSibling("." + target.getFileName() + "." + name) : target.resolve("." + name);
    }

    /** Refuses what could not be written, before hours of work: folders that are missing, files that exist. The asked-for folder is made. */
    void check(List<Path> targets) {
        List<Path> all = new ArrayList<>(targets);
        Stream.of(latentsOut, trajectoryOut).filter(Objects::nonNull).forEach(all::add);
        for (Path target : all) {
            Path folder = target.toAbsolutePath().getParent();
            if (folder != null && output != null && folder.equals(output.toAbsolutePath())) {
                new OutputFolder(output).prepare();
            }
            if (folder == null || !Files.isDirectory(folder)) {
                throw new UserError(target + " cannot be written: there is no folder " + folder + ", create it first");
            }
            if (!Files.isWritable(folder)) {
                throw new UserError(target + " cannot be written: the folder " + folder + " is not writable");
            }
            if (Files.isDirectory(target)) {
                throw new UserError(target + " cannot be written: it is a folder, and a file name is expected");
            }
            if (Files.exists(target) && !overwrite) {
                throw new UserError(target + " exists already: choose another name or add --overwrite");
            }
        }
    }

    /** Makes a folder for files whose names are not known yet, and refuses one that holds something. */
    void checkFolder(Path folder) {
        new OutputFolder(folder).check(overwrite);
        new OutputFolder(folder).prepare();
        check(List.of());
    }

    /** Writes a picture with its recipe. */
    void write(Path target, Picture picture, PictureRecipe recipe) {
        picture.write(target, noMetadata ? Map.of() : recipe.toText(), existing());
    }
}
