package io.heddle.editing.inversion;

import io.heddle.attention.Step;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.LatentBlend;
import io.heddle.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** The text of an edit whose source's way is known, so that guidance need not lead it. */
record PinnedSource(Conditioning all, int source) implements Conditioning {
    /**
     * A recipe that sets the source's row after each step.
     *
     * @param way the source's latents, the noise first, {@code [1, height, width, 4]} each
     */
    static EditRecipe pin(EditRecipe recipe, int source, List<Tensor> way) {
        int row = recipe.conditioning().prompts().indexOf(source);
        LatentBlend pinned = (step, latents) -> Tensor.concat(
                0,
                IntStream.range(0, latents.dim(0)).mapToObj(i -> i == row ? way.get(step.index() + 1) : latents.row(i)).toList());
        return new EditRecipe(new PinnedSource(recipe.conditioning(), source), recipe.taps(), recipe.guidance(), pinned.then(recipe.blend()));
    }

    @Override
    public List<Integer> prompts() {
        return all.prompts();
    }

    @Override
    public TextEmbedding conditional(Step step, int prompt) {
        return all.conditional(step, prompt);
    }

    @Override
    public TextEmbedding unconditional(Step step, int prompt) {
        return all.unconditional(step, prompt);
    }

    @Override
    public boolean isGuided(int prompt) {
        return prompt != source && all.isGuided(prompt);
    }
}
