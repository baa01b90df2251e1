package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Content;
import dev.selvedge.server.http1.IncomingBody;
import dev.selvedge.server.http1.Refusal;
import dev.selvedge.server.http1.Refused;
import dev.selvedge.server.http1.ServerConnection;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

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
final class Connection implements ReadinessTarget, Deadline.Target {

    private static final int TURNS_MAX = 128;
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A part of a file takes as long as so many other steps. */
    private static final int FILE_TURNS = 16;

    private final EventLoop loop;
    private final ServerConnection http;
    private final Wire wire;
    private final Ownership ownership = new Ownership();
    final Deadline deadline = new Deadline(this);

    /** The place in the loop's list. */
    int index;

    /** Until when the blocking call has to be answered. */
    private long callDeadline;

    /** The deadline that a handler's thread has left, since only the loop may touch the queue. */
    private long quietDeadline;

    private boolean closed;
    private boolean queued;

    /** The call that was chosen and is not yet made, or that is being made and may be abandoned. */
    private Call call;

    Connection(EventLoop loop, Channel channel, ServerConnection http) {
        this.loop = loop;
        this.http = http;
        this.wire = new Wire(channel, http);
    }

    // ---- on the loop -------------------------------------------------------------------------------------------

    @Override
    public void ready(int readiness) {
        int edges = ownership.edge(readiness, loop.shared().threads());
        if (edges != Ownership.NOT_MINE && !closed) {
            wire.note(edges);
            if (!queued && readAhead()) {
                queued = true;
                loop.batch().addRead(this, http.input());
            }
        }
    }

    /** Reads what is likely to be a request; false if none came, and the connection, waiting or closed, is settled. */
    private boolean readAhead() {
        try {
            if (!http.awaitsHead()) {
                return true;
            }
            Wire.Result result = loop.batch().read(wire, loop.now());
            if (result == Wire.Result.MOVED) {
                return true;
            }
            settle(Outcome.of(result));
        } catch (RuntimeException | Error e) {
            closeAfter(e);
        }
        return false;
    }

    /** Never fails: others of the batch wait for their turn. */
    private void closeAfter(Throwable defect) {
        Log.error("a connection is closed because of a defect", defect);
        try {
            close(true);
        } catch (RuntimeException | Error e) {
            Log.error("a connection could not be closed", e);
        }
    }

    /** Goes on, when it is this connection's turn. */
    void takeTurn() {
        queued = false;
        resume();
    }

    /** Goes on driving, as the loop. */
    void resume() {
        if (closed || ownership.handedOver()) {
            return;
        }
        try {
            settle(drive(true));
        } catch (RuntimeException | Error e) {
            closeAfter(e);
        }
    }

    /** Goes on with what is to be written, as the loop. Most connections have nothing else to do then. */
    void write() {
        if (closed) {
            return;
        }
        try {
            Wire.Result result = wire.flush(loop.now());
            if (http.awaitsRequest() && !wire.readable()) { // it is readable also when the loop is to stop
                assert http.input().isSettled() : "as was done with the answer";
                http.output().settle();
            } else {
                settle(result == Wire.Result.MOVED ? drive(true) : Outcome.of(result));
            }
        } catch (RuntimeException | Error e) {
            closeAfter(e);
        }
    }

    private void settle(Outcome outcome) {
        if (outcome != Outcome.HANDED_OVER) {
            tellRefusal();
        }
        switch (outcome) {
            case PARKED -> {
                http.settle();
                if (loop.isStopping() && http.idle()) {
                    close(false); // no lingering: a pool may not notice for minutes, and the stop would last as long
                } else {
                    quietDeadline = 0;
                    loop.deadlines().set(deadline, http.deadline(loop.now()));
                }
            }
            case YIELDED, MORE -> {
                http.settle();
                if (!queued) {
                    queued = true;
                    loop.later(this::takeTurn);
                }
            }
            case ANSWERED -> {
                http.settleInput();
                loop.deadlines().set(deadline, loop.idleDeadline()); // as if it were sent: writing is to do little else
                loop.batch().addAnswered(this, http.output());
            }
            case HANDED_OVER -> { }
            case CLOSED -> close(false);
            case ABORTED -> close(true);
        }
    }

    private void tellRefusal() {
        Refused refused = http.takeRefused();
        if (refused != null) {
            loop.shared().refused(refused, wire);
        }
    }

    @Override
    public void expired() {
        if (ownership.handedOver()) {
            if (loop.now() < callDeadline || !takeAway()) {
                // The handler's thread watches its own time.
                loop.deadlines().set(deadline, nextLook());
            }
        } else if (queued) {
            // Nobody waits for the client: it is the connection's own turn that has not come.
            loop.deadlines().set(deadline, loop.now() + loop.shared().settings().limits().paceNanos());
        } else if (loop.now() < quietDeadline) {
            loop.deadlines().set(deadline, quietDeadline);
        } else {
            expire();
        }
    }

