package dev.selvedge.server.http1;

import java.util.Arrays;

/**
 * The octets that are to be sent: a window of an array, and behind it a range of somebody else's array that is too
 * large to be copied.
 *
 * <p>Like an {@link Input} it lives in a lent array during a turn, from an index on. Responses of one batch of requests
 * are gathered in the window and leave together. Once it is {@linkplain #seal sealed}, what lies behind the window can
 * be lent to others.
 *
 * <pre>
 *   0           base   from           to          array.length
 *   |  others'  | sent |  to be sent  |  room     |
 * </pre>
 */
public final class Output {

    private static final byte[] NOTHING = {};
    private static final int OWN_MIN_BYTES = 512;
    private static final int HIGH_WATER_BYTES = 32 * 1024;

    private byte[] array = NOTHING;
    private int base;
    private int from;
    private int to;
    private boolean lent;
    private boolean sealed;
    private byte[] tail = NOTHING;
    private int tailFrom;
    private int tailTo;

    /** Makes an output with nothing to send. */
    Output() { }

    /**
     * Offers an array for this turn. Taken only if nothing is to be sent.
     *
     * @param scratch an array that is free until {@link #settle()}
     * @param at the index from which on it is
     */
    public void lend(byte[] scratch, int at) {
        if (from == to && tailFrom == tailTo) {
            take(scratch, at, 0);
            lent = true;
            sealed = false;
        }
    }

    /**
     * Ends the loan of what lies behind the window.
     *
     * @return the index from which on the lent array can be lent to others; {@code at} if the octets lie elsewhere
     */
    public int seal(byte[] scratch, int at) {
        sealed = lent;
        return array == scratch ? to : at;
    }

    /** Returns whether nothing is to be sent. */
    public boolean isEmpty() {
        return from == to && tailFrom == tailTo;
    }

    /** Returns whether octets wait behind the window: then nothing can be appended. */
    boolean hasTail() {
        return tailFrom < tailTo;
    }

    /** Returns whether so much is to be sent that no further pipelined request should be begun. */
    boolean isFull() {
        return length() > HIGH_WATER_BYTES;
    }

    /** Returns how many octets are to be sent, the tail included. */
    long length() {
        return (long) to - from + tailTo - tailFrom;
    }

    /** Returns the array of the octets to be sent first. */
    public byte[] array() {
        return from < to ? array : tail;
    }

    /** Returns the index of the octet to be sent first. */
    public int from() {
        return from < to ? from : tailFrom;
    }

    /** Returns how many octets from {@link #from()} lie in {@link #array()}. */
    public int contiguous() {
        return from < to ? to - from : tailTo - tailFrom;
    }

    /** Drops the first octets: they are sent. At most {@link #contiguous()}. */
    void sent(int n) {
        if (from < to) {
            from += n;
            if (from == to) {
                from = base;
                to = base;
            }
        } else {
            tailFrom += n;
            if (tailFrom == tailTo) {
                tail = NOTHING;
                tailFrom = 0;
                tailTo = 0;
            }
        }
        assert invariant();
    }

    /**
     * Makes room behind the window, in a larger array of the connection's own if need be.
     *
     * @param n how many octets will be written
     * @return the array to write to, from {@link #end()} on
     */
    byte[] reserve(int n) {
        assert tailFrom == tailTo : "nothing can be put between the window and its tail";
        if (n > room()) {
            int length = to - from;
            boolean fits = !sealed && from > base && length + n <= array.length - base;
            byte[] larger = fits ? array : new byte[Math.max(OWN_MIN_BYTES, length == 0 ? n : 2 * (length + n))];
            int at = fits ? base : 0;
            System.arraycopy(array, from, larger, at, length);
            lent &= fits;
            sealed = false;
            take(larger, at, length);
        }
        return array;
    }

    private void take(byte[] newArray, int at, int length) {
        array = newArray;
        base = at;
        from = at;
        to = at + length;
    }

    /** Returns the index at which the next octet is written. */
    int end() {
        return to;
    }

    /** Returns how many octets fit behind the window without another array. */
    int room() {
        return sealed ? 0 : array.length - to;
    }

    /**
     * Takes up octets that were written behind the window.
     *
     * @param end the index behind them
     */
    void written(int end) {
        to = end;
        assert invariant();
    }

    /** Copies octets behind the window. */
    void put(byte[] src, int srcFrom, int length) {
        byte[] dst = reserve(length);
        System.arraycopy(src, srcFrom, dst, to, length);
        written(to + length);
    }

    /** Sends octets behind the window without copying them; they must not change until they are sent. */
    void putUncopied(byte[] src, int srcFrom, int length) {
        assert tailFrom == tailTo;
        tail = src;
        tailFrom = srcFrom;
        tailTo = srcFrom + length;
        assert invariant();
    }

    /** Drops what is not sent beyond the first octets of the window. */
    void truncate(int length) {
        to = from + length;
        assert invariant();
    }

    /** Drops everything that is not sent. */
    void clear() {
        from = base;
        to = base;
        tail = NOTHING;
        tailFrom = 0;
        tailTo = 0;
    }

    /** Ends the loan: what is left moves to an array of the connection's own. */
    public void settle() {
        if (from == to) {
            take(NOTHING, 0, 0);
        } else if (lent) {
            take(Arrays.copyOfRange(array, from, to), 0, to - from);
        }
        lent = false;
        sealed = false;
        assert invariant();
    }

    private boolean invariant() {
        return 0 <= base && base <= from && from <= to && to <= array.length
                && tailFrom <= tailTo && tailTo <= tail.length;
    }
}
