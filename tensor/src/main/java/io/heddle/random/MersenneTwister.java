package io.heddle.random;

/** The 32-bit Mersenne Twister MT19937. Matsumoto and Nishimura 1998, seeded as their 2002 {@code init_genrand}. */
final class MersenneTwister {
    private static final int SIZE = 624;
    private static final int SHIFT = 397;
    private static final int TWIST = 0x9908b0df;
    private static final int UPPER_BIT = 0x80000000;

    private final int[] state = new int[SIZE];
    private int next = SIZE;

    MersenneTwister(int seed) {
        state[0] = seed;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
    }

    /** The next 32 random bits. */
    int nextInt() {
        if (next == SIZE) {
            twist();
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >>> 18;
    }

    private void twist() {
        for (int i = 0; i < SIZE; i++) {
            int y = state[i] & UPPER_BIT | state[(i + 1) % SIZE] & ~UPPER_BIT;
            state[i] = state[(i + SHIFT) % SIZE] ^ y >>> 1 ^ -(y & 1) & TWIST;
        }
        next = 0;
    }
}
