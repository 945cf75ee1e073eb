package io.heddle.editing.dragon;

import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;

/**
 * One term of an energy, summed over the decoder blocks whose features are compared.
 *
 * @param effect whether it falls or rises with the similarity
 * @param similarity what is measured
 * @param generated cells of the generated picture
 * @param reference cells of the reference; for a local similarity paired with {@code generated}
 * @param picture which reference: 0 the edited picture, 1 the second one
 * @param weight of each block's share
 */
record Term(Effect effect, Similarity similarity, Cells generated, Cells reference, int picture, double weight) {
    private static final float ALPHA = 1;
    private static final float BETA = 4;

    enum Effect {
        /** {@code weight/(α + β·similarity)} with α = 1 and β = 4; equation (5). */
        ATTRACT,
        /** {@code weight·similarity}. */
        REPEL
    }

    /** Cells that shall look as those of the edited picture that they are paired with. */
    static Term attract(Similarity similarity, Cells generated, Cells reference, double weight) {
        return new Term(Effect.ATTRACT, similarity, generated, reference, 0, weight);
    }

    /** Cells that shall not look as they do in the edited picture. */
    static Term repel(Cells cells, double weight) {
        return new Term(Effect.REPEL, Similarity.LOCAL, cells, cells, 0, weight);
    }

    /** This term with the second picture as its reference. */
    Term ofSecondPicture() {
        return new Term(effect, similarity, generated, reference, 1, weight);
    }

    /** Whether it says anything: it has cells, and a weight. The mean over nothing is no number. */
    boolean isMeaningful() {
        return generated.count() > 0 && reference.count() > 0 && weight != 0;
    }

    /** This term for the features {@code [1, height, width, channels]} of one block, a scalar. */
    Tensor of(Tensor features, Tensor references) {
        Tensor measured = similarity.of(rows(features), generated.on(extent(features)), rows(references), reference.on(extent(references)));
        return switch (effect) {
            case ATTRACT -> measured.times(BETA).plus(ALPHA).reciprocal().times((float) weight);
            case REPEL -> measured.times((float) weight);
        };
    }

    private static Tensor rows(Tensor features) {
        return features.reshape(-1, features.dim(3));
    }

    private static Extent extent(Tensor features) {
        return new Extent(features.dim(1), features.dim(2));
    }
}
