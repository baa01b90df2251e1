package dev.selvedge.server.http1;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The head of one request: request line and header section, checked against every rule, as an immutable value.
 *
 * <p>It refers to nothing of the connection, so it stays valid for as long as somebody holds it. Strings are made when
 * asked for.
 */
public final class RequestHead {

    private static final byte PLAIN_PATH = 1;
    private static final byte QUERY = 2;

    private final byte[] octets;
    private final HeaderSection section;
    private final String registeredMethod;
    private final TargetForm form;
    private final char methodFrom;
    private final char targetFrom;
    private final char targetTo;
    private final char authorityFrom;
    private final char authorityTo;
    private final char pathFrom;
    private final char pathTo;
    private final byte traits;

    /**
     * Takes what a parser found.
     *
     * @param octets the request line, with what came before it, which nobody changes from now on
     * @param methodFrom the index of the method's first octet
     */
    RequestHead(byte[] octets, int methodFrom, RequestTarget target, HeaderSection section) {
        this.octets = octets;
        this.section = section;
        this.registeredMethod = Method.registered(octets, methodFrom, target.from() - 1);
        this.form = target.form();
        this.methodFrom = (char) methodFrom;
        this.targetFrom = (char) target.from();
        this.targetTo = (char) target.to();
        this.authorityFrom = (char) target.authorityFrom();
        this.authorityTo = (char) target.authorityTo();
        this.pathFrom = (char) target.pathFrom();
        this.pathTo = (char) target.pathTo();
        this.traits = (byte) ((target.pathIsPlain() ? PLAIN_PATH : 0) | (target.hasQuery() ? QUERY : 0));
    }

    /**
     * Makes a head that was not received: for requests that are built in a program.
     *
     * <p>It is written as an HTTP/1.1 request and parsed, so the same rules decide; only Host may be missing.
     *
     * @param method a token
     * @param target a target in origin-form, absolute-form or asterisk-form
     * @param fields the fields; a Host field is not needed
     * @throws IllegalArgumentException if a parser would refuse the method, the target or the fields; the message
     *     says why
     */
    public static RequestHead of(String method, String target, FieldSection fields) {
        int lineLength = requireAscii("method", method) + requireAscii("target", target) + " HTTP/1.1 ".length();
        int fieldsLength = fields.wireLength();
        long roomNeeded = Math.max(lineLength, 16L) + Math.max(fieldsLength, 16);
        if (roomNeeded > HeadLimits.MAX_HEAD_BYTES) {
            throw new IllegalArgumentException("method, target and fields have " + ((long) lineLength + fieldsLength)
                    + " bytes together, but a request head has at most " + HeadLimits.MAX_HEAD_BYTES);
        }
        byte[] octets = new byte[lineLength + fieldsLength + 4];
        int at = put(method + ' ' + target + " HTTP/1.1\r\n", octets, 0);
        put("\r\n", octets, fields.writeTo(octets, at));

        RequestParser parser = RequestParser.forMadeHeads(
                new HeadLimits(Math.max(lineLength, 16), Math.max(fieldsLength, 16), fields.size() + 1));
        int length = parser.parse(octets, 0, octets.length);
        if (length == RequestParser.REFUSED) {
            throw new IllegalArgumentException(parser.refusal().reason() + ": " + Characters.printable(method) + ' '
                    + Characters.printable(target));
        }
        RequestHead head = length == octets.length ? parser.head(octets, 0) : null;
        if (head == null || !head.method().equals(method) || !head.target().equals(target)) {
            throw new IllegalArgumentException("method or target has a space or a line end: "
                    + Characters.printable(method) + ' ' + Characters.printable(target));
        }
        return head;
    }

    private static int requireAscii(String what, String text) {
        Objects.requireNonNull(text, what);
        for (int index = 0; index < text.length(); index++) {
            if (text.charAt(index) >= Octets.DEL) {
                throw new IllegalArgumentException("the " + what + " has " + Characters.describe(text.charAt(index))
                        + " at index " + index + ": " + Characters.printable(text));
            }
        }
        return text.length();
    }

    private static int put(String ascii, byte[] dst, int at) {
        byte[] octets = ascii.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(octets, 0, dst, at, octets.length);
        return at + octets.length;
    }

    /** Returns the method; for the registered ones always the same String object. */
    public String method() {
        return registeredMethod != null ? registeredMethod : text(methodFrom, targetFrom - 1);
    }

    /** Returns whether the method is HEAD: nothing but the head of a response is wanted (RFC 9110 §9.3.2). */
    public boolean isHead() {
        return registeredMethod == Method.HEAD; // the one object that Method.registered returns
    }

    /** Returns the target as it was received. */
    public String target() {
        return text(targetFrom, targetTo);
    }

    /** Returns the form of the target. */
    public TargetForm form() {
        return form;
    }

    /** Returns the version. */
    public Version version() {
        return section.version();
    }

    /** Returns the authority: of an absolute-form target, else the Host field; empty if there is none (1.0). */
    public String authority() {
        return form == TargetForm.ABSOLUTE ? text(authorityFrom, authorityTo) : section.host();
    }

    private String text(int from, int to) {
        return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /**
     * Returns the octets that {@link #pathFrom()} to {@link #queryTo()} refer to. Not to be changed by anybody.
     */
    public byte[] octets() {
        return octets;
    }

    /** Returns the index of the raw path's first octet. The path is empty for {@code *} and for {@code http://host}. */
    public int pathFrom() {
        return pathFrom;
    }

    /** Returns the index behind the raw path. */
    public int pathTo() {
        return pathTo;
    }

    /** Returns whether the path has neither percent signs nor dot segments: then it is decoded and normal as it is. */
    public boolean pathIsPlain() {
        return has(PLAIN_PATH);
    }

    /** Returns the index of the raw query's first octet (behind the question mark), or -1 if there is no query. */
    public int queryFrom() {
        return has(QUERY) ? pathTo + 1 : -1;
    }

    /** Returns the index behind the raw query, or -1. */
    public int queryTo() {
        return has(QUERY) ? targetTo : -1;
    }

    /** Returns the header fields. */
    public FieldSection fields() {
        return section.fields();
    }

    /** Returns how the body is delimited; never {@link Framing.Refused}, because such a head is not made. */
    public Framing framing() {
        return section.framing();
    }

    /**
     * Returns whether the client wants the connection to persist, as far as this head tells (RFC 9112 §9.3): 1.1
     * without {@code close}; 1.0 with {@code keep-alive}, without {@code close} and without Transfer-Encoding.
     */
    public boolean persistent() {
        return section.persistent();
    }

    /** Returns whether the client waits for 100 before it sends the body (1.1 only, RFC 9110 §10.1.1). */
    public boolean expectsContinue() {
        return section.expectsContinue();
    }

    /** Returns the first octets of the head as it was received. */
    byte[] firstOctets(int atMost) {
        byte[] first = Arrays.copyOf(octets, Math.min(atMost, octets.length + section.length()));
        section.copyTo(first, Math.min(octets.length, first.length));
        return first;
    }

    private boolean has(byte trait) {
        return (traits & trait) != 0;
    }
}
