package io.heddle.cli;

import io.heddle.attention.Step;
import io.heddle.editing.Latents;
import io.heddle.editing.SamplingListener;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.weights.SafetensorsWriter;
import io.heddle.weights.StoredType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Latents as files: safetensors, float32, channels first. */
final class LatentFiles {
    private static final String LATENTS = "latents";

    private LatentFiles() {}

    static void write(Path target, Tensor latents, Existing existing) {
        List<Long> shape = List.of((long) latents.dim(0), (long) latents.dim(3), (long) latents.dim(1), (long) latents.dim(2));
        new SafetensorsWriter().add(LATENTS, StoredType.F32, shape, () -> Latents.toChannelsFirst(latents)).write(target, existing);
    }

    /** The latents of a run from its start on. */
    static final class Trajectory implements SamplingListener {
        private final List<float[]> steps = new ArrayList<>();
        private final Shape shape;

        Trajectory(Tensor start, int prompts) {
            Tensor rows = start.dim(0) == prompts ? start : start.gatherRows(new int[prompts]);
            shape = Shape.of(prompts, start.dim(3), start.dim(1), start.dim(2));
            steps.add(Latents.toChannelsFirst(rows));
        }

        @Override
        public void stepped(Step step, Tensor latents) {
            steps.add(Latents.toChannelsFirst(latents));
        }

        void write(Path target, Existing existing) {
            List<Long> whole = new ArrayList<>(List.of((long) steps.size()));
            Arrays.stream(shape.dims()).forEach(dim -> whole.add((long) dim));
            float[] all = new float[Math.toIntExact(steps.size() * shape.size())];
            for (int i = 0; i < steps.size(); i++) {
                System.arraycopy(steps.get(i), 0, all, Math.toIntExact(i * shape.size()), steps.get(i).length);
            }
            new SafetensorsWriter().add(LATENTS, StoredType.F32, whole, () -> all).write(target, existing);
        }
    }
}
