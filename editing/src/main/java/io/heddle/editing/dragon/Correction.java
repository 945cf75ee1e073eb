package io.heddle.editing.dragon;

import io.heddle.schedulers.Ddim.Coefficients;

/** Where the correction {@code g} of the noise enters a DDIM step. */
public enum Correction {
    /** In the predicted clean latent alone, as in the published code, whose energies are scaled for it. */
    CLEAN {
        @Override
        float slope(Coefficients c) {
            return -c.signalTo() * c.noise() / c.signal();
        }
    },

    /** In all of the step, as in the paper's algorithm 1: 9 to 16 times weaker, as both shares nearly cancel. */
    NOISE {
        @Override
        float slope(Coefficients c) {
            return c.noiseTo() + CLEAN.slope(c);
        }
    };

    /** How much the latent after a step changes with {@code g}; no number where the step starts without any signal. */
    abstract float slope(Coefficients c);
}
