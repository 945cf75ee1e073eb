package io.heddle.bench.quality;

import java.util.Locale;

/** What is measured; the order is that of the columns. Rates have items of 0 and 1 only. */
enum Metric {
    KIND(true),
    COLOUR(true),
    TEXTURE(true),
    BACKGROUND(true),
    SIZE(true),
    POSE(true),
    ONE_OBJECT(true),
    ALL_FOUR(true),
    RELATION(true),
    BOTH_KINDS(true),
    BOTH_COLOURS(true),
    WHOLE_PAIR(true),
    EITHER_WAY_ROUND(true),
    WITHIN_3_PX(true),
    WITHIN_6_PX(true),
    AREA_WITHIN_15_PERCENT(true),
    SUCCESS(true),
    KEPT(true),
    PROBABILITY(false),
    THING_FOUND(false),
    BACKGROUND_FOUND(false),
    BY_CHANCE(false),
    IOU_TOP_K(false),
    IOU_HALF_MAX(false),
    MASS_RATIO(false),
    LEFT_BEHIND(false),
    MASK_IOU(false),
    KEPT_REGION_DB(false),
    DB_TO_PICTURE(false),
    DB_TO_AUTOENCODER(false),
    LATENT_MSE(false),
    EVALUATIONS(false),
    GRADIENTS(false);

    private final boolean rate;

    Metric(boolean rate) {
        this.rate = rate;
    }

    /** Whether the confidence interval is that of a share. */
    boolean isRate() {
        return rate;
    }

    /** The column's head. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
