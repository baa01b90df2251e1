package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Content;
import dev.selvedge.server.http1.Refusal;
import dev.selvedge.server.http1.ServerConnection;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import java.net.InetSocketAddress;

/**
 * Drives one connection: meets the needs of the protocol value with the transport's channel.
 *
 * <p>It has one owner at a time. The loop owns it, except while a blocking call is made: then that call's thread does,
 * reads the body and writes the response by itself, and gives it back.
 *
 * <pre>
 *               blocking call, streamed content
 *    ┌──────┐ ─────────────────────────────────────► ┌────────────────┐   edges are noted
 *    │ LOOP │                                         │ handler thread │ ◄── by the loop, which
 *    └──────┘ ◄───────────────────────────────────── └────────────────┘   wakes a waiting thread
 *               quietly, if nothing waits; else by way of the loop's inbox
 * </pre>
 */
final class Connection implements ReadinessTarget, Peer {

    /** What a step of {@link #drive} ended with. */
    private enum Outcome {
        /** Go on. */
        MORE,
        /** Nothing can be done before the next edge or deadline. */
        PARKED,
        /** Others have a right to their turn. */
        YIELDED,
        /** A handler's thread owns the connection now. */
        HANDED_OVER,
        /** The connection has ended and can be closed. */
        CLOSED,
        /** The connection has failed and is to be reset. */
        ABORTED
    }

    private static final int TURNS_MAX = 256;
    private static final long FILE_SLICE_BYTES = 1024 * 1024;
    private static final int FILE_COPY_BYTES = 16 * 1024;

    private final EventLoop loop;
    private final Channel channel;
    private final ServerConnection http;
    private final Ownership ownership = new Ownership();
    final Deadline deadline = new Deadline(this::expired);

    /** The place in the loop's list. */
    int index;

    /** The deadline that a handler's thread has left, since only the loop may touch the queue. */
    private long quietDeadline;

    private boolean readable;
    private boolean writable = true;
    private boolean hungUp;
    private boolean closed;
    private Call call;
    private FileTransfer file;

    Connection(EventLoop loop, Channel channel, ServerConnection http) {
        this.loop = loop;
        this.channel = channel;
        this.http = http;
    }

    // ---- on the loop -------------------------------------------------------------------------------------------

    @Override
    public void ready(int readiness) {
        int edges = ownership.edge(readiness, loop.shared().handlerThreads());
        if (edges != Ownership.NOT_MINE && !closed) {
            note(edges);
            resume();
        }
    }

    /** Goes on driving, as the loop. */
    void resume() {
        if (closed || ownership.handedOver()) {
            return;
        }
        try {
            http.output().lend(loop.outputScratch());
            settle(drive(true));
        } catch (RuntimeException | Error e) {
            Log.error("a connection is closed because of a defect", e);
            close(true);
        }
    }

    private void settle(Outcome outcome) {
        switch (outcome) {
            case PARKED -> {
                http.settle();
                if (loop.isStopping() && http.idle()) {
                    close(false);
                } else {
                    quietDeadline = 0;
                    loop.deadlines().set(deadline, http.deadline(loop.now()));
                }
            }
            case YIELDED, MORE -> {
                http.settle();
                loop.later(this);
            }
            case HANDED_OVER -> { }
            case CLOSED -> close(false);
            case ABORTED -> close(true);
        }
    }

    private void expired() {
        if (ownership.handedOver()) {
            // The handler's thread watches its own time. Look again when an idle connection would be over.
            loop.deadlines().set(deadline, loop.now() + loop.shared().settings().limits().idleNanos());
        } else if (loop.now() < quietDeadline) {
            loop.deadlines().set(deadline, quietDeadline);
        } else {
            http.expire(loop.now());
            resume();
        }
    }

    /** Lets the connection end with the request that has begun, or at once if none has. */
    void stop() {
        if (!ownership.handedOver()) {
            http.stopAfterThis();
            readable = true; // a request may have come whose edge has not: one look tells
            resume();
        }
    }

    /** Ends the connection at once, whoever owns it. */
    void kill() {
        close(true);
    }

    private void close(boolean abort) {
        if (closed) {
            return;
        }
        closed = true;
        if (http.refusal() != null) {
            loop.shared().refusedRequest();
        }
        if (abort) {
            channel.abort();
        } else {
            channel.close();
        }
        loop.remove(this);
        if (!ownership.kill(loop.shared().handlerThreads())) {
            http.settle();
            closeFile();
        }
    }

    // ---- the driver --------------------------------------------------------------------------------------------

    /** Meets needs until there is a reason to stop. A handler's thread stops when the request in flight is done. */
    private Outcome drive(boolean onLoop) {
        for (int turn = 0; turn < TURNS_MAX; turn++) {
            if (!onLoop && http.betweenRequests()) {
                return Outcome.PARKED;
            }
            Outcome outcome = switch (http.advance(now(onLoop))) {
                case READ -> fill(onLoop);
                case WRITE -> flush(onLoop);
                case SEND_FILE -> sendFile(onLoop);
                case DISPATCH -> dispatch();
                case HANDLE -> handle();
                case AWAIT -> Outcome.HANDED_OVER;
                case SHUT_DOWN_OUTPUT -> shutDownOutput();
                case CLOSE -> Outcome.CLOSED;
                case ABORT -> Outcome.ABORTED;
            };
            if (outcome != Outcome.MORE) {
                return outcome;
            }
        }
        return Outcome.YIELDED;
    }

