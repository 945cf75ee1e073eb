package io.heddle.toyworld.training;

import io.heddle.toyworld.training.Draws.Use;

/** What the text encoder and the denoiser learn from, one after the other. */
enum DenoiserCourse {
    /** Scenes of one thing, and some of two. */
    FIRST("denoiser", PictureSet.SINGLES, Use.DENOISER_BATCH),
    /** Mostly scenes of two things: which word belongs to which. */
    PAIRS("pairs", PictureSet.PAIRS, Use.PAIR_BATCH),
    /** The same, with much noise in which only the order of the words says which of two things is where. */
    ORDER("order", PictureSet.PAIRS, Use.ORDER_BATCH);

    private static final double ALL_LATE = 0.43;

    private final String title;
    private final PictureSet pictures;
    private final Use batches;

    DenoiserCourse(String title, PictureSet pictures, Use batches) {
        this.title = title;
        this.pictures = pictures;
        this.batches = batches;
    }

    /** Its name in files and reports. */
    String title() {
        return title;
    }

    /** What it draws from. */
    PictureSet pictures() {
        return pictures;
    }

    /** Where its batches' random numbers come from. */
    Use batches() {
        return batches;
    }

    /**
     * Whether an example is a pair in the last fifth of the times: in the course on order all are until the order is understood, then every other one.
     *
     * @param part of the course that is done, 0..1
     * @param place of the example in its batch
     */
    boolean isLate(double part, int place) {
        return this == ORDER && (part < ALL_LATE || place % 2 == 0);
    }
}
