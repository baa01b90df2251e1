package dev.selvedge.server.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.selvedge.server.http1.Refusal;
import dev.selvedge.server.http1.Refused;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** One request of a simulated client: its octets, who answers it, and which answers are right. */
final class SimRequest {

    /** How the client's message breaks the rules, and the status that tells it. */
    private enum Flaw {
        NO_HOST(400), BARE_LF(400), VERSION(505), TWO_LENGTHS(400), SIGNED_LENGTH(400), LENGTH_AND_CODING(400),
        EXPECTATION(417), CODING(501), LONG_TARGET(414), MANY_FIELDS(431), SPACE_BEFORE_COLON(400), CONNECT(501);

        final int status;

        Flaw(int status) {
            this.status = status;
        }
    }

    static final String TRAILER = "A-Trailer";

    /** What is refused when the request has been taken: all else is found in its head. */
    private static final Set<Refusal> LATE = EnumSet.of(Refusal.BODY_TOO_LARGE, Refusal.CHUNK, Refusal.TRAILER,
            Refusal.BODY_TIMEOUT, Refusal.BODY_INCOMPLETE, Refusal.HANDLER_TIMEOUT, Refusal.TOO_BUSY);

    final SimClient client;
    final int index;
    final int seed;
    final SimCall call;
    final String method;
    private final boolean http10;
    private final boolean keepAlive;
    private final boolean close;
    final byte[] body;
    private final boolean chunked;
    private final boolean brokenChunk;
    private final boolean hasTrailer;
    private final Flaw flaw;
    final boolean expectsContinue;
    final byte[] head;
    final byte[] codedBody;

    SimRequest(SimClient client, int index, SimRandom random, SimThreads threads) {
        this.client = client;
        this.index = index;
        this.seed = client.number * 1000 + index;
        this.flaw = random.once(15) ? random.any(Flaw.values()) : null;
        boolean hasBody = flaw == null && random.once(2);
        this.method = flaw == Flaw.CONNECT ? "CONNECT" : hasBody ? random.any("POST", "PUT")
                : random.any("GET", "GET", "HEAD");
        this.http10 = flaw == null && random.once(8);
        this.keepAlive = http10 && random.once(2);
        this.close = !http10 && random.once(12);
        this.body = hasBody ? SimFile.content(seed + 500, bodyLength(random)) : new byte[0];
        this.chunked = hasBody && !http10 && random.once(2);
        this.brokenChunk = chunked && random.once(12);
        this.hasTrailer = chunked && random.once(3);
        this.expectsContinue = hasBody && !http10 && random.once(4);
        this.call = new SimCall(this, random, threads);
        this.head = headOctets(hasBody);
        this.codedBody = !hasBody ? new byte[0] : chunked ? chunks(random) : body;
    }

    private static int bodyLength(SimRandom random) {
        return random.once(8) ? 0 : random.once(20) ? SimCall.MAX_BODY_BYTES + 1 + random.below(30_000)
                : random.size(random.any(100, 2_000, 30_000));
    }

    // ---- octets ------------------------------------------------------------------------------------------------

    private byte[] headOctets(boolean hasBody) {
        String target = "/" + client.number + "/" + index + (flaw == Flaw.LONG_TARGET ? "x".repeat(1200) : "");
        StringBuilder text = new StringBuilder();
        text.append(method).append(' ')
                .append(flaw == Flaw.CONNECT ? "host:80" : target)
                .append(flaw == Flaw.VERSION ? " HTTP/2.0" : http10 ? " HTTP/1.0" : " HTTP/1.1").append("\r\n");
        if (flaw != Flaw.NO_HOST) {
            text.append("Host: h\r\n");
        }
        if (keepAlive) {
            text.append("Connection: keep-alive\r\n");
        }
        if (close) {
            text.append("Connection: close\r\n");
        }
        if (expectsContinue) {
            text.append("Expect: 100-continue\r\n");
        }
        if (hasBody) {
            text.append(chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + body.length + "\r\n");
        }
        text.append(flawedField());
        return text.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    private String flawedField() {
        return switch (flaw) {
            case null -> "";
            case BARE_LF -> "A: b\n";
            case TWO_LENGTHS -> "Content-Length: 3\r\nContent-Length: 3\r\n";
            case SIGNED_LENGTH -> "Content-Length: +3\r\n";
            case LENGTH_AND_CODING -> "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n";
            case EXPECTATION -> "Expect: miracles\r\n";
            case CODING -> "Transfer-Encoding: gzip, chunked\r\n";
            case MANY_FIELDS -> "A: b\r\n".repeat(60);
            case SPACE_BEFORE_COLON -> "A : b\r\n";
            case NO_HOST, VERSION, LONG_TARGET, CONNECT -> "";
        };
    }

    private byte[] chunks(SimRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < body.length;) {
            int n = Math.min(body.length - at, random.size(body.length));
            String extension = random.once(4) ? ";a=\"b\"" : "";
            out.writeBytes((Integer.toHexString(n) + extension + "\r\n").getBytes(ISO_8859_1));
            out.write(body, at, n);
            out.writeBytes("\r\n".getBytes(ISO_8859_1));
            at += n;
        }
        String broken = random.any("zz\r\n", "0\r\nA Trailer: no\r\n\r\n");
        String lastChunk = hasTrailer ? "0\r\n" + TRAILER + ": " + seed + "\r\n\r\n" : "0\r\n\r\n";
        out.writeBytes((brokenChunk ? broken : lastChunk).getBytes(ISO_8859_1));
        return out.toByteArray();
    }