    private long now(boolean onLoop) {
        return onLoop ? loop.now() : loop.shared().time().nanos();
    }

    private Outcome fill(boolean onLoop) {
        if (!readable || !onLoop) {
            return Outcome.PARKED;
        }
        return read(loop.inputScratch(), loop.now());
    }

    private Outcome read(byte[] scratch, long now) {
        var in = http.input();
        in.prepare(scratch);
        int room = in.room();
        int n = channel.read(in.array(), in.to(), room);
        if (n > 0) {
            // A short read has emptied the socket, so an edge will tell of more; but data and FIN may share an edge.
            readable = n == room || hungUp;
            http.received(n, now);
            return Outcome.MORE;
        }
        readable = false;
        if (n == 0) {
            http.endOfInput();
            return Outcome.MORE;
        }
        return n == -Errno.EAGAIN ? Outcome.PARKED : Outcome.ABORTED;
    }

    private Outcome flush(boolean onLoop) {
        if (!writable) {
            return Outcome.PARKED;
        }
        var out = http.output();
        int n = channel.write(out.array(), out.from(), out.contiguous());
        if (n > 0) {
            http.sent(n, now(onLoop));
            return Outcome.MORE;
        }
        if (n == -Errno.EAGAIN) {
            writable = false;
            return Outcome.PARKED;
        }
        return Outcome.ABORTED;
    }

    private Outcome shutDownOutput() {
        return channel.shutdownOutput() < 0 ? Outcome.ABORTED : Outcome.MORE;
    }

    private Outcome sendFile(boolean onLoop) {
        if (!writable) {
            return Outcome.PARKED;
        }
        long n = file.send(channel, Math.min(http.fileRemaining(), FILE_SLICE_BYTES));
        if (n > 0) {
            http.fileSent(n, now(onLoop));
        } else if (n == -Errno.EAGAIN) {
            writable = false;
            return Outcome.PARKED;
        } else if (n == -Errno.EINVAL) {
            byte[] copy = new byte[(int) Math.min(http.fileRemaining(), FILE_COPY_BYTES)];
            int read = file.read(copy);
            if (read <= 0) {
                return Outcome.ABORTED;
            }
            http.copyFile(copy, read);
        } else {
            return Outcome.ABORTED; // the file has become shorter than promised, or the connection has failed
        }
        if (http.fileRemaining() == 0) {
            closeFile();
        }
        return Outcome.MORE;
    }

    private void closeFile() {
        if (file != null) {
            file.close();
            file = null;
        }
    }

    // ---- calls -------------------------------------------------------------------------------------------------

    private Outcome dispatch() {
        Shared shared = loop.shared();
        shared.request();
        Call chosen = shared.application().choose(http.head(), this);
        if (!chosen.blocking()) {
            call = chosen;
            http.collect(chosen.maxBodyBytes(), loop.now());
            return Outcome.MORE;
        }
        if (!shared.beginBlockingCall()) {
            http.refuse(Refusal.TOO_BUSY, loop.now());
            return Outcome.MORE;
        }
        http.stream(chosen.maxBodyBytes(), loop.now());
        if (http.refusal() != null) {
            shared.endBlockingCall();
            return Outcome.MORE;
        }
        return handOver(() -> answerOnThread(chosen));
    }

    private Outcome handle() {
        Call chosen = call;
        call = null;
        BodyInMemory body = http.bodyLength() == 0
                ? BodyInMemory.empty() : new BodyInMemory(http.collected(), http.trailers());
        http.begin();
        loop.callBoundary();
        Answer answer;
        try {
            answer = chosen.answer(body);
        } catch (Throwable e) {
            answer = FailedCall.answer(http.head(), e);
        }
        loop.callBoundary();
        if (answer.content() instanceof Content.Streamed streamed && !http.head().method().equals("HEAD")) {
            if (!loop.shared().beginBlockingCall()) {
                http.refuse(Refusal.TOO_BUSY, loop.now());
                return Outcome.MORE;
            }
            Answer toStream = answer;
            return handOver(() -> streamOnThread(toStream));
        }
        respond(answer, loop.now());
        return Outcome.MORE;
    }

    /** Gives the answer to the protocol, with its file opened. */
    private void respond(Answer answer, long now) {
        if (loop.isStopping()) {
            http.stopAfterThis();
        }
        Answer given = answer;
        if (answer.content() instanceof Content.FileRange range) {
            file = FileTransfer.open(loop.shared().transport(), range);
            if (file == null) {
                given = FailedCall.answer();
            }
        }
        http.answer(given, now);
        if (http.fileRemaining() == 0) {
            closeFile();
        }
    }

