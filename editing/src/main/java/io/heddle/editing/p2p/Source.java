package io.heddle.editing.p2p;

import io.heddle.attention.AttentionCall;
import io.heddle.attention.Injection;
import io.heddle.attention.Row;
import io.heddle.attention.Row.Branch;
import io.heddle.attention.Step;
import io.heddle.tensor.Tensor;

/** Where an edit finds its source's attention and latents: in the batch, or in an earlier run. */
interface Source {
    /** The source's conditional row: prompt 0. */
    Row ROW = new Row(Branch.CONDITIONAL, 0);

    /** The source is sampled beside its targets. */
    Source IN_BATCH = new Source() {
        @Override
        public int firstSampled() {
            return ROW.prompt();
        }

        @Override
        public Injection.Source attention(AttentionCall call) {
            return new Injection.OfRow(call.rows().indexOf(ROW));
        }

        @Override
        public Tensor latents(Step step, Tensor batch) {
            return batch.row(ROW.prompt());
        }
    };

    /** The first of the prompts that are sampled. */
    int firstSampled();

    /** The source's queries and keys in a call. */
    Injection.Source attention(AttentionCall call);

    /**
     * The source's latents after a step, {@code [1, height, width, 4]}.
     *
     * @param batch the latents of the prompts that are sampled
     */
    Tensor latents(Step step, Tensor batch);
}
