package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Content;
import dev.selvedge.server.http1.Input;
import dev.selvedge.server.http1.Output;
import dev.selvedge.server.http1.ServerConnection;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Readiness;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;

/**
 * Moves the bytes of one connection between its channel and the protocol, and remembers what the last edges said, so
 * that no system call is made that can only answer EAGAIN. Requests know it as their {@link Peer}.
 */
final class Wire implements Peer {

    /** What moving bytes ended with. */
    enum Result {
        /** Some were moved, or the end of input was found, and what had come before is still to be dealt with. */
        MOVED,
        /** Nothing can be moved before the next edge. */
        BLOCKED,
        /** The end of input was found between two requests. */
        ENDED,
        /** The connection has failed, or what was promised can't be sent. */
        FAILED
    }

    /** How much is read at a time, at most. */
    static final int READ_MAX_BYTES = 64 * 1024;

    private static final long FILE_SLICE_BYTES = 1024 * 1024;
    private static final int FILE_COPY_BYTES = 16 * 1024;

    private final Channel channel;
    private final ServerConnection http;
    private FileTransfer file;

    /**
     * What the edges have said, and no system call has refuted since. Bits, which are noted without a branch: one that
     * was never taken, as for the first failure of all, would have the methods compiled anew that run most often.
     */
    private int readiness = Readiness.WRITABLE;

    Wire(Channel channel, ServerConnection http) {
        this.channel = channel;
        this.http = http;
    }

