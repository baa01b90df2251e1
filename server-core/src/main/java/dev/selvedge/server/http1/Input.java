package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/**
 * The octets that were received and not yet used: a window of an array.
 *
 * <p>The array is lent by whoever drives the connection for as long as one turn lasts, so that an idle connection
 * holds none; what is left at the end of the turn moves to an array of the connection's own. Of a lent array it has
 * what lies behind an index, since other connections' octets may lie before that; and once it is {@linkplain #seal
 * sealed}, what lies behind the window can be lent to others, too.
 *
 * <pre>
 *   0                  from           to          array.length
 *   |  others'  | used |  to be used  |  room     |
 * </pre>
 */
public final class Input {

    private static final byte[] NOTHING = {};
    private static final int OWN_MIN_BYTES = 512;

    /** For a connection that sends more than was lent: so much is read at a time until the window is empty again. */
    private static final int OWN_BEHIND_LENT_BYTES = 4096;

    private byte[] array = NOTHING;
    private int from;
    private int to;
    private boolean lent;
    private boolean sealed;
    private boolean ended;

    /** Makes an empty window. */
    Input() { }

    /**
     * Makes sure that there is room for at least one octet behind the window. An empty window moves into the lent
     * array; another one stays where it is, or moves to a larger array.
     *
     * @param scratch an array that is free until {@link #settle()}
     * @param at the index from which on it is, less than its length
     */
    public void prepare(byte[] scratch, int at) {
        if (from == to) {
            array = scratch;
            from = at;
            to = at;
            lent = true;
            sealed = false;
        } else if (room() == 0) {
            makeRoom();
        }
        assert invariant() && room() > 0;
    }

    private void makeRoom() {
        int length = to - from;
        if (!lent && from > 0 && from >= array.length / 2) {
            System.arraycopy(array, from, array, 0, length);
        } else {
            byte[] larger = new byte[Math.max(lent ? OWN_BEHIND_LENT_BYTES : OWN_MIN_BYTES, 2 * length)];
            System.arraycopy(array, from, larger, 0, length);
            array = larger;
            lent = false;
            sealed = false;
        }
        from = 0;
        to = length;
    }

    /** Returns the array that the window lies in. */
    public byte[] array() {
        return array;
    }

    /** Returns the index of the first octet to be used. */
    int from() {
        return from;
    }

    /** Returns the index behind the last octet, where the next ones are put. */
    public int to() {
        return to;
    }

    /** Returns how many octets can be put behind the window. */
    public int room() {
        return sealed ? 0 : array.length - to;
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

    /** Returns how many octets are to be used. */
    int length() {
        return to - from;
    }

    /** Returns whether nothing is to be used. */
    public boolean isEmpty() {
        return from == to;
    }

    /** Returns whether the octets to be used begin, behind the empty lines that a parser passes over, with this text. */
    boolean beginsRequest(String text) {
        int at = from;
        for (int lines = 0; lines < RequestParser.MAX_EMPTY_LINES && to - at >= 2; lines++) {
            if (array[at] != Octets.CR || array[at + 1] != Octets.LF) {
                break;
            }
            at += 2;
        }
        return to - at >= text.length() && text.equals(new String(array, at, text.length(), ISO_8859_1));
    }

    /**
     * Takes up octets that were put behind the window.
     *
     * @param n how many
     */
    void added(int n) {
        to += n;
        assert invariant();
    }

    /** Notes that nothing will come any more. */
    void end() {
        ended = true;
    }

    /** Returns whether nothing comes behind the window. */
    boolean ended() {
        return ended;
    }

    /** Drops the first octets of the window: they are used. */
    void skip(int n) {
        from += n;
        assert invariant();
    }

    /** Drops everything. */
    void clear() {
        from = to;
        assert invariant();
    }

    /** Ends the loan: what is left moves to an array of the connection's own. */
    public void settle() {
        if (from == to) {
            array = NOTHING;
            from = 0;
            to = 0;
        } else if (lent) {
            int length = to - from;
            array = Arrays.copyOfRange(array, from, from + Math.max(OWN_MIN_BYTES, length));
            from = 0;
            to = length;
        }
        lent = false;
        sealed = false;
        assert invariant();
    }

    /** Returns whether no array is held, as after {@link #settle} if nothing was left. */
    public boolean isSettled() {
        return array == NOTHING;
    }

    private boolean invariant() {
        return 0 <= from && from <= to && to <= array.length;
    }
}
