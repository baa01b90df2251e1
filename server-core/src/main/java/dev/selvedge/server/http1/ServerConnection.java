package dev.selvedge.server.http1;

import dev.selvedge.server.http1.ResponseEncoder.Delimiting;
import dev.selvedge.server.http1.ResponseEncoder.Persistence;

/**
 * The server's side of one HTTP/1.1 connection, as a value: bytes in, bytes out, and after each step the need that
 * whoever drives it has to meet next.
 *
 * <pre>
 *            ┌───────────────────────── next request ──────────────────────────┐
 *            ▼                                                                 │
 *   ┌──────────────┐ head  ┌──────────┐ collect ┌────────────┐ body ┌───────┐  │
 *   │     HEAD     ├──────►│ CHOOSING ├────────►│ COLLECTING ├─────►│ READY │  │
 *   │              │       │          │ ignore  │  IGNORING  │      │       │  │
 *   └──┬────────┬──┘       └────┬─────┘         └──────┬─────┘      └───┬───┘  │
 *      │        │ refused       │ stream        refused│                │begin │
 *      │        │               ▼                      │                │      │
 *      │        │          ┌──────────┐◄───────────────┼────────────────┘      │
 *      │        │          │ HANDLING ├─ answer, a stream ─► STREAMING ─┐      │
 *      │        │          └────┬─────┘                │         end    │      │
 *      │        │               │ answer               │                ▼      │
 *      │        │               ├────────► SENDING ────┼──────────► (sent) ────┤
 *      │        │               └──────────────────────┼──────────────▲ │      │
 *      │        └───────────────┐                      │                │ a stream's unread body
 *      │ end of input           ▼                      │      last      │      ▼
 *      │                    ┌──────┐◄──────────────────┴────────────────┤  DRAINING
 *      │                    │ LAST │◄───────────────────────────────────┴──────┘
 *      │                    └──┬───┘ sent: shut down output
 *      ▼                       ▼
 *   CLOSED ◄────────────── LINGERING: read away what the client still sends, so that no reset eats the response
 *   ABORTED: from any state, when the response can't be completed
 * </pre>
 *
 * <p>One request is in flight at a time; pipelined ones wait in the input. Responses of a batch gather in the output.
 * Everything may be called by any thread, but only by one at a time: whoever owns the connection.
 */
public final class ServerConnection {

    private enum State {
        HEAD, CHOOSING, COLLECTING, IGNORING, READY, HANDLING, STREAMING, SENDING, DRAINING,
        LAST, LINGERING, CLOSED, ABORTED
    }

    /** The answer of {@link #deadline} when nothing is expected of the client. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** Larger content is not copied but sent from where it lies. */
    private static final int COPY_MAX_BYTES = 16 * 1024;

    /** Of the output before the answer: the answer itself is on its way. */
    private static final int SENT = -1;

    private final ConnectionContext context;
    private final byte home;
    private final Input in = new Input();
    private final Output out = new Output();

    private State state = State.HEAD;
    private RequestParser parser;

    /** Until when the head has to be whole, or the lingering ends; none while neither is under way. */
    private long until = NO_DEADLINE;
    private Pace pace;
    private boolean stopping;
    private RequestHead head;
    private IncomingBody body;
    private boolean last;
    private Refused refused;
    private ContentEncoder streamed;
    private int unsentBeforeAnswer;
    private long fileRemaining;
    private long lingered;

    /** Makes the value of a new connection. */
    public ServerConnection(ConnectionContext context) {
        this.context = context;
        this.home = context.parsers().home();
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
        moved(n, now);
    }

    /** Notes that the client ended its sending side; what is complete is still answered (RFC 9112 §9.6). */
    public void endOfInput() {
        in.end();
    }

    /** Notes that octets of the output were sent. */
    public void sent(int n, long now) {
        out.sent(n);
        unsentBeforeAnswer = SENT;
        moved(n, now);
    }

    /** Lets the connection end with the request in flight, or with the one that has begun to come in. */
    public void stopAfterThis() {
        stopping = true;
    }

    /** Returns whether no request has begun and nothing is left to send: the connection may be closed at any time. */
    public boolean idle() {
        return awaitsHead() && until == NO_DEADLINE && (in.isEmpty() || parser != null && parser.idle());
    }

