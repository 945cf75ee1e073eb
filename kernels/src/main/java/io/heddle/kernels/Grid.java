package io.heddle.kernels;

/**
 * How many blocks of how many threads a kernel is launched with.
 *
 * @param x blocks along x
 * @param y blocks along y
 * @param z blocks along z
 * @param threadsX threads of a block along x
 * @param threadsY threads of a block along y
 */
record Grid(int x, int y, int z, int threadsX, int threadsY) {
    private static final int POINTWISE_THREADS = 256;
    /** The driver's bound on blocks along y and z. */
    static final int MOST = 65_535;

    Grid {
        if (y > MOST || z > MOST) {
            throw new IllegalArgumentException("a grid of (" + x + ", " + y + ", " + z + ") blocks was asked for; along y and z at most " + MOST
                    + " exist: use a smaller batch or picture");
        }
    }

    /** A thread for each of {@code n} elements. */
    static Grid pointwise(long n) {
        return new Grid(blocks(n, POINTWISE_THREADS), 1, 1, POINTWISE_THREADS, 1);
    }

    /** The number of blocks that cover {@code n} elements. */
    static int blocks(long n, int block) {
        return Math.toIntExact(Math.ceilDiv(n, block));
    }

    boolean isEmpty() {
        return x == 0 || y == 0 || z == 0;
    }

    @Override
    public String toString() {
        return "<<<(" + x + ", " + y + ", " + z + "), (" + threadsX + ", " + threadsY + ")>>>";
    }
}
