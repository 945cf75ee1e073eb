package io.heddle.kernels;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The names of the libraries that a shared library for 64-bit Linux asks for, and the versions of the symbols that it expects of them. Renaming both makes
 * a library that was linked against one major version run on the next, as long as the functions it calls have not changed. Tool Interface Standard,
 * "Executable and Linking Format", version 1.2; Drepper 2002, "ELF Symbol Versioning".
 */
final class ElfImports {
    private static final int SECTIONS_OFFSET = 0x28;
    private static final int SECTION_COUNT = 0x3C;
    private static final int SECTION_BYTES = 64;
    private static final int STRING_TABLE = 3;
    private static final int VERSIONS_NEEDED = 0x6ffffffe;
    /** The flag of sections that are mapped at run time: the names of linking alone stay. */
    private static final long ALLOCATED = 2;

    private final ByteBuffer elf;

    private ElfImports(byte[] elf) {
        this.elf = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * A copy of a shared library that asks for {@code to} instead of {@code from}, names of equal length.
     *
     * @throws IllegalArgumentException if the lengths differ or the library does not ask for {@code from}
     */
    static byte[] renamed(byte[] library, String from, String to) {
        if (from.length() != to.length()) {
            throw new IllegalArgumentException(from + " cannot be renamed to " + to + " in place: the lengths differ");
        }
        ElfImports imports = new ElfImports(library.clone());
        int names = 0;
        for (int i = 0; i < imports.elf.getShort(SECTION_COUNT); i++) {
            int header = Math.toIntExact(imports.elf.getLong(SECTIONS_OFFSET)) + i * SECTION_BYTES;
            int type = imports.elf.getInt(header + 4);
            boolean allocated = (imports.elf.getLong(header + 8) & ALLOCATED) != 0;
            int offset = Math.toIntExact(imports.elf.getLong(header + 24));
            int size = Math.toIntExact(imports.elf.getLong(header + 32));
            if (type == STRING_TABLE && allocated) {
                names += imports.renameStrings(offset, size, from, to);
            } else if (type == VERSIONS_NEEDED) {
                imports.renameVersions(offset, from, to);
            }
        }
        if (names == 0) {
            throw new IllegalArgumentException("the library does not ask for " + from);
        }
        return imports.elf.array();
    }

    private int renameStrings(int offset, int size, String from, String to) {
        byte[] before = ("\0" + from + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] after = ("\0" + to + "\0").getBytes(StandardCharsets.US_ASCII);
        int count = 0;
        for (int at = offset; at + before.length <= offset + size; at++) {
            if (Arrays.equals(elf.array(), at, at + before.length, before, 0, before.length)) {
                elf.put(at, after);
                count++;
            }
        }
        return count;
    }

    /** Each needed library has an entry, and that a list of versions, found by the hash of their names. */
    private void renameVersions(int offset, String from, String to) {
        int entry = offset;
        int next;
        do {
            int version = entry + elf.getInt(entry + 8);
            for (int i = 0; i < elf.getShort(entry + 2); i++) {
                if (elf.getInt(version) == hash(from)) {
                    elf.putInt(version, hash(to));
                }
                version += elf.getInt(version + 12);
            }
            next = elf.getInt(entry + 12);
            entry += next;
        } while (next != 0);
    }

    /** The hash function of ELF. */
    private static int hash(String name) {
        int hash = 0;
        for (char c : name.toCharArray()) {
            hash = (hash << 4) + c;
            int high = hash & 0xf0000000;
            hash = (hash ^ high >>> 24) & ~high;
        }
        return hash;
    }
}
