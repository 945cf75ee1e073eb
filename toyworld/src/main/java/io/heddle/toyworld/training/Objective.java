package io.heddle.toyworld.training;

import io.heddle.nn.Parameter;
import io.heddle.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** What one network is trained for: its copies, its loss, and how far it is. */
interface Objective {
    /** The parameters of each shard's copy of the network. */
    List<Map<String, Parameter>> copies();

    /** The mean loss of a shard's part of a step's batch, a scalar. */
    Tensor loss(int step, int shard);

    /** What is measured with the present weights on scenes that are never trained on, by column of the log. */
    Map<String, Double> validate();

    /** The columns of {@link #validate}. */
    List<String> measures();

    /** Multiply-add pairs of one sample's forward evaluation. */
    long work();
}