    /** Returns when to look at a connection that is handed over: often enough for the call, else as if it were idle. */
    private long nextLook() {
        long now = loop.now();
        long idle = loop.idleDeadline();
        return callDeadline == Deadline.NEVER ? idle : now < callDeadline ? Math.min(callDeadline, idle)
                : now + LOOK_AGAIN_NANOS;
    }

    /** Answers instead of a handler that takes too long; false if that is at work on the connection just now. */
    private boolean takeAway() {
        int edges = ownership.takeAway();
        if (edges == Ownership.NOT_MINE) {
            return false;
        }
        wire.note(edges);
        try {
            call.abandon();
            ownership.interruptFormerOwner();
            loop.shared().trouble().report(Trouble.Kind.HANDLERS, "a handler was interrupted, and its request answered"
                    + " 503, because it took longer than Limits.handlerTimeout: " + http.head().method() + " "
                    + http.head().target());
            http.refuse(Refusal.HANDLER_TIMEOUT, loop.now());
        } catch (RuntimeException | Error e) {
            Log.error("a connection is closed because of a defect", e);
            http.abort();
        }
        resume();
        return true;
    }

    private void expire() {
        try {
            if (clientHasMoved()) {
                resume();
                if (closed || queued || ownership.handedOver() || deadline.at > loop.now()) {
                    return;
                }
            }
            http.expire(loop.now());
        } catch (RuntimeException | Error e) {
            Log.error("a connection is closed because of a defect", e);
            http.abort();
        }
        resume();
    }

    /** Looks once before judging: what the client did in time may not have been told yet. */
    private boolean clientHasMoved() {
        return http.sending() ? wire.probeOutput(loop.now()) : loop.batch().probe(wire, loop.now());
    }

