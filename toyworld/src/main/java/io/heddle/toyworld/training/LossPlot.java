package io.heddle.toyworld.training;

import io.heddle.image.Montage;
import io.heddle.image.Picture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The losses of trainings over the samples they saw, both on logarithmic scales with a grid line at each power of ten. */
final class LossPlot {
    private static final int WIDTH = 480;
    private static final int HEIGHT = 320;
    private static final float LINE_WIDTH = 1.5f;
    private static final Color LINE = new Color(30, 70, 210);
    private static final Color GRID = new Color(210, 210, 215);

    private final TrainingLog.Curve curve;
    private final Axis across;
    private final Axis up;

    private LossPlot(TrainingLog.Curve curve) {
        this.curve = curve;
        this.across = Axis.of(curve.samples(), 0, WIDTH);
        this.up = Axis.of(curve.losses(), HEIGHT, 0);
    }

    /** A logarithmic scale between two pixels. */
    private record Axis(double low, double high, double from, double to) {
        private static final double MARGIN = 0.03;

        static Axis of(double[] values, double from, double to) {
            double low = Math.log10(Arrays.stream(values).min().orElseThrow());
            double high = Math.log10(Arrays.stream(values).max().orElseThrow());
            double margin = MARGIN * Math.max(high - low, 1);
            return new Axis(low - margin, high + margin, from, to);
        }

        double at(double value) {
            return from + (to - from) * (Math.log10(value) - low) / (high - low);
        }

        double[] powersOfTen() {
            return IntStream.rangeClosed((int) Math.ceil(low), (int) Math.floor(high)).mapToDouble(power -> Math.pow(10, power)).toArray();
        }
    }

    /** One plot for each training, side by side. */
    static Picture of(List<TrainingLog.Curve> curves) {
        return Montage.strip(curves.stream().map(curve -> new Montage.Cell(new LossPlot(curve).draw(), caption(curve))).toList());
    }

    private static String caption(TrainingLog.Curve curve) {
        int last = curve.losses().length - 1;
        return String.format(Locale.ROOT, "%s: loss %.4f to %.4f in %.0f samples", curve.network(), curve.losses()[0], curve.losses()[last],
                curve.samples()[last]);
    }

    private Picture draw() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        graphics.setColor(GRID);
        for (double samples : across.powersOfTen()) {
            graphics.draw(new Line2D.Double(across.at(samples), 0, across.at(samples), HEIGHT));
        }
        for (double loss : up.powersOfTen()) {
            graphics.draw(new Line2D.Double(0, up.at(loss), WIDTH, up.at(loss)));
        }
        graphics.drawRect(0, 0, WIDTH - 1, HEIGHT - 1);
        graphics.setColor(LINE);
        graphics.setStroke(new BasicStroke(LINE_WIDTH));
        graphics.draw(line());
        graphics.dispose();
        return Picture.of(image);
    }

    private Path2D line() {
        Path2D line = new Path2D.Double();
        for (int i = 0; i < curve.losses().length; i++) {
            double x = across.at(curve.samples()[i]);
            double y = up.at(curve.losses()[i]);
            if (i == 0) {
                line.moveTo(x, y);
            } else {
                line.lineTo(x, y);
            }
        }
        return line;
    }
}
