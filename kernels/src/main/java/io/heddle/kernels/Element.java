package io.heddle.kernels;

import io.heddle.spi.Precision;

/** What an element of a buffer is in the device's memory. */
enum Element {
    /** A float32. */
    FLOAT(Float.BYTES),
    /** A number in half precision. */
    HALF(Short.BYTES),
    /** An index. */
    INDEX(Integer.BYTES);

    private final int bytes;

    Element(int bytes) {
        this.bytes = bytes;
    }

    static Element of(Precision precision) {
        return precision == Precision.FLOAT16 ? HALF : FLOAT;
    }

    int bytes() {
        return bytes;
    }
}
