package io.heddle.cpu;

/** Working space of one kernel: an array for each thread, kept from call to call. */
final class Scratch {
    private final ThreadLocal<float[]> arrays = ThreadLocal.withInitial(() -> new float[0]);

    /** This thread's array of at least {@code length} elements, with undefined contents; the next call on the same thread hands out the same. */
    float[] array(int length) {
        float[] array = arrays.get();
        if (array.length < length) {
            array = new float[length];
            arrays.set(array);
        }
        return array;
    }
}