    Channel channel() {
        return channel;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    @Override
    public InetSocketAddress localAddress() {
        return channel.localAddress();
    }

    boolean readable() {
        return has(Readiness.READABLE);
    }

    private boolean has(int bit) {
        return (readiness & bit) != 0;
    }

    /** Takes up edges. */
    void note(int edges) {
        readiness |= edges;
    }

    /** Reads once into the input, which may use an array from an index on. */
    Result fill(byte[] scratch, int at, long now) {
        if (!readable()) {
            return Result.BLOCKED;
        }
        Input in = http.input();
        in.prepare(scratch, at);
        int room = Math.min(in.room(), READ_MAX_BYTES);
        int n = channel.read(in.array(), in.to(), room);
        if (n > 0) {
            if (n < room && !has(Readiness.HANG_UP)) {
                // A short read has emptied the socket, so an edge tells of more; but data and FIN may share an edge.
                readiness &= ~Readiness.READABLE;
            }
            http.received(n, now);
            return Result.MOVED;
        }
        return nothingCame(n);
    }

    /** Apart from {@link #fill}, so that what runs for every request stays small. */
    private Result nothingCame(int n) {
        readiness &= ~Readiness.READABLE;
        if (n == 0) {
            http.endOfInput();
            return http.idle() ? Result.ENDED : Result.MOVED;
        }
        return n == -Errno.EAGAIN ? Result.BLOCKED : Result.FAILED;
    }

    /** Writes once from the output. */
    Result flush(long now) {
        if (!has(Readiness.WRITABLE)) {
            return Result.BLOCKED;
        }
        Output out = http.output();
        int n = http.sendsLast() ? channel.writeLast(out.array(), out.from(), out.contiguous())
                : channel.write(out.array(), out.from(), out.contiguous());
        if (n > 0) {
            http.sent(n, now);
            return Result.MOVED;
        }
        return refused(n);
    }

    /** Tries to send although no edge has come, because edges come late; true if some octets were taken. */
    boolean probeOutput(long now) {
        note(Readiness.WRITABLE);
        return (http.output().isEmpty() ? sendFile(now) : flush(now)) == Result.MOVED;
    }

    /** Tries to read although no edge has been told, because that may be for want of time; true if something came. */
    boolean probeInput(byte[] scratch, int at, long now) {
        note(Readiness.READABLE);
        return fill(scratch, at, now) == Result.MOVED;
    }

    private Result refused(long n) {
        if (n == -Errno.EAGAIN) {
            readiness &= ~Readiness.WRITABLE;
            return Result.BLOCKED;
        }
        return Result.FAILED;
    }

    /** Ends the sending side. */
    Result shutDownOutput() {
        return channel.shutdownOutput() < 0 ? Result.FAILED : Result.MOVED;
    }

    // ---- a file ------------------------------------------------------------------------------------------------

    /** Opens the file of an answer; returns the answer to be given, or null if that has to be made anew. */
    Answer open(Shared shared, Answer answer, Content.FileRange range) {
        return switch (FileOpening.of(shared, range)) {
            case FileOpening.Opened(FileTransfer opened) -> {
                file = opened;
                yield answer;
            }
            case FileOpening.Failed(Answer instead) -> instead;
            case FileOpening.Changed() -> null;
        };
    }

    /** Sends a part of the file. */
    Result sendFile(long now) {
        if (!has(Readiness.WRITABLE)) {
            return Result.BLOCKED;
        }
        long n = file.send(channel, Math.min(http.fileRemaining(), FILE_SLICE_BYTES));
        if (n > 0) {
            http.fileSent(n, now);
        } else if (n == -Errno.EINVAL) {
            byte[] copy = new byte[(int) Math.min(http.fileRemaining(), FILE_COPY_BYTES)];
            int read = file.read(copy);
            if (read <= 0) {
                return Result.FAILED;
            }
            http.copyFile(copy, read);
        } else {
            return refused(n); // 0: the file has become shorter than was promised
        }
        if (http.fileRemaining() == 0) {
            closeFile();
        }
        return Result.MOVED;
    }

    /** Closes the file, if one is open. */
    void closeFile() {
        if (file != null) {
            file.close();
            file = null;
        }
    }

    // ---- on a handler's thread ---------------------------------------------------------------------------------

    /**
     * Reads once into the input, waiting for octets, at most until a moment.
     *
     * @return false if the client is too slow, or the moment has come
     */
    boolean fillWaiting(byte[] scratch, long until, Ownership ownership, Shared shared) throws IOException {
        for (;;) {
            switch (fill(scratch, 0, shared.time().nanos())) {
                case MOVED -> {
                    return true;
                }
                case ENDED, FAILED -> // ENDED can't be: a request is in flight
                    throw new ConnectionFailedException("the client has reset the connection");
                case BLOCKED -> {
                    if (!awaitEdge(Readiness.READABLE, until, ownership, shared)) {
                        return probeInput(scratch, 0, shared.time().nanos());
                    }
                }
            }
        }
    }

    /**
     * Writes the whole output, waiting for room.
     *
     * @return false if the client is too slow
     */
    boolean flushWaiting(Ownership ownership, Shared shared) throws IOException {
        while (!http.output().isEmpty()) {
            switch (flush(shared.time().nanos())) {
                case MOVED -> { }
                case ENDED, FAILED -> // ENDED can't be: nothing is read
                    throw new ConnectionFailedException("the client has closed the connection");
                case BLOCKED -> {
                    if (!awaitEdge(Readiness.WRITABLE, Deadline.NEVER, ownership, shared)
                            && !probeOutput(shared.time().nanos())) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private boolean awaitEdge(int wanted, long until, Ownership ownership, Shared shared)
            throws IOException {
        for (;;) {
            long now = shared.time().nanos();
            long left = Math.min(http.paceDeadline(now), until) - now;
            if (left <= 0) {
                return false;
            }
            int edges = ownership.await(wanted | Readiness.HANG_UP, left, shared.threads());
            switch (edges) {
                case Ownership.KILLED -> throw new ConnectionFailedException("the server has closed the connection");
                case Ownership.INTERRUPTED ->
                    throw new InterruptedIOException("interrupted while waiting for the client");
                case 0 -> { }
                default -> {
                    note(edges);
                    return true;
                }
            }
        }
    }
}
