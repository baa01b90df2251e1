package dev.selvedge.server.http1;

/**
 * Watches that a client sends or takes octets at a minimum rate.
 *
 * <p>Only the time during which the server waited for the client counts. As soon as {@code paceBytes} have moved, a
 * new window begins; when {@code paceNanos} of waiting are over before that, the client is too slow. A burst at the
 * beginning therefore buys no rest later.
 */
final class Pace {

    private static final long NOT_WAITING = Long.MIN_VALUE;

    /**
     * How many times as long a client may take. What it has taken is seen only in large steps: its system tells of room
     * for whole segments and a sixteenth of its own buffer at least, and ours as an edge not before a third or a half
     * of what it may hold is free.
     */
    private static final int SENDING_PATIENCE = 6;

    private final long paceBytes;
    private final long paceNanos;
    private long moved;
    private long waited;
    private long waitingSince = NOT_WAITING;

    Pace(long paceBytes, long paceNanos) {
        this.paceBytes = paceBytes;
        this.paceNanos = paceNanos;
    }

    /**
     * Begins to wait for the client, unless that has begun; returns until when it has time: then it is too slow.
     *
     * @param sending whether it is to take octets rather than to send some
     */
    long waiting(long now, boolean sending) {
        if (waitingSince == NOT_WAITING) {
            waitingSince = now;
        }
        return waitingSince + (sending ? SENDING_PATIENCE : 1) * paceNanos - waited;
    }

    /** Notes that the waiting is over because octets moved. */
    void moved(long octets, long now) {
        if (waitingSince != NOT_WAITING) {
            waited += now - waitingSince;
            waitingSince = NOT_WAITING;
        }
        moved += octets;
        if (moved >= paceBytes) {
            moved = 0;
            waited = 0;
        }
    }
}
