package dev.selvedge.server.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Responses that break HTTP/1.1 (RFC 9112), each in one place and right everywhere else, so that a client's answer to
 * it tells something.
 */
public enum Malformed {

    /** Content-Length promises more than comes before the end of the connection. */
    CONTENT_LENGTH_TOO_LARGE("Shows whether the client takes a body for complete that is not.",
            ok("Content-Length: 100"), "hello", Ending.FIN),

    /** Content-Length promises less than comes; the rest stands where the next response should begin. */
    CONTENT_LENGTH_TOO_SMALL("Shows whether the client takes left-over octets for the next response.",
            ok("Content-Length: 3"), "hello", null),

    /** Two Content-Length fields that contradict each other. */
    CONTENT_LENGTH_TWICE("Shows whether the client chooses one of two lengths, as in response smuggling, or refuses"
            + " both (RFC 9112 §6.3).", ok("Content-Length: 5\r\nContent-Length: 3"), "hello", Ending.FIN),

    /** A Content-Length below zero. */
    CONTENT_LENGTH_NEGATIVE("Shows whether the client refuses a negative length, or computes with it.",
            ok("Content-Length: -5"), "hello", Ending.FIN),

    /** A Content-Length that no 64-bit number can hold. */
    CONTENT_LENGTH_HUGE("Shows whether the client's length overflows, or makes it reserve memory.",
            ok("Content-Length: 99999999999999999999"), "hello", Ending.FIN),

    /** A Content-Length that is no number. */
    CONTENT_LENGTH_NOT_A_NUMBER("Shows whether the client takes a length for what it is not.",
            ok("Content-Length: five"), "hello", Ending.FIN),

    /** Content-Length and chunks together. */
    CONTENT_LENGTH_WITH_CHUNKS("Shows which of two framings the client believes (RFC 9112 §6.3: the chunks, if it does"
            + " not refuse both).", ok("Content-Length: 3\r\nTransfer-Encoding: chunked"), "5\r\nhello\r\n0\r\n\r\n",
            Ending.FIN),

    /** A chunk size that is no hexadecimal number. */
    CHUNK_SIZE_INVALID("Shows whether the client refuses a chunk whose size it can't read.",
            ok("Transfer-Encoding: chunked"), "xyz\r\nhello\r\n0\r\n\r\n", Ending.FIN),

    /** A chunk size that no 64-bit number can hold. */
    CHUNK_SIZE_HUGE("Shows whether the client's chunk size overflows, or makes it reserve memory.",
            ok("Transfer-Encoding: chunked"), "fffffffffffffffff\r\nhello\r\n0\r\n\r\n", Ending.FIN),

    /** A chunk that is longer than its size says. */
    CHUNK_TOO_LONG("Shows whether the client checks the line end behind a chunk.",
            ok("Transfer-Encoding: chunked"), "3\r\nhello\r\n0\r\n\r\n", Ending.FIN),

    /** Chunks without the last one: the connection ends instead. */
    LAST_CHUNK_MISSING("Shows whether the client takes a body for complete whose end never came.",
            ok("Transfer-Encoding: chunked"), "5\r\nhello\r\n", Ending.FIN),

    /** Trailers that no Trailer field has announced; allowed (RFC 9110 §6.6.2), and seldom expected. */
    TRAILERS_NEVER_ANNOUNCED("Shows whether the client reads the trailers that it did not expect, and leaves none of"
            + " them to the next response.", ok("Transfer-Encoding: chunked"),
            "5\r\nhello\r\n0\r\nX-Checksum: 5d41402a\r\n\r\n", null),

    /** The head ends in the middle of a field, with the connection. */
    HEAD_TRUNCATED("Shows whether the client takes half a head for a response.",
            "HTTP/1.1 200 OK\r\nContent-Type: text/pl", "", Ending.FIN),

    /** A field value that goes on in the next line (obs-fold, RFC 9112 §5.2). */
    FIELD_FOLDED("Shows whether the client reads a folded field as one, as two, or not at all.",
            ok("X-Folded: one\r\n two\r\nContent-Length: 5"), "hello", null),

    /** A field name with white space before the colon. */
    FIELD_NAME_WITH_SPACE("Shows whether the client takes \"Content-Length \" for Content-Length (RFC 9112 §5.1).",
            ok("Content-Length : 5"), "hello", Ending.FIN),

