package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.selvedge.server.http1.ResponseEncoder.Delimiting;
import dev.selvedge.server.http1.ResponseEncoder.Persistence;
import java.util.Arrays;

/**
 * The server's side of one HTTP/1.1 connection, as a value: bytes in, bytes out, and after each step the need that
 * whoever drives it has to meet next.
 *
 * <pre>
 *            ┌───────────────────────── next request ──────────────────────────┐
 *            ▼                                                                 │
 *   ┌──────────────┐ head  ┌──────────┐ collect ┌────────────┐ body ┌───────┐  │
 *   │     HEAD     ├──────►│ CHOOSING ├────────►│ COLLECTING ├─────►│ READY │  │
 *   └──┬────────┬──┘       └────┬─────┘         └─────┬──────┘      └───┬───┘  │
 *      │        │ refused       │ stream        refused│                │begin │
 *      │        │               ▼                      │                │      │
 *      │        │          ┌──────────┐◄───────────────┼────────────────┘      │
 *      │        │          │ HANDLING ├─ answer, a stream ─► STREAMING ─┐      │
 *      │        │          └────┬─────┘                │         end    │      │
 *      │        │               │ answer               │                ▼      │
 *      │        │               ├────────► SENDING ────┼──────────► (sent) ────┤
 *      │        │               └──────────────────────┼──────────────▲ │      │
 *      │        └───────────────┐                      │                │ unread body
 *      │ end of input           ▼                      │      last      │      ▼
 *      │                    ┌──────┐◄──────────────────┴────────────────┤  DRAINING
 *      │                    │ LAST │◄───────────────────────────────────┴──────┘
 *      │                    └──┬───┘ sent: shut down output
 *      ▼                       ▼
 *   CLOSED ◄────────────── LINGERING: read away what the client still sends, so that no reset eats the response
 *
 *   ABORTED: from any state, when the response can't be completed
 * </pre>
 *
 * <p>One request is in flight at a time; pipelined ones wait in the input. Responses of a batch gather in the output.
 * Everything may be called by any thread, but only by one at a time: whoever owns the connection.
 */
public final class ServerConnection {

    /** What the connection needs next. */
    public enum Need {
        /** More input. */
        READ,
        /** The {@linkplain #output() output} sent. */
        WRITE,
        /** A part of the file sent that the answer named: {@link #fileRemaining()}. */
        SEND_FILE,
        /** A decision who answers the {@linkplain #head() head}: {@link #collect} or {@link #stream}. */
        DISPATCH,
        /** An answer, made at once with the {@linkplain #collected() collected} body: {@link #begin}, {@link #answer}. */
        HANDLE,
        /** Patience: the answer, or more of it, is being made. */
        AWAIT,
        /** The sending side ended; reading goes on. */
        SHUT_DOWN_OUTPUT,
        /** The connection closed. */
        CLOSE,
        /** The connection reset, because the client must not take what it got for a whole response. */
        ABORT
    }

    private enum State {
        HEAD, CHOOSING, COLLECTING, READY, HANDLING, STREAMING, SENDING, DRAINING, LAST, LINGERING, CLOSED, ABORTED
    }

    /** The answer of {@link #deadline} when nothing is expected of the client. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** With more than this to send, no further pipelined request is begun. */
    private static final int OUTPUT_HIGH_WATER_BYTES = 32 * 1024;

    /** Larger content is not copied but sent from where it lies. */
    private static final int COPY_MAX_BYTES = 16 * 1024;

    /** A length that a client only claims is given this much memory at first. */
    private static final int COLLECT_FIRST_BYTES = 64 * 1024;