    /** Returns whether {@link Need#SHUT_DOWN_OUTPUT} follows as soon as the output is sent. */
    public boolean sendsLast() {
        return state == State.LAST && !in.ended();
    }

    /** Returns whether octets of a request, its first ones or more of its head, are all that is waited for. */
    public boolean awaitsHead() {
        return state == State.HEAD && out.isEmpty();
    }

    /** Returns whether nothing is left to do before another request comes: {@link #advance} would answer READ. */
    public boolean awaitsRequest() {
        return awaitsHead() && in.isEmpty() && !in.ended();
    }

    /** Goes on as far as possible without anybody's help, and returns what is needed next. */
    public Need advance(long now) {
        Need need;
        do {
            need = step(now);
        } while (need == null);
        return need;
    }

    /** Goes on likewise, but only until the response in flight has been sent: then {@link Need#READ}. */
    public Need finish(long now) {
        Need need = null;
        while (need == null && state != State.HEAD) {
            need = step(now);
        }
        return need != null ? need : out.isEmpty() ? Need.READ : Need.WRITE;
    }

    /** Takes one step; one that has changed the state, so that the next can be taken, answers null. */
    private Need step(long now) {
        return switch (state) {
            case HEAD -> readHead(now);
            case CHOOSING -> Need.DISPATCH;
            case COLLECTING -> takeBody(body.collect(), now);
            case IGNORING -> takeBody(body.discard(context.limits().maxDrainBytes()), now);
            case READY -> Need.HANDLE;
            case HANDLING, STREAMING -> Need.AWAIT;
            case SENDING -> send();
            case DRAINING -> drain();
            case LAST -> sendLast(now);
            case LINGERING -> linger();
            case CLOSED -> Need.CLOSE;
            case ABORTED -> Need.ABORT;
        };
    }

    // ---- the head ----------------------------------------------------------------------------------------------

    private Need readHead(long now) {
        if (out.isFull()) {
            return Need.WRITE;
        }
        if (!in.isEmpty()) {
            parser = parser == null ? context.parsers().take(home) : parser;
            int n = parser.parse(in.array(), in.from(), in.to());
            if (n > 0) {
                headComplete(n);
                return Need.DISPATCH;
            }
            if (n == RequestParser.REFUSED) {
                refuse(parser.refusal(), now);
                return null;
            }
            if (until == NO_DEADLINE && !parser.idle()) {
                until = now + context.limits().headNanos();
            }
        }
        if (!out.isEmpty()) {
            return Need.WRITE;
        }
        return in.ended() ? become(State.CLOSED) : Need.READ;
    }

    private void headComplete(int length) {
        head = context.parsers().head(home, parser, in.array(), in.from());
        in.skip(length);
        until = NO_DEADLINE;
        pace = null;
        body = IncomingBody.of(head, in, out, context.limits());
        state = State.CHOOSING;
    }

    /** Returns the head of the request in flight. */
    public RequestHead head() {
        return head;
    }

    // ---- the body ----------------------------------------------------------------------------------------------

    /** Decides that the body is gathered in memory before the request is answered. After {@link Need#DISPATCH}. */
    public void collect(long maxBodyBytes, long now) {
        choose(body == null ? State.READY : State.COLLECTING, maxBodyBytes, now);
    }

    /** Decides likewise that whoever answers reads the {@link #body()} by itself; false if that is too large. */
    public boolean stream(long maxBodyBytes, long now) {
        choose(State.HANDLING, maxBodyBytes, now);
        return state == State.HANDLING;
    }

    /**
     * Decides that nobody wants the body. After {@link Need#DISPATCH}. It is read away before the answer, since only a
     * whole request is answered (RFC 9112 §6.3), unless it is large.
     */
    public void ignoreBody() {
        require(State.CHOOSING);
        state = body == null ? State.READY : State.IGNORING;
    }

    private void choose(State chosen, long maxBodyBytes, long now) {
        require(State.CHOOSING);
        state = chosen;
        if (body != null) {
            body.limit(maxBodyBytes);
            if (body.refusal() != null) {
                refuse(body.refusal(), now);
            }
        }
    }

