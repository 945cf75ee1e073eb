package io.heddle.clip;

import java.util.Arrays;

/**
 * The printable characters that stand for the 256 bytes in a byte-level vocabulary: a visible Latin-1 character stands for its own code, the other 68
 * bytes for U+0100 and following in increasing order. Radford et al. 2019 (GPT-2).
 */
final class ByteAlphabet {
    private static final char[] CHARACTERS = characters();
    private static final int[] BYTES = bytes();

    private ByteAlphabet() {}

    /** The character of a byte of 0..255. */
    static char character(int value) {
        return CHARACTERS[value];
    }

    /** Whether the character stands for a byte. */
    static boolean contains(char character) {
        return character < BYTES.length && BYTES[character] >= 0;
    }

    /** The byte that a {@linkplain #contains contained} character stands for. */
    static byte value(char character) {
        return (byte) BYTES[character];
    }

    private static char[] characters() {
        char[] characters = new char[256];
        char next = 0x100;
        for (int value = 0; value < characters.length; value++) {
            boolean visible = value > ' ' && value <= '~' || value >= 0xA1 && value != 0xAD;
            characters[value] = visible ? (char) value : next++;
        }
        return characters;
    }

    private static int[] bytes() {
        int[] bytes = new int[0x100 + 68];
        Arrays.fill(bytes, -1);
        for (int value = 0; value < CHARACTERS.length; value++) {
            bytes[CHARACTERS[value]] = value;
        }
        return bytes;
    }
}
