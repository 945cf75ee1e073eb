package io.heddle.toyworld;

/** A closed outline in the plane, known by its signed distance: negative inside, in the unit of its coordinates; y points downwards. */
final class Outline {
    /** The upright rectangle around an outline. */
    record Box(double left, double top, double right, double bottom) {
        /** The rectangle of the outline seen in a mirror. */
        Box mirrored() {
            return new Box(-right, top, -left, bottom);
        }

        Box union(Box other) {
            return new Box(
                    Math.min(left, other.left), Math.min(top, other.top), Math.max(right, other.right), Math.max(bottom, other.bottom));
        }
    }

    private interface Distance {
        double at(double x, double y);
    }

    private final Distance distance;
    private final Box bounds;

    private Outline(Distance distance, Box bounds) {
        this.distance = distance;
        this.bounds = bounds;
    }

    /** The distance of a place to this outline, negative inside. */
    double distance(double x, double y) {
        return distance.at(x, y);
    }

    Box bounds() {
        return bounds;
    }

    static Outline circle(double cx, double cy, double radius) {
        return new Outline(
                (x, y) -> length(x - cx, y - cy) - radius, new Box(cx - radius, cy - radius, cx + radius, cy + radius));
    }

    static Outline ellipse(double cx, double cy, double rx, double ry) {
        return ellipse(cx, cy, rx, ry, 0);
    }

    /** An ellipse turned clockwise by degrees. Its distance is exact to first order at the edge. */
    static Outline ellipse(double cx, double cy, double rx, double ry, double degrees) {
        double cos = StrictMath.cos(StrictMath.toRadians(degrees));
        double sin = StrictMath.sin(StrictMath.toRadians(degrees));
        double halfWidth = length(rx * cos, ry * sin);
        double halfHeight = length(rx * sin, ry * cos);
        Distance distance = (x, y) -> {
            double u = ((x - cx) * cos + (y - cy) * sin) / rx;
            double v = ((y - cy) * cos - (x - cx) * sin) / ry;
            double slope = length(u / rx, v / ry);
            double value = length(u, v);
            return slope == 0 ? -Math.min(rx, ry) : value * (value - 1) / slope;
        };
        return new Outline(distance, new Box(cx - halfWidth, cy - halfHeight, cx + halfWidth, cy + halfHeight));
    }

    static Outline box(double left, double top, double right, double bottom, double rounding) {
        return polygon(rounding, left + rounding, top + rounding, right - rounding, top + rounding,
                right - rounding, bottom - rounding, left + rounding, bottom - rounding);
    }

    /** A closed polygon {@code x0, y0, x1, y1, ...}, grown by the rounding on all sides. */
    static Outline polygon(double rounding, double... points) {
        return new Outline((x, y) -> toPolygon(points, x, y) - rounding, around(points, rounding));
    }

    /** A line through points {@code x0, y0, x1, y1, ...}, thick by the radius on both sides. */
    static Outline stroke(double radius, double... points) {
        Distance distance = (x, y) -> {
            double nearest = Double.POSITIVE_INFINITY;
            for (int i = 2; i < points.length; i += 2) {
                nearest = Math.min(nearest, squareToSegment(points, i - 2, i, x, y));
            }
            return Math.sqrt(nearest) - radius;
        };
        return new Outline(distance, around(points, radius));
    }

    static Outline union(Outline... parts) {
        Box bounds = parts[0].bounds;
        for (Outline part : parts) {
            bounds = bounds.union(part.bounds);
        }
        Distance distance = (x, y) -> {
            double least = Double.POSITIVE_INFINITY;
            for (Outline part : parts) {
                least = Math.min(least, part.distance(x, y));
            }
            return least;
        };
        return new Outline(distance, bounds);
    }

    private static double toPolygon(double[] points, double x, double y) {
        double square = Double.POSITIVE_INFINITY;
        boolean inside = false;
        int before = points.length - 2;
        for (int i = 0; i < points.length; i += 2) {
            square = Math.min(square, squareToSegment(points, before, i, x, y));
            double y0 = points[before + 1];
            double y1 = points[i + 1];
            if (y1 > y != y0 > y && x < points[i] + (points[before] - points[i]) * (y - y1) / (y0 - y1)) {
                inside = !inside;
            }
            before = i;
        }
        return inside ? -Math.sqrt(square) : Math.sqrt(square);
    }

    private static double squareToSegment(double[] points, int from, int to, double x, double y) {
        double ex = points[to] - points[from];
        double ey = points[to + 1] - points[from + 1];
        double wx = x - points[from];
        double wy = y - points[from + 1];
        double share = Math.clamp((wx * ex + wy * ey) / (ex * ex + ey * ey), 0, 1);
        double dx = wx - ex * share;
        double dy = wy - ey * share;
        return dx * dx + dy * dy;
    }

    private static Box around(double[] points, double margin) {
        Box bounds = new Box(points[0], points[1], points[0], points[1]);
        for (int i = 2; i < points.length; i += 2) {
            bounds = bounds.union(new Box(points[i], points[i + 1], points[i], points[i + 1]));
        }
        return new Box(bounds.left - margin, bounds.top - margin, bounds.right + margin, bounds.bottom + margin);
    }

    private static double length(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }
}
