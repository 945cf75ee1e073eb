package io.heddle.editing.dragon;

import io.heddle.tensor.Tensor;

/** Hears of each step that follows energies. */
@FunctionalInterface
public interface EnergyListener {
    /** Hears nothing. */
    EnergyListener NONE = (_, _, _, _) -> {};

    /**
     * Called once for each guided step, again when it is repeated.
     *
     * @param samplingCall which step, from 0
     * @param edit the energy of what is edited
     * @param content the energy of the rest
     * @param correction what is added to the predicted noise, {@code [1, height, width, 4]}; it ends with the step
     */
    void followed(int samplingCall, float edit, float content, Tensor correction);
}
