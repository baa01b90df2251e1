package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Content;
import dev.selvedge.server.http1.ContentEncoder;
import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.ServerConnection;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A handler's thread's turn at a connection that was handed over to it: it makes the answer, reads the body and writes
 * the response by itself, and gives the connection back.
 *
 * <p>If the handler has a deadline, the loop may take the connection away from it, but only while the application's
 * code runs:
 *
 * <pre>
 *                enter                        leave
 *   the turn ──────────► application's code ─────────► the turn: the body is read, the response is written
 *                                │
 *                                │ the deadline is over
 *                                ▼
 *                       taken away: the loop answers 503; the thread is interrupted, and what it returns is dropped
 * </pre>
 */
final class HandlerTurn implements Runnable {

    /** A file may change again while another answer is made of it; so many of those, and the client has to come again. */
    private static final int OTHERS_MAX = 3;

    private final Connection connection;
    private final ServerConnection http;
    private final Wire wire;
    private final Ownership ownership;
    private final Shared shared;
    private final Call call;
    private final Function<BodySource, Answer> handler;
    private final long until;

    /** Set by whoever decides about the turn: the thread that runs it, or who was told that there is no thread. */
    private final AtomicBoolean decided = new AtomicBoolean();

    /** {@link #until} while the application's code runs, else {@link Deadline#NEVER}. */
    private long deadline = Deadline.NEVER;
    private boolean taken;

    /** The body while it is read from the connection, or null if there is none. */
    private ConnectionBody body;

    /** What the response is put together in; taken when it begins, not while the handler is at work. */
    private byte[] buffer;

    /**
     * Makes a turn that begins when somebody runs it.
     *
     * @param call what is to be answered
     * @param until until when the answer has to be made; {@link Deadline#NEVER} for no limit
     * @param handler makes the answer
     */
    HandlerTurn(Connection connection, ServerConnection http, Wire wire, Ownership ownership, Shared shared,
            Call call, long until, Function<BodySource, Answer> handler) {
        this.connection = connection;
        this.http = http;
        this.wire = wire;
        this.ownership = ownership;
        this.shared = shared;
        this.call = call;
        this.until = until;
        this.handler = handler;
    }

    @Override
    public void run() {
        if (decided.getAndSet(true)) {
            return; // it was ended, since its start had thrown
        }
        ownership.thread(Thread.currentThread());
        try {
            if (!ownership.killed()) {
                takeTurn();
            }
        } catch (IOException e) {
            http.abort(); // the client is gone, or the thread is to end, before the request was whole
        } catch (RuntimeException | Error e) {
            if (!taken) {
                http.abort();
            }
            Log.error("a connection is closed because of a defect", e);
        }
        shared.endBlockingCall();
        if (!taken) {
            connection.giveBack();
        }
        if (buffer != null) {
            shared.buffers().give(buffer); // what is not sent has been moved elsewhere
        }
    }

    /**
     * Ends a turn for which no thread could be started: the connection is closed. Does nothing if a thread has begun all
     * the same ({@link dev.selvedge.server.transport.ServerThreads#start}), which then does nothing if it begins later.
     * On any thread.
     */
    void endUnstarted(Throwable defect) {
        if (decided.getAndSet(true)) {
            return;
        }
        shared.endBlockingCall();
        http.abort();
        Log.error("a connection is closed because no thread could be started for its request", defect);
        connection.giveBack();
    }

    /** Answers the request, unless the connection is taken away meanwhile. */
    private void takeTurn() throws IOException {
        body = http.body() == null ? null : new ConnectionBody(this, http.body());
        try {
            Answer answer = call(() -> handler.apply(body == null ? BodyInMemory.empty() : body));
            for (int others = 0; goesOn() && !respond(answer); others++) {
                Answer outdated = answer;
                answer = others < OTHERS_MAX ? call(() -> another(outdated))
                        : FailedCall.fileKeepsChanging(shared, outdated);
            }
        } finally {
            if (body != null) {
                body.end();
            }
        }
    }

    /** Makes another answer in place of one whose file has changed. */
    private Answer another(Answer outdated) {
        try {
            return call.answerInstead((Content.FileRange) outdated.content());
        } catch (Throwable e) {
            return FailedCall.answer(http.head(), e);
        }
    }

