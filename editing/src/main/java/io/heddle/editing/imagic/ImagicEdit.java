package io.heddle.editing.imagic;

import com.google.gson.JsonObject;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Interpolation;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A picture whose embedding and network are tuned: stage C of Imagic. The network has its tuned weights until this is closed, for any number of edits, also
 * by other methods.
 */
public final class ImagicEdit implements AutoCloseable {
    private final JsonObject recipe;
    private final Tensor clean;
    private final Tensor embedding;
    private final TextEmbedding target;
    private final TunedNetwork network;
    private final ImagicReport report;
    private final List<TextEmbedding> made = new ArrayList<>();

    ImagicEdit(JsonObject recipe, Tensor clean, Tensor embedding, TextEmbedding target, TunedNetwork network, ImagicReport report) {
        this.recipe = recipe;
        this.clean = clean;
        this.embedding = embedding;
        this.target = target;
        this.network = network;
        this.report = report;
    }

    /** What the edited picture shows. */
    public String prompt() {
        return recipe.get("prompt").getAsString();
    }

    /** How embedding and network were tuned. */
    public JsonObject recipe() {
        return recipe.deepCopy();
    }

    /** The latent of the picture, {@code [1, height, width, 4]}. */
    public Tensor clean() {
        return clean;
    }

    /** The size of the picture's latent. */
    public Extent latent() {
        return new Extent(clean.dim(1), clean.dim(2));
    }

    /** How the stages before went. */
    public ImagicReport report() {
        return report;
    }

    /**
     * The encoding {@code η·e_target + (1 − η)·e_optimised}, {@code [1, tokens, dim]}, which ends with this edit. Kawar et al. 2023, equation 4.
     *
     * @param eta 0 reconstructs the picture, 1 is the target's own; beyond it the line goes on
     */
    public TextEmbedding at(double eta) {
        TextEmbedding between = TextEmbedding.of(Interpolation.between(embedding, target.tensor(), eta).unscoped());
        made.add(between);
        return between;
    }

    /**
     * The recipe that samples a picture for each η.
     *
     * @param empty the encoding that guidance leads away from
     * @param guidance its scale
     */
    public EditRecipe recipe(List<Double> etas, TextEmbedding empty, double guidance) {
        return EditRecipe.plain(Conditioning.of(etas.stream().map(this::at).toList(), empty), Guidance.classifierFree(guidance));
    }

    /** Gives the encodings back, and the network its own weights. */
    @Override
    public void close() {
        for (TextEmbedding between : made) {
            between.close();
            between.tensor().close();
        }
        made.clear();
        network.close();
        embedding.close();
        clean.close();
    }
}
