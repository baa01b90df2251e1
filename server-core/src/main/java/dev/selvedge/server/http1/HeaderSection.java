package dev.selvedge.server.http1;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A header section that was received and accepted: its octets, its fields, and what they mean to the protocol.
 *
 * <p>A client repeats its own from request to request, octet for octet, more often than not. So the one that was
 * accepted last is compared with what comes ({@link #lengthAt}), which takes a fraction of the time that parsing takes,
 * and the requests share it.
 */
final class HeaderSection {

    private final byte[] octets;
    private final boolean http10;
    private final boolean persistent;
    private final boolean expectsContinue;
    private final char hostFrom;
    private final char hostTo;
    private final FieldSection fields;
    private final Framing framing;

    /**
     * Takes what a parser found.
     *
     * @param octets the section with the empty line behind it, which nobody changes from now on
     * @param parser has parsed these octets, to the end
     * @param framing what the fields say of the body
     */
    HeaderSection(byte[] octets, FieldParser parser, Version version, Framing framing, boolean expectsContinue) {
        this.octets = octets;
        this.http10 = version == Version.HTTP_1_0;
        this.persistent = PersistenceRule.decide(version, parser, octets, 0);
        this.expectsContinue = expectsContinue;
        int host = parser.has(KnownField.HOST) ? parser.firstLine(KnownField.HOST) : -1;
        this.hostFrom = host < 0 ? 0 : (char) parser.valueFrom(host);
        this.hostTo = host < 0 ? 0 : (char) parser.valueTo(host);
        this.fields = parser.section(octets);
        this.framing = framing;
    }

    /**
     * Returns how many octets the section has, if it stands at an index and has come whole, or 0. In the other version
     * the same fields may mean something else, or nothing that is allowed: Host, Transfer-Encoding, Expect.
     */
    int lengthAt(byte[] bytes, int at, int to, boolean isHttp10) {
        int length = octets.length;
        return length <= to - at && isHttp10 == http10 && Arrays.equals(octets, 0, length, bytes, at, at + length)
                ? length : 0;
    }

    /** Returns how many octets the section has, with the empty line behind it. */
    int length() {
        return octets.length;
    }

    /** Copies the first octets, at most all of them. */
    void copyTo(byte[] dst, int at) {
        System.arraycopy(octets, 0, dst, at, Math.min(octets.length, dst.length - at));
    }

    FieldSection fields() {
        return fields;
    }

    /** Returns how the body is delimited; never {@link Framing.Refused}. */
    Framing framing() {
        return framing;
    }

    /** Returns the value of the field Host, empty if there is none. */
    String host() {
        return new String(octets, hostFrom, hostTo - hostFrom, StandardCharsets.ISO_8859_1);
    }

    Version version() {
        return http10 ? Version.HTTP_1_0 : Version.HTTP_1_1;
    }

    boolean persistent() {
        return persistent;
    }

    boolean expectsContinue() {
        return expectsContinue;
    }
}
