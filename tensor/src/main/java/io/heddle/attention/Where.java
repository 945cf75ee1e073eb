package io.heddle.attention;

import io.heddle.attention.AttentionSite.Kind;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.spi.Extent;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Selections of attention calls, to be combined with {@link Predicate#and} and {@link Predicate#or}. */
public final class Where {
    private static final Pattern GRID = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

    private Where() {}

    /** Every call. */
    public static Predicate<AttentionCall> everywhere() {
        return _ -> true;
    }

    /** Cross-attention. */
    public static Predicate<AttentionCall> cross() {
        return call -> call.site().kind() == Kind.CROSS;
    }

    /** Self-attention. */
    public static Predicate<AttentionCall> self() {
        return call -> call.site().kind() == Kind.SELF;
    }

    /** A part of the network. */
    public static Predicate<AttentionCall> stage(Stage stage) {
        return call -> call.site().stage() == stage;
    }

    /** Queries of this height and width. */
    public static Predicate<AttentionCall> grid(Extent grid) {
        return call -> call.grid().equals(grid);
    }

    /** The layer of this checkpoint path, or those below it. */
    public static Predicate<AttentionCall> path(String path) {
        return call -> call.site().path().equals(path) || call.site().path().startsWith(path + ".");
    }

    /** Calls of the network {@code from … to − 1}. */
    public static Predicate<AttentionCall> calls(int from, int to) {
        return call -> from <= call.step().index() && call.step().index() < to;
    }

    /**
     * A selection as users write it: {@code cross}, {@code self}, {@code down}, {@code mid}, {@code up}, a grid such as {@code 16x16} (width by height), or
     * a checkpoint path; with commas between them, all must hold.
     *
     * @throws IllegalArgumentException if a part is none of these
     */
    public static Predicate<AttentionCall> parse(String text) {
        Predicate<AttentionCall> all = everywhere();
        for (String part : text.split(",")) {
            all = all.and(parsePart(part.strip()));
        }
        return all;
    }

    private static Predicate<AttentionCall> parsePart(String part) {
        Matcher grid = GRID.matcher(part);
        if (grid.matches()) {
            return grid(new Extent(Integer.parseInt(grid.group(2)), Integer.parseInt(grid.group(1))));
        }
        return switch (part.toLowerCase(Locale.ROOT)) {
            case "cross" -> cross();
            case "self" -> self();
            case "down" -> stage(Stage.DOWN);
            case "mid" -> stage(Stage.MID);
            case "up" -> stage(Stage.UP);
            default -> {
                if (!part.contains("_blocks") && !part.startsWith("mid_block")) {
                    throw new IllegalArgumentException(
                            "'" + part + "' selects no attention: expected cross, self, down, mid, up, a grid such as 16x16, or a path"
                                    + " such as up_blocks.1.attentions.0");
                }
                yield path(part);
            }
        };
    }
}
