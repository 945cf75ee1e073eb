package io.heddle.editing.dragon;

import io.heddle.tensor.Tensor;
import java.util.List;

/**
 * A number that is low where the generated picture's features are as an edit wants them. Section 3.2 of the paper.
 *
 * @param terms its terms; those without cells or weight are left out
 */
record Energy(List<Term> terms) {
    Energy {
        terms = terms.stream().filter(Term::isMeaningful).toList();
    }

    /** Whether there is nothing to follow. */
    boolean isEmpty() {
        return terms.isEmpty();
    }

    /**
     * The energy, a scalar.
     *
     * @param generated the features of each block, {@code [1, height, width, channels]}
     * @param references of each reference picture the features of each block
     */
    Tensor of(List<Tensor> generated, List<List<Tensor>> references) {
        Tensor sum = generated.getFirst().device().scalar(0);
        for (int block = 0; block < generated.size(); block++) {
            for (Term term : terms) {
                sum = sum.plus(term.of(generated.get(block), references.get(term.picture()).get(block)));
            }
        }
        return sum;
    }
}
