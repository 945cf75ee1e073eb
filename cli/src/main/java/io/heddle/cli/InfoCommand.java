package io.heddle.cli;

import io.heddle.weights.Checkpoint;
import io.heddle.weights.ModelLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a file holds. */
@Command(name = "info", description = "Show how a PNG picture was made, or what a checkpoint or safetensors file holds.")
final class InfoCommand extends Subcommand {
    @Option(names = "--tensors", description = "List every tensor of a checkpoint.")
    private boolean tensors;

    @Parameters(paramLabel = "FILE", description = "PNG picture, safetensors file or index of shards, model folder, or id in the Hugging Face cache.")
    private String file;

    @Override
    void execute() {
        Path path = Path.of(file);
        String name = String.valueOf(path.getFileName());
        if (name.endsWith(".png")) {
            show(PictureInfo.read(path));
        } else if (Files.isRegularFile(path) || name.endsWith(".safetensors")) {
            try (Checkpoint checkpoint = Checkpoint.open(path)) {
                show(CheckpointInfo.of(path, checkpoint, tensors));
            }
        } else {
            show(ModelInfo.of(ModelLocation.resolve(file, Optional.empty()), tensors));
        }
    }
}