    private Outcome handOver(Runnable task) {
        http.settle();
        if (deadline.index == Deadline.NOWHERE) {
            loop.deadlines().set(deadline, loop.now() + loop.shared().settings().limits().idleNanos());
        }
        ownership.handOver();
        loop.shared().handlerThreads().start(task);
        return Outcome.HANDED_OVER;
    }

    // ---- on a handler's thread ---------------------------------------------------------------------------------

    private void answerOnThread(Call chosen) {
        ownership.thread(Thread.currentThread());
        ConnectionBody body = new ConnectionBody(this, http);
        Answer answer;
        try {
            answer = chosen.answer(body);
        } catch (Throwable e) {
            answer = FailedCall.answer(http.head(), e);
        }
        if (answer.content() instanceof Content.Streamed) {
            stream(answer);
        } else if (!ownership.killed()) {
            respond(answer, now(false));
        }
        body.end();
        giveBack();
    }

    private void streamOnThread(Answer answer) {
        ownership.thread(Thread.currentThread());
        stream(answer);
        giveBack();
    }

    private void stream(Answer answer) {
        if (ownership.killed()) {
            return;
        }
        respond(answer, now(false));
        if (!http.streaming() || !(answer.content() instanceof Content.Streamed streamed)) {
            return;
        }
        ResponseStream out = new ResponseStream(this, http);
        try {
            streamed.producer().writeTo(out);
            out.finish();
        } catch (Throwable e) {
            if (!out.failed()) {
                boolean retracted = http.retractStream();
                FailedCall.logStream(http.head(), e, retracted);
                if (retracted) {
                    http.answer(FailedCall.answer(), now(false));
                    return;
                }
            }
            http.abort();
        }
    }

    /** Sends what can be sent, and returns the connection to the loop. */
    private void giveBack() {
        loop.shared().endBlockingCall();
        Outcome outcome = Outcome.ABORTED;
        try {
            outcome = drive(false);
        } catch (RuntimeException | Error e) {
            Log.error("a connection is closed because of a defect", e);
            http.abort();
        }
        if (outcome == Outcome.ABORTED) {
            http.abort();
        }
        ownership.thread(null);
        if (outcome == Outcome.PARKED && http.idle() && !readable && !loop.isStopping()) {
            http.settle();
            quietDeadline = http.deadline(now(false));
            if (ownership.release()) {
                if (loop.isStopping()) {
                    loop.execute(this::stop); // the loop may have passed over this connection
                }
                return;
            }
        }
        loop.execute(this::takeBack);
        if (ownership.killed() && ownership.takeBack() != Ownership.NOT_MINE) {
            closeFile(); // a loop that has ended takes nothing back
        }
    }

    private void takeBack() {
        int edges = ownership.takeBack();
        if (edges == Ownership.NOT_MINE) {
            return;
        }
        if (closed) {
            closeFile();
            return;
        }
        note(edges);
        if (loop.isStopping()) {
            stop();
        } else {
            resume();
        }
    }

    private void note(int edges) {
        readable |= (edges & (Readiness.READABLE | Readiness.HANG_UP)) != 0;
        writable |= (edges & Readiness.WRITABLE) != 0;
        hungUp |= (edges & Readiness.HANG_UP) != 0;
    }

    /**
     * Reads into the input on a handler's thread, waiting for octets.
     *
     * @return false if the client is too slow
     */
    boolean fillWaiting(byte[] scratch) throws ConnectionFailedException {
        for (;;) {
            while (!readable) {
                int edges = awaitEdge(Readiness.READABLE);
                if (edges == 0) {
                    return false;
                }
                note(edges);
            }
            switch (read(scratch, now(false))) {
                case MORE -> {
                    return true;
                }
                case ABORTED -> throw new ConnectionFailedException("the client has reset the connection");
                default -> { }
            }
        }
    }

    /**
     * Sends the whole output on a handler's thread, waiting for room.
     *
     * @return false if the client is too slow
     */
    boolean flushWaiting() throws ConnectionFailedException {
        while (!http.output().isEmpty()) {
            while (!writable) {
                int edges = awaitEdge(Readiness.WRITABLE);
                if (edges == 0) {
                    return false;
                }
                note(edges);
            }
            if (flush(false) == Outcome.ABORTED) {
                throw new ConnectionFailedException("the client has closed the connection");
            }
        }
        return true;
    }

    private int awaitEdge(int wanted) throws ConnectionFailedException {
        HandlerThreads threads = loop.shared().handlerThreads();
        for (;;) {
            long now = now(false);
            long left = http.paceDeadline(now) - now;
            if (left <= 0) {
                return 0;
            }
            int edges = ownership.await(wanted | Readiness.HANG_UP, left, threads);
            if (edges == Ownership.KILLED) {
                throw new ConnectionFailedException("the server has closed the connection");
            }
            if (edges == Ownership.INTERRUPTED) {
                throw new ConnectionFailedException("interrupted while waiting for the client");
            }
            if (edges != 0) {
                return edges;
            }
        }
    }

    // ---- addresses ---------------------------------------------------------------------------------------------

    @Override
    public InetSocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    @Override
    public InetSocketAddress localAddress() {
        return channel.localAddress();
    }
}
