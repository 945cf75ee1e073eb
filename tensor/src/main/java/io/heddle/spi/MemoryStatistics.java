package io.heddle.spi;

/**
 * Bytes of buffers in use.
 *
 * @param liveBytes bytes allocated and not released
 * @param peakBytes the largest {@code liveBytes} since the backend was opened
 * @param pooledBytes bytes released and kept for reuse
 */
public record MemoryStatistics(long liveBytes, long peakBytes, long pooledBytes) {}
