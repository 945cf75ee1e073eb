package io.heddle.editing.dragon;

import io.heddle.image.Picture;
import io.heddle.spi.Extent;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;

/** What an edit was told to do, drawn on a copy of a picture: masks as tinted cells with a line around them, ways as arrows. */
public final class Sketch {
    private static final double TINT = 0.35;
    private static final double HEAD = 0.35;
    private static final int LONGEST_HEAD_SHARE = 24;
    private static final int STROKE_SHARE = 160;

    private final BufferedImage image;

    private Sketch(BufferedImage image) {
        this.image = image;
    }

    /** A copy of a picture to draw on. */
    public static Sketch on(Picture picture) {
        return new Sketch(picture.toBufferedImage());
    }

    /** The picture that an edit changes, with its masks and ways. */
    public static Picture of(Picture picture, Edit edit) {
        Sketch sketch = on(picture);
        return switch (edit) {
            case Move(Mask object, Point displacement, double _, Mask _) -> {
                sketch.mask(object, Color.RED);
                yield sketch.arrow(object.centre(), object.centre().plus(displacement)).picture();
            }
            case Drag drag -> {
                sketch.mask(drag.editable(), Color.CYAN);
                drag.handles().forEach(handle -> sketch.arrow(handle.from(), handle.to()));
                yield sketch.picture();
            }
            case Appearance appearance -> sketch.mask(appearance.object(), Color.RED).picture();
            case Paste(Mask object, Point displacement) ->
                    sketch.arrow(object.centre(), object.centre().plus(displacement)).picture();
        };
    }

    /** Tints a mask of the picture's size and draws its border. */
    public Sketch mask(Mask mask, Color colour) {
        Extent grid = mask.grid();
        for (int cell = 0; cell < grid.cells(); cell++) {
            if (mask.contains(cell)) {
                int x = cell % grid.width();
                int y = cell / grid.width();
                image.setRGB(x, y, mixed(new Color(image.getRGB(x, y)), colour, isBorder(mask, x, y) ? 1 : TINT));
            }
        }
        return this;
    }

    private static boolean isBorder(Mask mask, int x, int y) {
        int width = mask.grid().width();
        return x == 0 || y == 0 || x == width - 1 || y == mask.grid().height() - 1
                || !mask.contains(y * width + x - 1) || !mask.contains(y * width + x + 1)
                || !mask.contains((y - 1) * width + x) || !mask.contains((y + 1) * width + x);
    }

    private static int mixed(Color under, Color over, double share) {
        int red = (int) Math.round(under.getRed() + share * (over.getRed() - under.getRed()));
        int green = (int) Math.round(under.getGreen() + share * (over.getGreen() - under.getGreen()));
        int blue = (int) Math.round(under.getBlue() + share * (over.getBlue() - under.getBlue()));
        return red << 16 | green << 8 | blue;
    }

    /** Draws an arrow; none where both points are the same. */
    public Sketch arrow(Point from, Point to) {
        double length = Math.hypot(to.x() - from.x(), to.y() - from.y());
        if (length == 0) {
            return this;
        }
        int side = Math.max(image.getWidth(), image.getHeight());
        double head = Math.min(HEAD * length, Math.max(4, side / (double) LONGEST_HEAD_SHARE));
        Point along = to.minus(from).times(head / length, head / length);
        Path2D shape = new Path2D.Double(new Line2D.Double(from.x(), from.y(), to.x(), to.y()));
        for (int turn = -1; turn <= 1; turn += 2) {
            shape.moveTo(to.x(), to.y());
            shape.lineTo(to.x() - along.x() + turn * along.y() / 2, to.y() - along.y() - turn * along.x() / 2);
        }
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        float stroke = Math.max(1.2f, side / (float) STROKE_SHARE);
        graphics.setColor(Color.WHITE);
        graphics.setStroke(new BasicStroke(2.5f * stroke, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(shape);
        graphics.setColor(Color.BLACK);
        graphics.setStroke(new BasicStroke(stroke, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(shape);
        graphics.dispose();
        return this;
    }

    /** The drawing. */
    public Picture picture() {
        return Picture.of(image);
    }
}
