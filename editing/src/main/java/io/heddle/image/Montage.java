package io.heddle.image;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pictures side by side in rows, each with a caption below it. Small pictures are enlarged by a whole factor, pixel for pixel. */
public final class Montage {
    /**
     * One picture of a montage.
     *
     * @param picture what is shown
     * @param caption what is written below; cut off with an ellipsis where it is too long; may be empty
     */
    public record Cell(Picture picture, String caption) {}

    private static final Logger LOG = LoggerFactory.getLogger(Montage.class);
    private static final int SMALLEST_CELL = 192;
    private static final int GAP = 8;
    private static final int FONT_SIZE = 13;
    private static final int CAPTION_HEIGHT = 22;

    private final List<Cell> cells;
    private final int columns;
    private final int width;
    private final int height;
    private final int captionHeight;

    private Montage(List<Cell> cells, int columns) {
        this.cells = cells;
        this.columns = columns;
        width = cells.stream().mapToInt(cell -> enlarged(cell.picture).width()).max().orElseThrow();
        height = cells.stream().mapToInt(cell -> enlarged(cell.picture).height()).max().orElseThrow();
        captionHeight = cells.stream().allMatch(cell -> cell.caption.isEmpty()) ? 0 : CAPTION_HEIGHT;
    }

    /** All pictures in one row. */
    public static Picture strip(List<Cell> cells) {
        return grid(cells, Math.max(cells.size(), 1));
    }

    /**
     * The pictures in rows of {@code columns}.
     *
     * @throws IllegalArgumentException if there are no pictures or no columns
     */
    public static Picture grid(List<Cell> cells, int columns) {
        if (cells.isEmpty() || columns < 1) {
            throw new IllegalArgumentException(
                    "a montage of " + cells.size() + " pictures in " + columns + " columns: expected at least one of each");
        }
        return new Montage(List.copyOf(cells), columns).draw();
    }

    private Picture draw() {
        int rows = Math.ceilDiv(cells.size(), columns);
        BufferedImage sheet = new BufferedImage(
                GAP + columns * (width + GAP), GAP + rows * (height + captionHeight + GAP), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        for (int i = 0; i < cells.size(); i++) {
            BufferedImage picture = enlarged(cells.get(i).picture).toBufferedImage();
            int left = GAP + i % columns * (width + GAP);
            int top = GAP + i / columns * (height + captionHeight + GAP);
            graphics.drawImage(picture, left + (width - picture.getWidth()) / 2, top + (height - picture.getHeight()) / 2, null);
        }
        if (captionHeight > 0) {
            writeCaptions(graphics);
        }
        graphics.dispose();
        return Picture.of(sheet);
    }

    private void writeCaptions(Graphics2D graphics) {
        try {
            graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, FONT_SIZE));
            graphics.setColor(Color.BLACK);
            FontMetrics metrics = graphics.getFontMetrics();
            for (int i = 0; i < cells.size(); i++) {
                String caption = fitting(cells.get(i).caption, metrics);
                int left = GAP + i % columns * (width + GAP) + (width - metrics.stringWidth(caption)) / 2;
                int bottom = GAP + i / columns * (height + captionHeight + GAP) + height + captionHeight;
                graphics.drawString(caption, left, bottom - metrics.getDescent());
            }
        } catch (InternalError | UnsatisfiedLinkError | NoClassDefFoundError e) {
            // slim containers lack the font libraries; the pictures are worth having without their captions
            LOG.warn("this machine has no fonts, so captions are left out ({}); installing fontconfig and any font brings them back", e.toString());
        }
    }

    private String fitting(String caption, FontMetrics metrics) {
        String text = caption;
        while (metrics.stringWidth(text) > width && text.length() > 1) {
            text = text.substring(0, text.length() - (text.endsWith("…") ? 2 : 1)) + "…";
        }
        return text;
    }

    private static Picture enlarged(Picture picture) {
        int factor = Math.ceilDiv(SMALLEST_CELL, picture.width());
        Size size = new Size(picture.width() * factor, picture.height() * factor);
        byte[] samples = new byte[size.pixels() * 3];
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                Picture.put(samples, (y * size.width() + x) * 3, picture.rgb(x / factor, y / factor));
            }
        }
        return new Picture(size, samples);
    }
}
