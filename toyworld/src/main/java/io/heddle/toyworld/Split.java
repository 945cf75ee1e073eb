package io.heddle.toyworld;

import java.util.Random;

/**
 * Numbered random scenes for one purpose. The number and the purpose together become the 48 bits that {@link Random} starts from by a bijection, so no
 * scene of one split ever starts where a scene of another one does.
 */
public enum Split {
    /** What networks are trained on. */
    TRAINING,
    /** What training looks at to see how far it is. */
    VALIDATION,
    /** What is only ever measured on. */
    EVALUATION;

    private static final int INDEX_BITS = 46;
    private static final long STATE = (1L << 48) - 1;
    private static final long ODD_FACTOR = 0x5bd1e995a3c5L;

    /**
     * The generator of a number's scene, captions and noise.
     *
     * @param index 0..2⁴⁶-1
     */
    public Random random(long index) {
        if (index < 0 || index >> INDEX_BITS != 0) {
            throw new IllegalArgumentException("scenes are numbered from 0 to 2^46 - 1, not " + index);
        }
        long state = (long) ordinal() << INDEX_BITS | index;
        for (int round = 0; round < 3; round++) {
            state = state * ODD_FACTOR & STATE;
            state ^= state >>> 24;
        }
        return new Random(state);
    }

    /** The scene of a number. */
    public Scene scene(long index, SceneMix mix) {
        return Scene.draw(random(index), mix);
    }
}
