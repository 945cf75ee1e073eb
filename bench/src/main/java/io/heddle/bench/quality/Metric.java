package io.heddle.bench.quality;

import io.heddle.bench.Interval;
import java.util.List;
import java.util.Locale;

/** What is measured; the order is that of the columns. */
enum Metric {
    KIND(Values.RATE),
    COLOUR(Values.RATE),
    TEXTURE(Values.RATE),
    BACKGROUND(Values.RATE),
    SIZE(Values.RATE),
    POSE(Values.RATE),
    ONE_OBJECT(Values.RATE),
    ALL_FOUR(Values.RATE),
    RELATION(Values.RATE),
    BOTH_KINDS(Values.RATE),
    BOTH_COLOURS(Values.RATE),
    WHOLE_PAIR(Values.RATE),
    EITHER_WAY_ROUND(Values.RATE),
    WITHIN_3_PX(Values.RATE),
    WITHIN_6_PX(Values.RATE),
    AREA_WITHIN_15_PERCENT(Values.RATE),
    SUCCESS(Values.RATE),
    KEPT(Values.RATE),
    PROBABILITY(Values.SHARE),
    THING_FOUND(Values.SHARE),
    BACKGROUND_FOUND(Values.SHARE),
    BY_CHANCE(Values.SHARE),
    IOU_TOP_K(Values.SHARE),
    IOU_HALF_MAX(Values.SHARE),
    MASS_RATIO(Values.NUMBER),
    LEFT_BEHIND(Values.SHARE),
    MASK_IOU(Values.SHARE),
    KEPT_REGION_DB(Values.NUMBER),
    DB_TO_PICTURE(Values.NUMBER),
    DB_TO_AUTOENCODER(Values.NUMBER),
    LATENT_MSE(Values.NUMBER),
    EVALUATIONS(Values.NUMBER),
    CALLS(Values.NUMBER),
    GRADIENTS(Values.NUMBER);

    /** What an item's value can be: 0 or 1, something between them, or any number. */
    private enum Values {
        RATE,
        SHARE,
        NUMBER
    }

    private final Values values;

    Metric(Values values) {
        this.values = values;
    }

    /** The mean of items, one value each, and what it may be. */
    Interval interval(List<Double> items) {
        return switch (values) {
            case RATE -> Interval.ofShare(Interval.mean(items), items.size());
            case SHARE -> Interval.ofMean(items).within(0, 1);
            case NUMBER -> Interval.ofMean(items);
        };
    }

    /** The column's head. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