    private Need takeBody(int result, long now) {
        switch (result) {
            case IncomingBody.NEED_INPUT -> {
                return out.isEmpty() ? Need.READ : Need.WRITE;
            }
            case IncomingBody.REFUSED -> refuse(body.refusal(), now);
            default -> state = State.READY;
        }
        return null;
    }

    /** Returns the body of the request in flight, or null if it has none. */
    public IncomingBody body() {
        return body;
    }

    /** Notes that the answer is being made, and returns the collected body, which the caller may keep. */
    public byte[] begin() {
        require(State.READY);
        state = State.HANDLING;
        return body == null ? IncomingBody.NO_OCTETS : body.takeCollected();
    }

    // ---- the answer --------------------------------------------------------------------------------------------

    /**
     * Takes the answer. Content in memory is put into the output, a file is asked for with {@link Need#SEND_FILE}, and
     * a stream is to be written to {@link #streamed()}, if there is one then.
     */
    public void answer(Answer answer, long now) {
        require(State.HANDLING);
        Delimiting delimiting = ResponseEncoder.delimiting(answer, head.version());
        Content content = answer.sendsContent(head) ? answer.content() : Content.NONE;
        last = stopping || !head.persistent() || body != null && !body.canBeDiscarded(context.limits().maxDrainBytes())
                || delimiting == Delimiting.CLOSE && content != Content.NONE || in.ended() && in.isEmpty();
        int copied = content instanceof Content.Octets(byte[] all) && all.length <= COPY_MAX_BYTES ? all.length : 0;
        if (body != null) {
            body.answered();
            refused = body.refusal() == null ? null : Refused.of(body.refusal(), head, in);
        }
        unsentBeforeAnswer = (int) out.length();
        ResponseEncoder.head(out, answer, delimiting, Persistence.of(last, head.version()), context.standing().at(now),
                copied);
        state = State.SENDING;
        switch (content) {
            case Content.None none -> { }
            case Content.Octets(byte[] octets) when copied == octets.length -> out.put(octets, 0, copied);
            case Content.Octets(byte[] octets) -> out.putUncopied(octets, 0, octets.length);
            case Content.FileRange file -> fileRemaining = file.length();
            case Content.Streamed stream -> {
                streamed = new ContentEncoder(out, delimiting == Delimiting.CHUNKED, stream.length());
                state = State.STREAMING;
            }
        }
    }

    /** Takes back a streamed answer, so that another can be given; false if some of it has been sent already. */
    public boolean retractStream() {
        if (state != State.STREAMING || unsentBeforeAnswer == SENT) {
            return false;
        }
        out.truncate(unsentBeforeAnswer);
        streamed = null;
        state = State.HANDLING;
        return true;
    }

    /** Returns how many octets of the file are still to be sent. */
    public long fileRemaining() {
        return fileRemaining;
    }

    /** Notes that octets of the file were sent. */
    public void fileSent(long n, long now) {
        fileRemaining -= n;
        moved(n, now);
    }

    /** Sends octets of the file by way of the output, for a file that can't be sent otherwise. */
    public void copyFile(byte[] src, int n) {
        out.put(src, 0, n);
        fileRemaining -= n;
    }

    /** Returns what takes the content of a streamed answer, or null. */
    public ContentEncoder streamed() {
        return streamed;
    }

    /** Ends the streamed content, with trailers if it is chunked; if it is too short, the connection is aborted. */
    public void endStream(FieldSection trailers) {
        require(State.STREAMING);
        state = streamed.end(trailers) ? State.SENDING : State.ABORTED;
        streamed = null;
    }

    /** Gives up: the client must see that the response is not whole. */
    public void abort() {
        out.clear();
        in.clear();
        streamed = null;
        state = State.ABORTED;
    }

    private Need send() {
        if (fileRemaining > 0 || out.hasTail()) {
            return out.isEmpty() ? Need.SEND_FILE : Need.WRITE;
        }
        if (last) {
            state = State.LAST;
        } else if (body != null && !body.ended()) {
            state = State.DRAINING;
        } else {
            nextRequest();
        }
        return null;
    }

    private void nextRequest() {
        head = null;
        body = null;
        pace = null;
        state = State.HEAD;
    }

    // ---- the end -----------------------------------------------------------------------------------------------

