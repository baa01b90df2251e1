package dev.selvedge.server.transport.memory;

/** Octets on their way through a socket's buffer of bounded size: a ring that grows as it is used. */
final class Pipe {

    private static final int FIRST_BYTES = 1024;

    private final int capacity;
    private byte[] ring = new byte[0];
    private int first;
    private int length;

    /**
     * Makes an empty one.
     *
     * @param capacity how many octets it holds at most, at least 1
     */
    Pipe(int capacity) {
        this.capacity = capacity;
    }

    int capacity() {
        return capacity;
    }

    int length() {
        return length;
    }

    int room() {
        return capacity - length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Takes octets in, for which there is room. */
    void put(byte[] src, int from, int count) {
        grow(length + count);
        int at = (first + length) % ring.length;
        int untilWrap = Math.min(count, ring.length - at);
        System.arraycopy(src, from, ring, at, untilWrap);
        System.arraycopy(src, from + untilWrap, ring, 0, count - untilWrap);
        length += count;
    }

    private void grow(int needed) {
        if (needed > ring.length) {
            byte[] larger = new byte[(int) Math.min(capacity, Math.max(needed, Math.max(FIRST_BYTES, 2L * ring.length)))];
            int kept = length;
            take(larger, 0, kept);
            ring = larger;
            first = 0;
            length = kept;
        }
    }

    /** Gives octets out that are there. */
    void take(byte[] dst, int from, int count) {
        int untilWrap = Math.min(count, ring.length - first);
        System.arraycopy(ring, first, dst, from, untilWrap);
        System.arraycopy(ring, 0, dst, from + untilWrap, count - untilWrap);
        length -= count;
        first = length == 0 ? 0 : (first + count) % ring.length;
    }

    void clear() {
        length = 0;
    }
}
