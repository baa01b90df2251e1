package dev.selvedge.server.http1;

/**
 * Decides what a client expects before it sends its body (RFC 9110 §10.1.1).
 *
 * <p>An expectation other than 100-continue is refused with 417; HTTP/1.0 has no expectations, so there the field is
 * ignored.
 */
final class ExpectRule {

    /** Nothing is expected. */
    static final int NOTHING = 0;

    /** The client waits for 100 (Continue) if there is a body. */
    static final int CONTINUE = 1;

    private static final int UNKNOWN = 2;

    private static final FieldList.Reader EXPECTATIONS = ExpectRule::readExpectation;

    private ExpectRule() { }

    /** Returns {@link #NOTHING}, {@link #CONTINUE}, or another value if the expectation is refused. */
    static int decide(Version version, FieldParser fields, byte[] octets, int from) {
        return version == Version.HTTP_1_0 || !fields.has(KnownField.EXPECT)
                ? NOTHING : FieldList.read(fields, KnownField.EXPECT, octets, from, EXPECTATIONS);
    }

    private static int readExpectation(int known, byte[] octets, int from, int to) {
        return known | (Octets.equalsIgnoreCase(octets, from, to, "100-continue") ? CONTINUE : UNKNOWN);
    }
}
