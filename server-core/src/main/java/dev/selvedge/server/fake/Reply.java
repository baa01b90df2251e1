package dev.selvedge.server.fake;

import dev.selvedge.server.Handler;
import dev.selvedge.server.Response;
import dev.selvedge.server.fake.wire.ExchangePlan;
import dev.selvedge.server.fake.wire.Replacement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a {@link FakeServer} answers one request with: a response, or what is sent instead of one, and what goes wrong
 * with it. Immutable: it can be used any number of times.
 *
 * <pre>{@code
 * Reply.of(Response.json("{}")).with(Fault.delayBeforeStatus(Duration.ofMillis(200)))
 * Reply.of(Response.json("{}")).with(Fault.stopAfter(100, Ending.RESET))
 * Reply.malformed(Malformed.LAST_CHUNK_MISSING)
 * Reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nnot so many", Ending.FIN)
 * }</pre>
 */
public final class Reply {

    private static final long UNKNOWN = -1;

    private final Handler handler;
    private final Replacement replacement;

    /** How long the body of the response is, {@link #UNKNOWN} if it is sent in chunks or nobody knows yet. */
    private final long bodyLength;

    private final List<Fault> faults;
    private final String text;

    private Reply(Handler handler, Replacement replacement, long bodyLength, List<Fault> faults, String text) {
        this.handler = handler;
        this.replacement = replacement;
        this.bodyLength = bodyLength;
        this.faults = faults;
        this.text = text;
    }

    /**
     * Returns a reply that is a response.
     *
     * @param response what is sent
     * @return the reply
     */
    public static Reply of(Response response) {
        Objects.requireNonNull(response, "response");
        return new Reply(request -> response, null, response.bodyLength(), List.of(), response.toString());
    }

    /**
     * Returns a reply that is made when the request is there. It may wait: every call runs on a thread of its own, and
     * is interrupted when the server is closed. The request's body has been read, and it has the path parameters of
     * the rule; what the handler throws is told to the client (500) and by {@link FakeServer#assertNoUnmatched()}.
     *
     * @param handler makes the response
     * @return the reply
     */
    public static Reply of(Handler handler) {
        Objects.requireNonNull(handler, "handler");
        return new Reply(handler, null, UNKNOWN, List.of(), "a handler");
    }

    /**
     * Returns a reply that is octets instead of a response. Behind them the connection goes on.
     *
     * @param octets all that is sent; copied
     * @return the reply
     */
    public static Reply raw(byte[] octets) {
        return instead(FaultPlan.raw(octets, null), octets.length + " raw octets");
    }

    /**
     * Returns a reply that is octets instead of a response, and then the end of the connection.
     *
     * @param octets all that is sent; copied
     * @param ending how the connection ends behind them
     * @return the reply
     */
    public static Reply raw(byte[] octets, Ending ending) {
        Objects.requireNonNull(ending, "ending");
        return instead(FaultPlan.raw(octets, ending), octets.length + " raw octets, then " + ending);
    }

    /**
     * Returns a reply that is a text instead of a response. Behind it the connection goes on.
     *
     * @param octets all that is sent, each character an octet (ISO-8859-1); lines of HTTP end with {@code "\r\n"}
     * @return the reply
     * @throws IllegalArgumentException if a character is none of ISO-8859-1
     */
    public static Reply raw(String octets) {
        return raw(latin1(octets));
    }

    /**
     * Returns a reply that is a text instead of a response, and then the end of the connection.
     *
     * @param octets as for {@link #raw(String)}
     * @param ending how the connection ends behind them
     * @return the reply
     * @throws IllegalArgumentException if a character is none of ISO-8859-1
     */
    public static Reply raw(String octets, Ending ending) {
        return raw(latin1(octets), ending);
    }

    /**
     * Returns a reply that breaks the rules of HTTP.
     *
     * @param malformed how
     * @return the reply
     */
    public static Reply malformed(Malformed malformed) {
        return instead(FaultPlan.malformed(malformed), "malformed " + malformed);
    }

    private static Reply instead(Replacement replacement, String text) {
        return new Reply(request -> Response.empty(), replacement, UNKNOWN, List.of(), text);
    }

    /**
     * Returns this reply with a further fault. Several do each their part: wait, then dribble, then stop.
     *
     * @param fault what goes wrong
     * @return the new reply
     * @throws IllegalArgumentException if the reply has a fault of this kind already, or the fault can't apply to it:
     *     a pause between head and body where there is no body, or between chunks where there are none, or an end
     *     behind more octets than there are
     */
    public Reply with(Fault fault) {
        List<Fault> all = FaultPlan.added(faults, fault);
        requireApplicable(fault);
        return new Reply(handler, replacement, bodyLength, all, text + " with " + fault.name());
    }

    private void requireApplicable(Fault fault) {
        switch (fault) {
            case Fault.DelayBeforeBody delay when replacement != null -> throw refused(fault, "raw octets have no head"
                    + " and no body; stop behind some of them, or send them slowly");
            case Fault.DelayBetweenChunks delay when replacement != null -> throw refused(fault, "raw octets are sent"
                    + " as one; send them slowly, with Fault.throttleResponse(...)");
            case Fault.DelayBeforeBody delay when bodyLength == 0 -> throw refused(fault, "the response has no body");
            case Fault.DelayBetweenChunks delay when bodyLength >= 0 -> throw refused(fault, "only a response whose"
                    + " length is not known before is sent in chunks: Response.stream(type, writer)");
            case Fault.StopResponse stop when replacement != null && replacement.repeated().length == 0
                    && stop.octets() > replacement.octets().length -> throw refused(fault, "there are only "
                    + replacement.octets().length + " octets");
            default -> { }
        }
    }

    private IllegalArgumentException refused(Fault fault, String why) {
        return new IllegalArgumentException("the fault \"" + fault.name() + "\" can't apply to " + text + ": " + why);
    }

    private static byte[] latin1(String text) {
        if (!StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("a character is no octet: \"" + text + "\"; give the bytes of another"
                    + " charset by text.getBytes(charset)");
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    Handler handler() {
        return handler;
    }

    /** Returns a fault that begins before the request has come whole, or null if there is none. */
    Fault faultOfRequest() {
        for (Fault fault : faults) {
            boolean early = switch (fault) {
                case Fault.ThrottleRequest throttle -> true;
                case Fault.StopRequest stop -> true;
                case Fault.WithoutContinue none -> true;
                default -> false;
            };
            if (early) {
                return fault;
            }
        }
        return null;
    }

    /**
     * Returns what the wire has to do.
     *
     * @param disturbance what else goes wrong; of two faults of one kind, that of this reply does
     * @param ordinal the number of the exchange, on which the draws of its pauses depend
     */
    ExchangePlan plan(Disturbance disturbance, long ordinal) {
        List<Fault> all = new ArrayList<>(faults);
        disturbance.faults().stream().filter(further -> faults.stream()
                .noneMatch(own -> own.getClass() == further.getClass())).forEach(all::add);
        return FaultPlan.of(all, disturbance.replacement() == null ? replacement : disturbance.replacement(), ordinal);
    }

    /** Returns what is sent and what goes wrong, in short. */
    @Override
    public String toString() {
        return text;
    }
}