    /** Returns the values of the trailers that it ends with. */
    String[] trailers() {
        return hasTrailer ? new String[] {String.valueOf(seed)} : new String[0];
    }

    // ---- what is right -----------------------------------------------------------------------------------------

    private boolean tooLarge() {
        return body.length > SimCall.MAX_BODY_BYTES;
    }

    /** Returns whether what comes behind this request is not answered in any case. */
    boolean isLast() {
        return flaw != null || brokenChunk || mustClose();
    }

    private boolean mustClose() {
        return close || http10 && !keepAlive;
    }

    private boolean bodyIsRead() {
        return body.length == 0 && !brokenChunk && !chunked || call.readsAll();
    }

    /** Returns whether the server may end the connection behind the answer, announced or not. */
    boolean mayEndBehind() {
        return flaw != null || brokenChunk || tooLarge() || mustClose() || !bodyIsRead()
                || expectsContinue && !call.readsAll() || http10 && call.streams();
    }

    /** Returns whether the answer may be cut off, with a reset. */
    boolean mayBeCut() {
        return flaw == null && call.streams() && call.failsInStream();
    }

    /**
     * Fails if this is not an answer to this request that was possible.
     *
     * @param complete whether all of the request has been sent
     * @param late whether it came so slowly that the server may have lost its patience before
     */
    void check(SimReply reply, boolean complete, boolean late) {
        if (reply.field("X-Answer") != null) {
            require(reply.field("X-Answer").equals(String.valueOf(seed)), "another request's answer", reply);
            require(flaw == null && call.answersNormally(), "no answer of the application was expected", reply);
            require(!brokenChunk && !tooLarge() && complete || !call.needsBody(), "the body was refused", reply);
            require(reply.status() == call.status, "another status than " + call.status, reply);
            byte[] expected = method.equals("HEAD") ? new byte[0] : call.content();
            if (!Arrays.equals(expected, reply.content())) {
                require(false, "other content than expected, from octet "
                        + Arrays.mismatch(expected, reply.content()) + " of " + expected.length, reply);
            }
            require(reply.closes() || !mustClose(), "the connection does not end", reply);
            require(http10 || reply.delimited(), "content without an end", reply);
            checkTrailers(reply);
            return;
        }
        require(possibleErrors(complete && !late).contains(reply.status()), "this error was not possible", reply);
        require(reply.closes() || reply.status() == 500, "the connection does not end behind a refusal", reply);
    }

    private void checkTrailers(SimReply reply) {
        boolean chunked = reply.field("Transfer-Encoding") != null && !method.equals("HEAD");
        require(reply.trailers().equals(chunked ? call.trailers() : List.of()), "other trailers", reply);
        if (chunked) {
            String announced = call.trailers().isEmpty() ? null : "X-Octets, X-Left-Out";
            require(Objects.equals(announced, reply.field("Trailer")), "trailers are announced otherwise", reply);
        }
    }

    /** Returns whether such a refusal is one of a request that has been taken. */
    static boolean isLate(Refusal refusal) {
        return LATE.contains(refusal);
    }

    /** Fails if this request can't have been refused so; the parameters are those of {@link #check}. */
    void checkRefused(Refused refused, boolean complete, boolean late) {
        boolean possible = switch (refused.refusal()) {
            case HANDLER_TIMEOUT -> call.hasDeadline() && call.isOverdue();
            case TOO_BUSY -> call.takesThread() && client.run().fewThreads();
            default -> possibleErrors(complete && !late).contains(refused.refusal().status());
        };
        if (!possible) {
            throw new AssertionError(this + ": is refused for no reason: " + refused.refusal());
        }
    }

    private List<Integer> possibleErrors(boolean complete) {
        if (flaw != null) {
            return complete ? List.of(flaw.status) : List.of(flaw.status, 408);
        }
        List<Integer> possible = new ArrayList<>();
        if (!complete) {
            possible.addAll(List.of(400, 408));
        }
        if (brokenChunk) {
            possible.add(400);
        }
        if (tooLarge()) {
            possible.add(413);
        }
        if (call.fails()) {
            possible.add(500);
        }
        if (call.takesThread() && client.run().fewThreads() || call.hasDeadline()) {
            possible.add(503);
        }
        return possible;
    }

    private void require(boolean holds, String otherwise, SimReply reply) {
        if (!holds) {
            throw new AssertionError(this + ": " + otherwise + ": " + reply);
        }
    }

    @Override
    public String toString() {
        return "request " + client.number + "/" + index + " (" + method + (http10 ? " 1.0" : "")
                + (body.length > 0 ? " body " + body.length + (chunked ? " chunked" : "") : "")
                + (flaw != null ? " " + flaw : "") + (brokenChunk ? " broken chunk" : "")
                + (expectsContinue ? " expects 100" : "") + ", " + call + ")";
    }
}
