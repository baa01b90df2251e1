package dev.selvedge.server.transport;

/**
 * The bits of an edge: what became possible on a channel, as a poller tells it. An edge may repeat a bit that is still
 * true, so a bit is a reason to try, and no proof that something is new.
 */
public final class Readiness {

    /** Reading may give bytes, the end of input, or an error. */
    public static final int READABLE = 1;

    /** Writing may take bytes, or give an error. */
    public static final int WRITABLE = 1 << 1;

    /**
     * The peer has ended its sending side, or the connection has failed. Bytes may still be there: read until the end
     * of input. Told by transports that can ({@code EPOLLRDHUP}), together with {@link #READABLE}, and after a failure
     * with {@link #WRITABLE}, too; on others the reader finds the end by itself.
     */
    public static final int HANG_UP = 1 << 2;

    private Readiness() { }
}
