package dev.selvedge.server.engine;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The arrays in which handlers' threads put responses together, each lent to one turn after another: a new one for each
 * response would cost more than the response.
 *
 * <p>Free of locks. An array that finds no place here when it comes back is left to the garbage collector.
 */
final class BufferPool {

    /**
     * The length of each array: what a client that does not take its response costs, beside the system's part. A
     * response of 64 KiB in chunks of 1 KiB leaves in one piece.
     */
    static final int BUFFER_BYTES = 80 * 1024;

    private static final int PLACES = 64;

    private final AtomicReferenceArray<byte[]> places = new AtomicReferenceArray<>(PLACES);

    /** Returns an array that nobody else uses until it is {@linkplain #give given} back. */
    byte[] take() {
        for (int i = 0; i < PLACES; i++) {
            // Looks before it writes: a failed exchange would take the cache line from its neighbours too.
            if (places.getPlain(i) != null) {
                byte[] buffer = places.getAndSet(i, null);
                if (buffer != null) {
                    return buffer;
                }
            }
        }
        return new byte[BUFFER_BYTES];
    }

    void give(byte[] buffer) {
        for (int i = 0; i < PLACES; i++) {
            if (places.getPlain(i) == null && places.compareAndSet(i, null, buffer)) {
                return;
            }
        }
    }
}