    private boolean goesOn() {
        return !taken && !ownership.killed();
    }

    private Answer call(Supplier<Answer> application) {
        deadline = until;
        enterCall();
        Answer answer;
        try {
            answer = application.get();
        } finally {
            taken = !leaveCall();
            deadline = Deadline.NEVER;
        }
        Thread.interrupted(); // what the application has left behind is none of what follows
        return answer;
    }

    /** Sends the answer or begins to; false if its file has changed, and another answer is due. */
    private boolean respond(Answer made) throws IOException {
        if (made.streamsContent(http.head())) {
            stream(made, (Content.Streamed) made.content());
            return true;
        }
        Answer answer = body == null ? made : body.discardRest(made);
        return answer.content() instanceof Content.FileRange range && FileOpening.takesLong(range)
                ? copy(answer, range) : begin(answer);
    }

    /** Sends a file that only Java can read. */
    private boolean copy(Answer answer, Content.FileRange range) {
        return switch (FileOpening.of(shared, range)) {
            case FileOpening.Opened(FileTransfer file) -> {
                try {
                    Content.Streamed content =
                            new Content.Streamed(range.length(), out -> file.copyTo(out, range.length()));
                    Answer streamed = new Answer(answer.status(), answer.fields(), content);
                    if (streamed.streamsContent(http.head())) {
                        stream(streamed, content);
                    } else {
                        begin(streamed);
                    }
                    yield true;
                } finally {
                    file.close();
                }
            }
            case FileOpening.Failed(Answer instead) -> begin(instead);
            case FileOpening.Changed() -> false;
        };
    }

    private void stream(Answer answer, Content.Streamed streamed) {
        ResponseStream out = new ResponseStream(this, answer, http.output());
        try {
            streamed.producer().writeTo(out);
            FieldSection trailers = streamed.trailers().values();
            out.finish();
            http.endStream(trailers);
        } catch (Throwable e) {
            out.end();
            boolean gone = out.failed() || FailedCall.failureBehind(e) instanceof ConnectionFailedException;
            if (gone || ownership.killed()) {
                http.abort();
            } else if (!out.begun() || http.retractStream()) {
                begin(FailedCall.answer(http.head(), e));
            } else {
                FailedCall.logCutStream(http.head(), e);
                http.abort();
            }
        }
    }

    /** Begins a streamed response, once the request is whole or known to be long; returns what takes its content. */
    ContentEncoder beginStream(Answer answer) throws IOException {
        if (body != null) {
            body.readAhead();
        }
        begin(answer);
        return http.streamed();
    }

    private boolean begin(Answer answer) {
        if (buffer == null) {
            buffer = shared.buffers().take();
        }
        http.output().lend(buffer, 0);
        return connection.respond(answer, now());
    }

    private long now() {
        return shared.time().nanos();
    }

    // ---- what the body and the stream need ---------------------------------------------------------------------

    /** Begins, or goes on, to run the application's code. */
    void enterCall() {
        if (deadline != Deadline.NEVER) {
            ownership.enterCall();
        }
    }

    /** Comes back from it; false if the connection has been taken away. */
    boolean leaveCall() {
        return deadline == Deadline.NEVER || ownership.leaveCall();
    }

    /** Returns whether the answer should have been made by now. */
    boolean isOverdue() {
        return now() >= deadline;
    }

    /** Reads into the input, waiting for octets; false if the client is too slow or the answer is overdue. */
    boolean fillWaiting(byte[] scratch) throws IOException {
        return wire.fillWaiting(scratch, deadline, ownership, shared);
    }

    /** Returns how much of a body that nobody wants is read away. */
    long maxDrainBytes() {
        return shared.settings().limits().maxDrainBytes();
    }

    /** Lets the connection end with this exchange. */
    void closeBehindResponse() {
        http.stopAfterThis();
    }

    /** Sends the whole output, waiting for room; false if the client is too slow. */
    boolean flushWaiting() throws IOException {
        return wire.flushWaiting(ownership, shared);
    }
}