    /** Lets the connection end with the request that has begun, or at once if none has. */
    void stop() {
        if (!ownership.handedOver()) {
            http.stopAfterThis();
            wire.note(Readiness.READABLE); // a request may have come whose edge has not: one look tells
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
        if (abort) {
            wire.channel().abort();
        } else {
            wire.channel().close();
        }
        loop.remove(this);
        if (!ownership.kill(loop.shared().threads())) {
            http.settle();
            wire.closeFile();
        }
    }

    // ---- the driver --------------------------------------------------------------------------------------------

    /** Meets needs until there is a reason to stop. A handler's thread stops when the request in flight is done. */
    private Outcome drive(boolean onLoop) {
        if (onLoop) {
            loop.batch().lendTo(http.output());
        }
        for (int turn = 0; turn < TURNS_MAX; turn++) {
            long now = now(onLoop);
            Outcome outcome = switch (onLoop ? http.advance(now) : http.finish(now)) {
                case READ -> onLoop ? Outcome.of(loop.batch().read(wire, now)) : Outcome.PARKED;
                case WRITE -> onLoop && loop.batch().takesAnswered(http.input()) ? Outcome.ANSWERED
                        : refusalIsTold(onLoop) ? Outcome.of(wire.flush(now)) : Outcome.YIELDED;
                case SEND_FILE -> {
                    turn += FILE_TURNS - 1;
                    yield Outcome.of(wire.sendFile(now));
                }
                case DISPATCH -> dispatch();
                case HANDLE -> handle();
                case AWAIT -> Outcome.HANDED_OVER;
                case PAUSE -> Outcome.PARKED;
                case SHUT_DOWN_OUTPUT -> Outcome.of(wire.shutDownOutput());
                case CLOSE -> Outcome.CLOSED;
                case ABORT -> Outcome.ABORTED;
            };
            if (outcome != Outcome.MORE) {
                return outcome;
            }
        }
        return Outcome.YIELDED;
    }

    /** Tells of a refusal before its client is told; false if that is for the loop to do. */
    private boolean refusalIsTold(boolean onLoop) {
        if (onLoop) {
            tellRefusal();
        }
        return onLoop || !http.hasRefused();
    }

    private long now(boolean onLoop) {
        return onLoop ? loop.now() : loop.shared().time().nanos();
    }

    // ---- calls -------------------------------------------------------------------------------------------------

    private Outcome dispatch() {
        Shared shared = loop.shared();
        loop.request();
        Call chosen = shared.application().choose(http.head(), wire);
        if (!takesThread(chosen)) {
            call = chosen;
            boolean whole = http.body() == null;
            if (chosen.readsBody()) {
                http.collect(chosen.maxBodyBytes(), loop.now());
            } else {
                http.ignoreBody();
            }
            return whole ? handle() : Outcome.MORE;
        }
        if (!shared.beginBlockingCall()) {
            http.refuse(Refusal.TOO_BUSY, loop.now());
            return Outcome.MORE;
        }
        if (!http.stream(chosen.maxBodyBytes(), loop.now())) {
            shared.endBlockingCall();
            return Outcome.MORE;
        }
        return handOver(chosen, handlerDeadline(), body -> answer(chosen, body));
    }

    private long handlerDeadline() {
        long handlerNanos = loop.shared().settings().handlerNanos();
        return handlerNanos == 0 ? Deadline.NEVER : loop.now() + handlerNanos;
    }

    /** A client that waits for 100 is told when the call asks for the body, so that must be able to wait, too. */
    private boolean takesThread(Call chosen) {
        IncomingBody body = http.body();
        return body == null ? chosen.blocking() && !chosen.prompt()
                : chosen.blocking() || body.awaitsContinue() && chosen.readsBody();
    }

    private Outcome handle() {
        Call chosen = call;
        call = null;
        byte[] octets = http.begin();
        BodyInMemory body = http.body() == null ? BodyInMemory.empty()
                : new BodyInMemory(octets, http.body().trailers());
        Answer answer = answerOnLoop(chosen, body);
        if (answer == null) {
            return takeThread(chosen, handlerDeadline(), made -> answer(chosen, made));
        }
        if (answer.streamsContent(http.head())) {
            return takeThread(chosen, Deadline.NEVER, made -> answer);
        }
        boolean takesLong = answer.content() instanceof Content.FileRange range && FileOpening.takesLong(range);
        return !takesLong && respond(answer, loop.now()) ? Outcome.MORE
                : takeThread(chosen, handlerDeadline(), made -> answer);
    }

    private Outcome takeThread(Call chosen, long until, Function<BodySource, Answer> handler) {
        if (!loop.shared().beginBlockingCall()) {
            http.refuse(Refusal.TOO_BUSY, loop.now());
            return Outcome.MORE;
        }
        return handOver(chosen, until, handler);
    }

    /** Answers at once; null if that may block, and could not be done without. */
    private Answer answerOnLoop(Call chosen, BodySource body) {
        loop.callBoundary();
        try {
            return chosen.blocking() ? chosen.tryAnswer() : chosen.answer(body);
        } catch (Throwable e) {
            return FailedCall.answer(http.head(), e);
        } finally {
            loop.callBoundary();
        }
    }

    private Answer answer(Call chosen, BodySource body) {
        try {
            return chosen.answer(body);
        } catch (Throwable e) {
            return FailedCall.answer(http.head(), e);
        }
    }

    /** Gives the answer to the protocol, with its file opened; false if that has changed, and another answer is due. */
    boolean respond(Answer answer, long now) {
        Answer given = answer.content() instanceof Content.FileRange range
                ? wire.open(loop.shared(), answer, range) : answer;
        if (given == null) {
            return false;
        }
        if (loop.shared().isStopping()) {
            http.stopAfterThis();
        }
        http.answer(given, now);
        if (http.fileRemaining() == 0) {
            wire.closeFile();
        }
        return true;
    }

    private Outcome handOver(Call chosen, long until, Function<BodySource, Answer> handler) {
        call = chosen;
        HandlerTurn turn;
        try {
            turn = new HandlerTurn(this, http, wire, ownership, loop.shared(), chosen, until, handler);
            if (!http.output().isEmpty()) {
                wire.flush(loop.now()); // earlier answers do not wait; a failure shows when this one is sent
            }
            http.settle();
            callDeadline = until;
            if (deadline.index == Deadline.NOWHERE || until < deadline.at) {
                loop.deadlines().set(deadline, nextLook());
            }
        } catch (RuntimeException | Error e) {
            loop.shared().endBlockingCall();
            throw e;
        }
        ownership.handOver();
        loop.handOvers().add(turn);
        return Outcome.HANDED_OVER;
    }

    // ---- on a handler's thread ---------------------------------------------------------------------------------

    /** Sends what can be sent, and returns the connection to the loop. */
    void giveBack() {
        call = null;
        loop.handOvers().ended();
        Outcome outcome = Outcome.ABORTED;
        try {
            outcome = drive(false);
        } catch (RuntimeException | Error e) {
            Log.error("a connection is closed because of a defect", e);
        }
        if (outcome == Outcome.ABORTED) {
            http.abort();
        }
        http.settle();
        ownership.thread(null);
        if (outcome == Outcome.PARKED && http.idle() && !wire.readable() && !loop.isStopping()) {
            quietDeadline = http.deadline(now(false));
            if (ownership.release()) {
                if (loop.isStopping()) {
                    loop.execute(this::stop); // the loop may have passed over this connection
                }
                return;
            }
        }
        loop.execute(this::takeBack);
    }

    private void takeBack() {
        int edges = ownership.takeBack();
        if (edges == Ownership.NOT_MINE) {
            return;
        }
        if (closed) {
            wire.closeFile();
            return;
        }
        wire.note(edges);
        if (loop.isStopping()) {
            stop();
        } else {
            resume();
        }
    }

    /** Returns whether a thread is at work for this connection. */
    boolean isServedBy(Thread handlerThread) {
        return ownership.isHeldBy(handlerThread);
    }
}
