package dev.selvedge.server.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * One server's share of the operating system: it makes listeners, pollers and files to send,
 * and has a clock and threads.
 *
 * <p>All methods may be called by any thread.
 */
public interface Transport extends AutoCloseable {

    /**
     * Returns the provider's {@linkplain TransportProvider#name() name}.
     *
     * @return the name, never null
     */
    String name();

    /**
     * Opens a socket that is bound to the address and listens. Addresses are reusable at once after a server has ended
     * ({@code SO_REUSEADDR}); accepted connections are non-blocking and send small messages without delay
     * ({@code TCP_NODELAY}). The wildcard address takes IPv6 and IPv4 where the machine has both.
     *
     * @param address where to listen, resolved; port 0 lets the system choose
     * @param backlog how many completed connections may wait to be accepted, at least 1
     * @param maxUnsentBytes how much the system may hold, for each accepted connection, of what was written and not yet
     *     taken by a peer that does not read, at least 1; it may be up to twice as much and one segment more, as
     *     systems count differently. Where the system can tell the two apart, what is on its way to a peer that reads
     *     does not count. {@link Integer#MAX_VALUE} leaves it to the system
     * @return the listener
     * @throws java.net.BindException if the address is in use, not of this machine or not allowed; the message says
     *     which of these, but not the address, which is the caller's to name
     * @throws IOException if it fails for another reason; the message likewise
     */
    Listener listen(InetSocketAddress address, int backlog, int maxUnsentBytes) throws IOException;

    /**
     * Makes the poller of one event loop.
     *
     * @return a new poller, to be closed by its loop
     * @throws IOException if the system has no descriptor or no memory for it
     */
    Poller poller() throws IOException;

    /**
     * Opens a regular file, to be sent with {@link Channel#sendFile}. Never waits for a writer (a FIFO is refused).
     *
     * @param file a path of any file system
     * @return the open file, to be closed by the caller
     * @throws java.nio.file.NoSuchFileException if there is none, or it is not a regular file
     * @throws java.nio.file.AccessDeniedException if it may not be read
     * @throws IOException if it can't be opened, at least not now
     */
    FileSource open(Path file) throws IOException;

    /**
     * Returns the clock of this transport's system. A transport that stands on another one passes on that one's.
     *
     * @return the system's time, unless the transport brings a clock of its own; always the same
     */
    default TimeSource time() {
        return TimeSource.system();
    }

    /**
     * Returns the threads of this transport's system. A transport that stands on another one passes on that one's.
     *
     * @return the system's threads, unless the transport brings its own, which wait by its own clock; always the same
     */
    default ServerThreads threads() {
        return ServerThreads.system();
    }

    /** Gives back what the transport itself holds. Its pollers, listeners and files are closed before. */
    @Override
    void close();
}
