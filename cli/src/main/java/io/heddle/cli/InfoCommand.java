package io.heddle.cli;

import io.heddle.weights.Checkpoint;
import io.heddle.weights.ModelLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a file holds. */
@Command(name = "info", description = "Show how a PNG picture was made, or what a checkpoint or safetensors file holds.")
final class InfoCommand extends Subcommand {
    @Option(names = "--tensors", description = "List every tensor of a checkpoint.")
    private boolean tensors;

    @Option(names = "--variant", paramLabel = "NAME", description = ModelOptions.VARIANT)
    private @Nullable String variant;

    @Parameters(paramLabel = "FILE", description = "PNG picture, safetensors file or index of shards, model folder, or id in the Hugging Face cache.")
    private String file;

    @Override
    void execute() {
        Path path = Path.of(file);
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            refuse("on a picture", "--tensors", "--variant");
            show(PictureInfo.read(path));
        } else if (Files.isRegularFile(path) || name.endsWith(".safetensors")) {
            refuse("on a single file", "--variant");
            try (Checkpoint checkpoint = Checkpoint.open(path)) {
                show(CheckpointInfo.of(path, checkpoint, tensors));
            }
        } else {
            show(ModelInfo.of(ModelLocation.resolve(file, Optional.ofNullable(variant)), tensors));
        }
    }
}