    /** A line of the head without a colon. */
    FIELD_WITHOUT_COLON("Shows whether the client passes over a line that is no field.",
            ok("this is no field\r\nContent-Length: 5"), "hello", Ending.FIN),

    /** A CR within a field value. */
    CR_IN_FIELD("Shows whether the client takes a bare CR for a line end, or hands it on.",
            ok("X-Value: one\rtwo\r\nContent-Length: 5"), "hello", Ending.FIN),

    /** An LF within a field value: what follows may be read as a field of its own. */
    LF_IN_FIELD("Shows whether the client takes a bare LF for a line end, as in header injection.",
            ok("X-Value: one\nX-Injected: two\r\nContent-Length: 5"), "hello", Ending.FIN),

    /** A NUL within a field value. */
    NUL_IN_FIELD("Shows whether the client hands on an octet that ends texts in other languages.",
            ok("X-Value: one\0two\r\nContent-Length: 5"), "hello", Ending.FIN),

    /** A thousand interim responses before the final one. */
    INTERIM_FLOOD("Shows whether the client bounds the interim responses that it passes over (RFC 9110 §15.2).",
            "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n".repeat(1000)
                    + ok("Content-Length: 5"), "hello", null),

    /** An HTTP version that does not exist. */
    VERSION_WRONG("Shows whether the client looks at the version (RFC 9110 §2.5).",
            ok("Content-Length: 5").replace("HTTP/1.1", "HTTP/7.3"), "hello", Ending.FIN),

    /** A status code that is no number. */
    STATUS_NOT_A_NUMBER("Shows whether the client refuses a status that it can't read.",
            ok("Content-Length: 5").replace("200", "2xx"), "hello", Ending.FIN),

    /** A status code of four digits. */
    STATUS_TOO_LONG("Shows whether the client cuts a status code off.",
            ok("Content-Length: 5").replace("200", "2000"), "hello", Ending.FIN),

    /** Octets that have nothing to do with HTTP; always the same ones. */
    GARBAGE("Shows whether the client gives up on what can't be a response.", garbage(), "", Ending.FIN),

    /** A head that never ends: one field after the other, for as long as the client reads. */
    ENDLESS_HEAD("Shows whether the client bounds the head, or fills its memory.", "HTTP/1.1 200 OK\r\n",
            "X-Endless: 0123456789012345678901234567890123456789\r\n"),

    /** A single field value that never ends. */
    ENDLESS_FIELD("Shows whether the client bounds a line of the head, or fills its memory.",
            "HTTP/1.1 200 OK\r\nX-Endless: ", "0123456789".repeat(16)),

    /** A body that never ends, in chunks. */
    ENDLESS_BODY("Shows whether the client bounds the bodies that it keeps in memory, and the time that it reads.",
            ok("Transfer-Encoding: chunked"), "a0\r\n" + "0123456789".repeat(16) + "\r\n");

    private final String purpose;
    private final byte[] octets;
    private final byte[] repeated;
    private final Ending ending;

    Malformed(String purpose, String head, String body, Ending ending) {
        this.purpose = purpose;
        this.octets = (head + body).getBytes(ISO_8859_1);
        this.repeated = new byte[0];
        this.ending = ending;
    }

    Malformed(String purpose, String octets, String repeated) {
        this.purpose = purpose;
        this.octets = octets.getBytes(ISO_8859_1);
        this.repeated = repeated.getBytes(ISO_8859_1);
        this.ending = null;
    }

    /**
     * Returns what it is for.
     *
     * @return one sentence
     */
    public String purpose() {
        return purpose;
    }

    /**
     * Returns what is sent instead of a response.
     *
     * @return a copy of the octets, those that are {@linkplain #repeated() repeated} not included
     */
    public byte[] octets() {
        return octets.clone();
    }

    /**
     * Returns what is sent behind that, again and again without end.
     *
     * @return a copy of the octets; none if it has an end
     */
    public byte[] repeated() {
        return repeated.clone();
    }

    /**
     * Returns how the connection ends behind the octets.
     *
     * @return the ending; empty if the connection goes on, or the octets have no end
     */
    public Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    private static String ok(String fields) {
        return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + fields + "\r\n\r\n";
    }

    private static String garbage() {
        byte[] octets = new byte[512];
        new SplittableRandom(9112).nextBytes(octets);
        octets[0] = 0x16; // not the H of HTTP, nor anything else that a client may hope to understand
        return new String(octets, ISO_8859_1);
    }
}