    /** Answers with a refusal, after which the connection ends. */
    public void refuse(Refusal refusal, long now) {
        refused = Refused.of(refusal, head, in);
        boolean headOnly = head != null ? head.isHead() : in.beginsRequest("HEAD ");
        RefusalAnswer.writeTo(out, refusal, headOnly, context.standing().at(now));
        in.clear();
        body = null;
        until = NO_DEADLINE;
        state = State.LAST;
    }

    /** Returns whether {@link #takeRefused} has one to return. */
    public boolean hasRefused() {
        return refused != null;
    }

    /** Returns, once, the last request if it was refused, else null. */
    public Refused takeRefused() {
        Refused taken = refused;
        refused = null;
        return taken;
    }

    private Need drain() {
        switch (body.discard(context.limits().maxDrainBytes())) {
            case IncomingBody.NEED_INPUT -> {
                return out.isEmpty() ? Need.READ : Need.WRITE;
            }
            case IncomingBody.END -> nextRequest();
            default -> state = State.LAST;
        }
        return null;
    }

    private Need sendLast(long now) {
        if (!out.isEmpty()) {
            return Need.WRITE;
        }
        if (in.ended()) {
            return become(State.CLOSED);
        }
        until = now + context.limits().lingerNanos();
        state = State.LINGERING;
        return Need.SHUT_DOWN_OUTPUT;
    }

    private Need linger() {
        lingered += in.length();
        in.clear(); // closing with unread input would reset the connection, which the client may still be reading from
        return in.ended() ? become(State.CLOSED)
                : lingered > context.limits().maxLingerBytes() ? Need.PAUSE : Need.READ;
    }

    /** Changes the state; null, so that a step can end with it. */
    private Need become(State next) {
        state = next;
        return null;
    }

    // ---- time --------------------------------------------------------------------------------------------------

    /** Returns until when the client has to do something, given that everybody waits for it now. */
    public long deadline(long now) {
        return switch (state) {
            case HEAD -> !out.isEmpty() ? paceDeadline(now)
                    : until != NO_DEADLINE ? until : now + context.limits().idleNanos();
            case COLLECTING, IGNORING, STREAMING, SENDING, DRAINING, LAST -> paceDeadline(now);
            case LINGERING -> until;
            case CHOOSING, READY, HANDLING, CLOSED, ABORTED -> NO_DEADLINE;
        };
    }

    /** Returns until when the client has to send or take octets, given that somebody waits for that now. */
    public long paceDeadline(long now) {
        pace = pace == null ? new Pace(context.limits().paceBytes(), context.limits().paceNanos()) : pace;
        return pace.waiting(now, sending());
    }

    /** Returns whether there is something that the client is to take. */
    public boolean sending() {
        return !out.isEmpty() || fileRemaining > 0;
    }

    private void moved(long octets, long now) {
        if (pace != null) {
            pace.moved(octets, now);
        }
    }

    /** Tells that the {@linkplain #deadline deadline} is over. */
    public void expire(long now) {
        switch (state) {
            case HEAD -> {
                if (!out.isEmpty()) {
                    abort();
                } else if (until != NO_DEADLINE) {
                    refuse(Refusal.HEAD_TIMEOUT, now);
                } else {
                    state = State.CLOSED;
                }
            }
            case COLLECTING, IGNORING -> refuse(Refusal.BODY_TIMEOUT, now);
            case DRAINING -> state = State.LAST;
            case STREAMING, SENDING, LAST -> abort();
            case LINGERING -> state = State.CLOSED;
            case CHOOSING, READY, HANDLING, CLOSED, ABORTED -> { }
        }
    }

    /** Gives back what was lent, at the end of a turn. What an idle connection keeps is next to nothing. */
    public void settle() {
        out.settle();
        settleInput();
    }

    /** Gives back what was lent for reading, while there may still be something to be sent. */
    public void settleInput() {
        in.settle();
        if (parser != null && (state != State.HEAD || until == NO_DEADLINE && in.isEmpty())) {
            context.parsers().give(parser);
            parser = null;
        }
    }

    private void require(State expected) {
        if (state != expected) {
            throw new IllegalStateException("in state " + state + " where " + expected + " was required");
        }
    }
}
