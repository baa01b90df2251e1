package dev.selvedge.server.transport;

import java.net.InetSocketAddress;

/**
 * A byte stream to one peer, never waiting.
 *
 * <p>A channel has one owner at a time, which may be another thread than that of its poller; {@link #read},
 * {@link #write}, {@link #writeLast}, {@link #sendFile} and {@link #shutdownOutput} belong to the owner.
 * {@link #close} and {@link #abort} belong to the poller's thread, also while another thread owns the channel: an
 * operation that is under way then ends as it would have, later ones answer {@code -EBADF}, and none ever reaches
 * another connection that was given the same descriptor.
 */
public interface Channel {

    /**
     * Reads what is there. An answer that is smaller than {@code length} says that there was no more at that moment:
     * a new edge is told when more arrives. Interruptions are retried.
     *
     * @param dst where to put the bytes
     * @param from the first index in {@code dst}
     * @param length how many bytes at most, at least 1
     * @return how many bytes were read, at least 1; 0 at the end of input; {@code -EAGAIN} if there is nothing now;
     *     another {@code -errno} if the connection has failed
     */
    int read(byte[] dst, int from, int length);

    /**
     * Writes what the system takes now. After an answer that is smaller than {@code length} the caller tries again
     * until it is told {@code -EAGAIN}; then a new edge comes when there is room. Interruptions are retried; a peer
     * that is gone gives {@code -EPIPE} or {@code -ECONNRESET}, never a signal.
     *
     * @param src the bytes
     * @param from the first index in {@code src}
     * @param length how many bytes, at least 1
     * @return how many bytes were taken, at least 1; {@code -EAGAIN} if there is no room now; another {@code -errno} if
     *     the connection has failed
     */
    int write(byte[] src, int from, int length);

    /**
     * Writes likewise, with the promise that {@link #shutdownOutput} or {@link #close} follows as soon as everything is
     * taken. Until then the system may hold the last bytes back, so that they leave in one segment with the FIN; an
     * {@link #abort} throws them away.
     *
     * @param src the bytes
     * @param from the first index in {@code src}
     * @param length how many bytes, at least 1
     * @return as {@link #write} does
     */
    default int writeLast(byte[] src, int from, int length) {
        return write(src, from, length);
    }

    /**
     * Writes bytes of a file without bringing them into the program, as far as the system takes them now.
     *
     * @param file an open file of the same transport
     * @param position the offset of the first byte, at least 0
     * @param count how many bytes at most, at least 1
     * @return how many bytes were taken; 0 if the file ends at or before the position; {@code -EAGAIN} if there is no
     *     room now; {@code -EINVAL} if this file can't be sent this way (then {@link FileSource#read} and
     *     {@link #write} do); another {@code -errno} if the connection has failed
     */
    long sendFile(FileSource file, long position, long count);

    /**
     * Ends the sending side (FIN) behind what was written; reading goes on.
     *
     * @return 0, or {@code -errno}
     */
    int shutdownOutput();

    /** Closes at once and throws away what was not sent; the peer is told by a reset (RST). May be called repeatedly. */
    void abort();

    /** Closes both directions; the system still sends what was written. May be called repeatedly. */
    void close();

    /**
     * Returns the peer's address. May be called by any thread, also after closing.
     *
     * @return the address, never null
     */
    InetSocketAddress remoteAddress();

    /**
     * Returns this side's address. May be called by any thread, also after closing.
     *
     * @return the address, never null
     */
    InetSocketAddress localAddress();
}
