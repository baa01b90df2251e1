package dev.selvedge.server.transport;

/**
 * The error numbers that a transport may answer, negated, with Linux's values (errno(3)) on every platform.
 *
 * <p>A transport that knows no numbers answers {@link #EAGAIN}, {@link #EPIPE}, {@link #ECONNRESET}, {@link #EMFILE},
 * and {@link #EIO} for anything else.
 */
public final class Errno {

    /** Operation not permitted. */
    public static final int EPERM = 1;
    /** No such file or directory. */
    public static final int ENOENT = 2;
    /** Interrupted by a signal. */
    public static final int EINTR = 4;
    /** Input/output error. */
    public static final int EIO = 5;
    /** Bad descriptor. */
    public static final int EBADF = 9;
    /** Not ready now: wait for the next edge. */
    public static final int EAGAIN = 11;
    /** No memory. */
    public static final int ENOMEM = 12;
    /** Permission denied. */
    public static final int EACCES = 13;
    /** Is a directory. */
    public static final int EISDIR = 21;
    /** Invalid argument. */
    public static final int EINVAL = 22;
    /** The whole system has no descriptor left. */
    public static final int ENFILE = 23;
    /** This process has no descriptor left. */
    public static final int EMFILE = 24;
    /** No space left, or a watch limit reached. */
    public static final int ENOSPC = 28;
    /** The peer does not take any more. */
    public static final int EPIPE = 32;
    /** Function not implemented. */
    public static final int ENOSYS = 38;
    /** Protocol error. */
    public static final int EPROTO = 71;
    /** Address family not supported. */
    public static final int EAFNOSUPPORT = 97;
    /** Address in use. */
    public static final int EADDRINUSE = 98;
    /** Address not of this machine. */
    public static final int EADDRNOTAVAIL = 99;
    /** The network is down. */
    public static final int ENETDOWN = 100;
    /** The connection ended while it waited to be accepted. */
    public static final int ECONNABORTED = 103;
    /** The peer has reset the connection. */
    public static final int ECONNRESET = 104;
    /** No buffer space. */
    public static final int ENOBUFS = 105;
    /** Not connected. */
    public static final int ENOTCONN = 107;
    /** The connection timed out. */
    public static final int ETIMEDOUT = 110;

    private Errno() { }

    /**
     * Returns a short text for a message: the symbol and what it means, or the bare number.
     *
     * @param errno a number, positive
     * @return for example {@code "EMFILE (this process has no descriptor left)"}
     */
    public static String describe(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM (operation not permitted)";
            case ENOENT -> "ENOENT (no such file or directory)";
            case EINTR -> "EINTR (interrupted by a signal)";
            case EIO -> "EIO (input/output error)";
            case EBADF -> "EBADF (bad descriptor)";
            case EAGAIN -> "EAGAIN (not ready now)";
            case ENOMEM -> "ENOMEM (no memory)";
            case EACCES -> "EACCES (permission denied)";
            case EISDIR -> "EISDIR (is a directory)";
            case EINVAL -> "EINVAL (invalid argument)";
            case ENFILE -> "ENFILE (the whole system has no descriptor left)";
            case EMFILE -> "EMFILE (this process has no descriptor left)";
            case ENOSPC -> "ENOSPC (no space left, or a watch limit reached)";
            case EPIPE -> "EPIPE (the peer does not take any more)";
            case ENOSYS -> "ENOSYS (function not implemented)";
            case EPROTO -> "EPROTO (protocol error)";
            case EAFNOSUPPORT -> "EAFNOSUPPORT (address family not supported)";
            case EADDRINUSE -> "EADDRINUSE (address in use)";
            case EADDRNOTAVAIL -> "EADDRNOTAVAIL (address not of this machine)";
            case ENETDOWN -> "ENETDOWN (the network is down)";
            case ECONNABORTED -> "ECONNABORTED (the connection ended while it waited)";
            case ECONNRESET -> "ECONNRESET (the peer has reset the connection)";
            case ENOBUFS -> "ENOBUFS (no buffer space)";
            case ENOTCONN -> "ENOTCONN (not connected)";
            case ETIMEDOUT -> "ETIMEDOUT (the connection timed out)";
            default -> "errno " + errno;
        };
    }
}