    /** Of the output before the answer: the answer itself is on its way. */
    private static final int SENT = -1;

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] NO_OCTETS = {};

    private final ConnectionLimits limits;
    private final ServerFields.Source standing;
    private final ParserPool parsers;
    private final Input in = new Input();
    private final Output out = new Output();

    private State state = State.HEAD;
    private RequestParser parser;
    private long headDeadline = NO_DEADLINE;
    private Pace pace;
    private boolean inputEnded;
    private boolean stopping;

    // of the request in flight
    private RequestHead head;
    private IncomingBody body;
    private byte[] collected = NO_OCTETS;
    private int collectedLength;
    private boolean continueOwed;
    private boolean last;
    private Refusal refused;
    private ContentEncoder streamed;
    private int unsentBeforeAnswer;
    private long fileRemaining;

    // of the end
    private long drained;
    private long lingerDeadline;

    /**
     * Makes the value of a new connection.
     *
     * @param limits its limits
     * @param standing where the Server and Date fields come from
     * @param parsers the parsers of the loop that drives it
     */
    public ServerConnection(ConnectionLimits limits, ServerFields.Source standing, ParserPool parsers) {
        this.limits = limits;
        this.standing = standing;
        this.parsers = parsers;
    }

    /** Returns where received octets go: prepare it, put them there, then tell {@link #received}. */
    public Input input() {
        return in;
    }

    /** Returns what is to be sent: send from it, then tell {@link #sent}. */
    public Output output() {
        return out;
    }

    /** Notes that octets were put into the input. */
    public void received(int n, long now) {
        in.added(n);
        if (pace != null) {
            pace.moved(n, now);
        }
    }

    /** Notes that the client ended its sending side; what is complete is still answered (RFC 9112 §9.6). */
    public void endOfInput() {
        inputEnded = true;
    }

    /** Notes that octets of the output were sent. */
    public void sent(int n, long now) {
        out.sent(n);
        unsentBeforeAnswer = SENT;
        if (pace != null) {
            pace.moved(n, now);
        }
    }

    /** Lets the connection end with the request in flight, or with the one that has begun to come in. */
    public void stopAfterThis() {
        stopping = true;
    }

    /** Returns whether no request has begun and nothing is left to send: the connection may be closed at any time. */
    public boolean idle() {
        return state == State.HEAD && headDeadline == NO_DEADLINE && in.isEmpty() && out.isEmpty();
    }

    /** Returns whether the connection is between two requests, with or without input that waits. */
    public boolean betweenRequests() {
        return state == State.HEAD;
    }

    /** Goes on as far as possible without anybody's help, and returns what is needed next. */
    public Need advance(long now) {
        for (;;) {
            Need need = switch (state) {
                case HEAD -> readHead(now);
                case CHOOSING -> Need.DISPATCH;
                case COLLECTING -> collectBody(now);
                case READY -> Need.HANDLE;
                case HANDLING, STREAMING -> Need.AWAIT;
                case SENDING -> send();
                case DRAINING -> drain();
                case LAST -> sendLast(now);
                case LINGERING -> linger();
                case CLOSED -> Need.CLOSE;
                case ABORTED -> Need.ABORT;
            };
            if (need != null) {
                return need;
            }
        }
    }

    // ---- the head ----------------------------------------------------------------------------------------------

    /** The steps return null when the state has changed and the next one can be taken. */
    private Need readHead(long now) {
        if (out.length() > OUTPUT_HIGH_WATER_BYTES) {
            return Need.WRITE;
        }
        if (!in.isEmpty()) {
            if (parser == null) {
                parser = parsers.take();
            }
            int n = parser.parse(in.array(), in.from(), in.to());
            if (n > 0) {
                headComplete(n);
                return null;
            }
            if (n == RequestParser.REFUSED) {
                refuse(parser.refusal(), now);
                return null;
            }
            if (headDeadline == NO_DEADLINE && !parser.idle()) {
                headDeadline = now + limits.headNanos();
            }
        }
        if (!out.isEmpty()) {
            return Need.WRITE;
        }
        if (inputEnded) {
            state = State.CLOSED;
            return null;
        }
        return Need.READ;
    }

    private void headComplete(int length) {
        head = parser.head(in.array(), in.from());
        in.skip(length);
        headDeadline = NO_DEADLINE;
        pace = null;
        body = IncomingBody.of(head.framing(), limits);
        continueOwed = head.expectsContinue();
        refused = null;
        state = State.CHOOSING;
    }

    /** Returns the head of the request in flight. */
    public RequestHead head() {
        return head;
    }

    // ---- the body ----------------------------------------------------------------------------------------------

    /** Decides that the body is gathered in memory before the request is answered. After {@link Need#DISPATCH}. */
    public void collect(long maxBodyBytes, long now) {
        require(State.CHOOSING);
        if (body == null) {
            state = State.READY;
            return;
        }
        body.limit(maxBodyBytes);
        if (body.refusal() != null) {
            refuse(body.refusal(), now);
            return;
        }
        long expected = body.declared() >= 0 ? body.declared() : in.length();
        collected = expected == 0 ? NO_OCTETS : new byte[(int) Math.min(expected, COLLECT_FIRST_BYTES)];
        collectedLength = 0;
        state = State.COLLECTING;
        askForBody();
    }

    /** Decides that whoever answers reads the body by itself: {@link #readBody}. After {@link Need#DISPATCH}. */
    public void stream(long maxBodyBytes, long now) {
        require(State.CHOOSING);
        state = State.HANDLING;
        if (body != null) {
            body.limit(maxBodyBytes);
            if (body.refusal() != null) {
                refuse(body.refusal(), now);
            }
        }
    }

    /** Puts a 100 before everything that waits for the body, if the client wants one and has not begun to send. */
    private void askForBody() {
        if (continueOwed) {
            continueOwed = false;
            if (in.isEmpty() && !body.ended()) {
                out.put(CONTINUE, 0, CONTINUE.length);
            }
        }
    }

    private Need collectBody(long now) {
        for (;;) {
            if (collectedLength == collected.length && !body.ended()) {
                collected = Arrays.copyOf(collected, larger());
            }
            int n = body.read(in, collected, collectedLength, collected.length - collectedLength);
            if (n > 0) {
                collectedLength += n;
                continue;
            }
            return switch (n) {
                case IncomingBody.END -> {
                    state = State.READY;
                    yield null;
                }
                case IncomingBody.REFUSED -> {
                    refuse(body.refusal(), now);
                    yield null;
                }
                default -> needBody(now);
            };
        }
    }

    private int larger() {
        long size = Math.max(512, 2L * collected.length);
        if (body.declared() >= 0) {
            size = Math.min(size, body.declared());
        }
        return (int) Math.min(size, Integer.MAX_VALUE - 16);
    }

    private Need needBody(long now) {
        if (!out.isEmpty()) {
            return Need.WRITE;
        }
        if (inputEnded) {
            refuse(Refusal.BODY_INCOMPLETE, now);
            return null;
        }
        return Need.READ;
    }

    /** Returns the collected body, after {@link Need#HANDLE}. The caller may keep it. */
    public byte[] collected() {
        byte[] octets = collectedLength == collected.length ? collected : Arrays.copyOf(collected, collectedLength);
        collected = NO_OCTETS;
        collectedLength = 0;
        return octets;
    }

    /** Returns the trailer fields of the body; empty before its end. */
    public FieldSection trailers() {
        return body == null ? FieldSection.EMPTY : body.trailers();
    }

    /** Notes that the answer is being made. After {@link Need#HANDLE}. */
    public void begin() {
        require(State.READY);
        state = State.HANDLING;
    }

    /** Returns the length of the body: 0 if there is none, -1 if it is not known yet. */
    public long bodyLength() {
        return body == null ? 0 : body.declared();
    }

    /**
     * Reads content of the body, while the answer is being made.
     *
     * @return how many octets; {@link #BODY_NEEDS_INPUT}: send the output, read, and try again; {@link #BODY_ENDED};
     *     or {@link #BODY_REFUSED}
     */
    public int readBody(byte[] dst, int from, int length) {
        if (body == null) {
            return BODY_ENDED;
        }
        if (state != State.HANDLING && state != State.STREAMING) {
            throw new IllegalStateException("the exchange is over: state " + state);
        }
        if (continueOwed && state == State.HANDLING) {
            askForBody();
        }
        int n = body.read(in, dst, from, length);
        if (n == BODY_NEEDS_INPUT && inputEnded) {
            body.refuse(Refusal.BODY_INCOMPLETE);
            return BODY_REFUSED;
        }
        return n;
    }

    /** The answer of {@link #readBody} when there is no input. */
    public static final int BODY_NEEDS_INPUT = IncomingBody.NEED_INPUT;

    /** The answer of {@link #readBody} at the end. */
    public static final int BODY_ENDED = IncomingBody.END;

    /** The answer of {@link #readBody} when the body is refused: {@link #bodyRefusal()}. */
    public static final int BODY_REFUSED = IncomingBody.REFUSED;

    /** Returns why the body was refused, or null. */
    public Refusal bodyRefusal() {
        return body == null ? null : body.refusal();
    }

    /** Refuses the rest of the body because the client is too slow. */
    public void refuseBody(Refusal reason) {
        body.refuse(reason);
    }

    // ---- the answer --------------------------------------------------------------------------------------------

    /**
     * Takes the answer. Content in memory is put into the output, a file is asked for with {@link Need#SEND_FILE}, and
     * a stream is to be written with {@link #write} if {@link #streaming()} then says so.
     */
    public void answer(Answer answer, long now) {
        require(State.HANDLING);
        boolean headOnly = head.method().equals("HEAD");
        Delimiting delimiting = ResponseEncoder.delimiting(answer, head.version());
        last = stopping || !head.persistent() || !bodyCanBeDrained()
                || delimiting == Delimiting.CLOSE && !headOnly || inputEnded && in.isEmpty();
        boolean bare = headOnly || delimiting == Delimiting.NO_CONTENT || answer.status() == 205;
        Content content = bare ? Content.NONE : answer.content();
        int copied = content instanceof Content.Octets octets && octets.length() <= COPY_MAX_BYTES
                ? (int) octets.length() : 0;
        unsentBeforeAnswer = (int) out.length();
        ResponseEncoder.head(out, answer, delimiting, persistence(), standing.at(now), copied);
        state = State.SENDING;
        switch (content) {
            case Content.None none -> { }
            case Content.Octets(byte[] octets) -> {
                if (copied > 0) {
                    out.put(octets, 0, copied);
                } else if (octets.length > 0) {
                    out.putUncopied(octets, 0, octets.length);
                }
            }
            case Content.FileRange file -> fileRemaining = file.length();
            case Content.Streamed stream -> {
                streamed = new ContentEncoder(delimiting == Delimiting.CHUNKED, stream.length());
                state = State.STREAMING;
            }
        }
    }

    /**
     * Takes back a streamed answer of which nothing has been sent, so that another can be given instead.
     *
     * @return false if it is too late
     */
    public boolean retractStream() {
        if (state != State.STREAMING || unsentBeforeAnswer == SENT) {
            return false;
        }
        out.truncate(unsentBeforeAnswer);
        streamed = null;
        state = State.HANDLING;
        return true;
    }

    private Persistence persistence() {
        if (last) {
            return Persistence.CLOSE;
        }
        return head.version() == Version.HTTP_1_1 ? Persistence.IMPLIED : Persistence.KEEP_ALIVE;
    }

    /** Returns whether the rest of the body, if nobody reads it, is worth reading away to keep the connection. */
    private boolean bodyCanBeDrained() {
        if (body == null || body.ended()) {
            return true;
        }
        // A client that waits for 100 may send the body or not: what comes next could not be told apart.
        boolean certain = !continueOwed || body.begun() || !in.isEmpty();
        boolean small = body.declared() < 0 || body.rest() <= limits.maxDrainBytes();
        return certain && small && body.refusal() == null && !inputEnded;
    }

    /** Returns how many octets of the file are still to be sent. */
    public long fileRemaining() {
        return fileRemaining;
    }

    /** Notes that octets of the file were sent. */
    public void fileSent(long n, long now) {
        fileRemaining -= n;
        if (pace != null) {
            pace.moved(n, now);
        }
    }

    /** Sends octets of the file by way of the output, for a file that can't be sent otherwise. */
    public void copyFile(byte[] src, int n) {
        out.put(src, 0, n);
        fileRemaining -= n;
    }

    /** Returns whether the content is to be written with {@link #write}. */
    public boolean streaming() {
        return state == State.STREAMING;
    }

    /** Returns how many octets of the streamed content may still be written. */
    public long streamRoom() {
        return streamed.room();
    }

    /** Puts streamed content into the output, as much as is reasonable; returns how many octets were taken. */
    public int write(byte[] src, int from, int length) {
        require(State.STREAMING);
        return streamed.write(out, src, from, length);
    }

    /** Puts what was held back of the streamed content into the output. */
    public void flushStream() {
        require(State.STREAMING);
        streamed.flush(out);
    }

    /** Ends the streamed content; if less was written than promised, the connection is aborted. */
    public void endStream() {
        require(State.STREAMING);
        if (streamed.room() > 0 && streamed.room() != Long.MAX_VALUE) {
            abort();
            return;
        }
        streamed.end(out);
        streamed = null;
        state = State.SENDING;
    }

    /** Gives up: the client must see that the response is not complete. */
    public void abort() {
        out.clear();
        in.clear();
        state = State.ABORTED;
    }

    private Need send() {
        if (fileRemaining > 0) {
            return out.isEmpty() ? Need.SEND_FILE : Need.WRITE;
        }
        if (out.hasTail()) {
            return Need.WRITE;
        }
        if (last) {
            state = State.LAST;
        } else if (body != null && !body.ended()) {
            drained = 0;
            state = State.DRAINING;
        } else {
            nextRequest();
        }
        return null;
    }

    private void nextRequest() {
        head = null;
        body = null;
        state = State.HEAD;
    }

    // ---- the end -----------------------------------------------------------------------------------------------

    /** Answers with a refusal, after which the connection ends. */
    public void refuse(Refusal refusal, long now) {
        refused = refusal;
        boolean headOnly = head != null ? head.method().equals("HEAD") : in.startsWith("HEAD ");
        Answer answer = RefusalAnswer.of(refusal);
        last = true;
        ResponseEncoder.head(out, answer, Delimiting.LENGTH, Persistence.CLOSE, standing.at(now), 0);
        if (!headOnly && answer.content() instanceof Content.Octets(byte[] octets)) {
            out.put(octets, 0, octets.length);
        }
        in.clear();
        collected = NO_OCTETS;
        headDeadline = NO_DEADLINE;
        state = State.LAST;
    }

    /** Returns why the last request was refused, or null if it was not. */
    public Refusal refusal() {
        return refused;
    }

    private Need drain() {
        int n = body.discard(in);
        if (n > 0) {
            drained += n;
            if (drained > limits.maxDrainBytes()) {
                state = State.LAST;
            }
            return null;
        }
        return switch (n) {
            case IncomingBody.END -> {
                pace = null;
                nextRequest();
                yield null;
            }
            case IncomingBody.REFUSED -> {
                state = State.LAST;
                yield null;
            }
            default -> {
                if (!out.isEmpty()) {
                    yield Need.WRITE;
                }
                if (inputEnded) {
                    state = State.CLOSED;
                    yield null;
                }
                yield Need.READ;
            }
        };
    }

    private Need sendLast(long now) {
        if (!out.isEmpty()) {
            return Need.WRITE;
        }
        if (inputEnded) {
            state = State.CLOSED;
            return null;
        }
        drained = 0;
        lingerDeadline = now + limits.lingerNanos();
        state = State.LINGERING;
        return Need.SHUT_DOWN_OUTPUT;
    }

    private Need linger() {
        drained += in.length();
        in.clear();
        if (inputEnded || drained > limits.maxLingerBytes()) {
            state = State.CLOSED;
            return null;
        }
        return Need.READ;
    }

    // ---- time --------------------------------------------------------------------------------------------------

    /** Returns until when the client has to do something, given that everybody waits for it now. */
    public long deadline(long now) {
        return switch (state) {
            case HEAD -> {
                if (!out.isEmpty()) {
                    yield paceDeadline(now);
                }
                yield headDeadline != NO_DEADLINE ? headDeadline : now + limits.idleNanos();
            }
            case COLLECTING, STREAMING, SENDING, DRAINING, LAST -> paceDeadline(now);
            case LINGERING -> lingerDeadline;
            case CHOOSING, READY, HANDLING, CLOSED, ABORTED -> NO_DEADLINE;
        };
    }

    /** Returns until when the client has to send or take octets, given that somebody waits for that now. */
    public long paceDeadline(long now) {
        if (pace == null) {
            pace = new Pace(limits.paceBytes(), limits.paceNanos());
        }
        return pace.waiting(now);
    }

    /** Returns whether the client has used up the time to send or take octets. */
    public boolean tooSlow(long now) {
        return pace != null && pace.tooSlow(now);
    }

    /** Tells that the {@linkplain #deadline deadline} is over. */
    public void expire(long now) {
        switch (state) {
            case HEAD -> {
                if (!out.isEmpty()) {
                    abort();
                } else if (headDeadline != NO_DEADLINE) {
                    refuse(Refusal.HEAD_TIMEOUT, now);
                } else {
                    state = State.CLOSED;
                }
            }
            case COLLECTING -> refuse(Refusal.BODY_TIMEOUT, now);
            case DRAINING -> state = State.LAST;
            case STREAMING, SENDING, LAST -> abort();
            case LINGERING -> state = State.CLOSED;
            case CHOOSING, READY, HANDLING, CLOSED, ABORTED -> { }
        }
    }

    /** Gives back what was lent, at the end of a turn. What an idle connection keeps is next to nothing. */
    public void settle() {
        in.settle();
        out.settle();
        if (parser != null && headDeadline == NO_DEADLINE && (in.isEmpty() || state != State.HEAD)) {
            parsers.give(parser);
            parser = null;
        }
    }

    private void require(State expected) {
        if (state != expected) {
            throw new IllegalStateException("in state " + state + " where " + expected + " was required");
        }
    }
}
