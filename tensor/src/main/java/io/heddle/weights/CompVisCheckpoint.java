package io.heddle.weights;

import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A whole Stable Diffusion model in one file, as the original code saves it. Takes the networks apart and gives their tensors the names of the folder
 * layout; names below a network's prefix that no rule knows stay as they are, so that loading reports them.
 *
 * @param tensors the file
 */
record CompVisCheckpoint(Checkpoint tensors) {
    /** Which generation of Stable Diffusion a file belongs to. */
    enum Family {
        STABLE_DIFFUSION_1,
        STABLE_DIFFUSION_2
    }

    private static final String UNET = "model.diffusion_model.";
    private static final String VAE = "first_stage_model.";
    private static final String CLIP_TEXT = "cond_stage_model.transformer.";
    private static final String OPEN_CLIP_TEXT = "cond_stage_model.model.";
    private static final Set<String> OPEN_CLIP_LEFTOVERS = Set.of("text_projection", "transformer.text_model.embeddings.position_ids");
    private static final String STABLE_DIFFUSION_XL = "conditioner.";
    private static final String AVERAGED = "model_ema.";
    private static final int FEWEST_AVERAGED = 100;
    private static final String CONTEXT_KEY = UNET + "input_blocks.2.1.transformer_blocks.0.attn2.to_k.weight";
    private static final long STABLE_DIFFUSION_2_CONTEXT = 1024;

    /**
     * Which model this is.
     *
     * @throws WeightException if it is not Stable Diffusion 1 or 2; the message says what it seems to be
     */
    Family family() {
        if (any(STABLE_DIFFUSION_XL)) {
            throw refusal("is a Stable Diffusion XL checkpoint, which is not supported: use a model of Stable Diffusion 1 or 2");
        }
        if (!any(UNET + "input_blocks.")) {
            throw refusal(strangerKind());
        }
        boolean wideContext = tensors.contains(CONTEXT_KEY)
                && !tensors.tensor(CONTEXT_KEY).shape().isEmpty()
                && tensors.tensor(CONTEXT_KEY).shape().getLast() == STABLE_DIFFUSION_2_CONTEXT;
        return wideContext || any(OPEN_CLIP_TEXT) ? Family.STABLE_DIFFUSION_2 : Family.STABLE_DIFFUSION_1;
    }

    /**
     * The tensors of one network under the names of the folder layout.
     *
     * @param averaged whether to take the UNet's exponential moving averages, which training keeps beside the weights
     * @throws WeightException if the file has none of them
     */
    Checkpoint component(Component component, boolean averaged) {
        Checkpoint found = switch (component) {
            case UNET -> unet(averaged);
            case VAE -> vae();
            case TEXT_ENCODER -> any(OPEN_CLIP_TEXT) ? openClipText() : stripped(CLIP_TEXT);
        };
        if (found.names().isEmpty()) {
            throw refusal("holds no weights of the " + component.folder() + "; its names begin with " + Phrases.list(beginnings()));
        }
        return ComponentNames.canonical(component, found);
    }

    private Checkpoint unet(boolean averaged) {
        Checkpoint stripped = stripped(UNET);
        CompVisUNet names = CompVisUNet.of(stripped.names());
        if (averaged && tensors.names().stream().filter(name -> name.startsWith(AVERAGED)).limit(FEWEST_AVERAGED + 1).count() <= FEWEST_AVERAGED) {
            throw refusal("holds no averaged weights (names beginning with " + AVERAGED + "): leave the variant ema out");
        }
        return stripped.converted(tensor -> Stream.of(
                (averaged ? averageOf(tensor.name()) : tensor).named(names.rename(tensor.name()).orElse(UNET + tensor.name()))));
    }

    /** The copy that training keeps of a weight: its whole name after the first dot, with all dots removed. */
    private StoredTensor averageOf(String name) {
        return tensors.tensor(AVERAGED + (UNET + name).substring(UNET.indexOf('.') + 1).replace(".", ""));
    }

    private Checkpoint vae() {
        Checkpoint stripped = stripped(VAE);
        CompVisVae names = CompVisVae.of(stripped.names());
        return stripped.renamed(names::rename);
    }

    private Checkpoint openClipText() {
        return stripped(OPEN_CLIP_TEXT)
                .converted(OpenClipText::convert)
                .ignoring(name -> OPEN_CLIP_LEFTOVERS.contains(name) || name.startsWith("visual."));
    }

    private Checkpoint stripped(String prefix) {
        return tensors.converted(
                tensor -> tensor.name().startsWith(prefix) ? Stream.of(tensor.named(tensor.name().substring(prefix.length()))) : Stream.empty());
    }

    private boolean any(String prefix) {
        return tensors.names().stream().anyMatch(name -> name.startsWith(prefix));
    }

    private List<String> beginnings() {
        return tensors.names().stream().map(name -> name.substring(0, name.indexOf('.') + 1)).distinct().limit(5).toList();
    }

    private String strangerKind() {
        SequencedSet<String> names = tensors.names();
        if (names.stream().anyMatch(name -> name.startsWith("lora_") || name.contains(".lora"))) {
            return "holds a LoRA, not a model";
        }
        if (names.stream().anyMatch(name -> name.startsWith("down_blocks.") || name.contains("text_model.") || name.startsWith("encoder."))) {
            return "is one component of a model in the diffusers layout: name the folder that holds model_index.json";
        }
        return "is not a Stable Diffusion 1 or 2 checkpoint: no tensor's name begins with " + UNET + "; its names begin with "
                + Phrases.listOrNothing(beginnings());
    }

    private WeightException refusal(String reason) {
        return new WeightException.Unsupported(tensors.origin() + " " + reason);
    }
}
