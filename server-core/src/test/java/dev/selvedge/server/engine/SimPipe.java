package dev.selvedge.server.engine;

/** Octets on their way through a socket's buffer of bounded size. */
final class SimPipe {

    private final byte[] ring;
    private int first;
    private int length;

    SimPipe(int capacity) {
        this.ring = new byte[capacity];
    }

    int capacity() {
        return ring.length;
    }

    int length() {
        return length;
    }

    int room() {
        return ring.length - length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    void put(byte[] src, int from, int count) {
        int at = (first + length) % ring.length;
        int untilWrap = Math.min(count, ring.length - at);
        System.arraycopy(src, from, ring, at, untilWrap);
        System.arraycopy(src, from + untilWrap, ring, 0, count - untilWrap);
        length += count;
    }

    void take(byte[] dst, int from, int count) {
        int untilWrap = Math.min(count, ring.length - first);
        System.arraycopy(ring, first, dst, from, untilWrap);
        System.arraycopy(ring, 0, dst, from + untilWrap, count - untilWrap);
        first = (first + count) % ring.length;
        length -= count;
    }

    void clear() {
        length = 0;
    }
}
