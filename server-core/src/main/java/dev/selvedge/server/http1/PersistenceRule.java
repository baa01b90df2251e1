package dev.selvedge.server.http1;

/** Decides whether the client wants its connection to persist (RFC 9112 §9.3). */
final class PersistenceRule {

    private static final int CLOSE = 1;
    private static final int KEEP_ALIVE = 2;

    private static final FieldList.Reader OPTIONS = PersistenceRule::readOption;

    private PersistenceRule() { }

    /** Decides from the version and the Connection options; {@code close} beats {@code keep-alive}. */
    static boolean decide(Version version, FieldParser fields, byte[] octets, int from) {
        int options = fields.has(KnownField.CONNECTION)
                ? FieldList.read(fields, KnownField.CONNECTION, octets, from, OPTIONS) : 0;
        return switch (version) {
            case HTTP_1_0 -> options == KEEP_ALIVE;
            case HTTP_1_1 -> (options & CLOSE) == 0;
        };
    }

    private static int readOption(int known, byte[] octets, int from, int to) {
        return Octets.equalsIgnoreCase(octets, from, to, "close") ? known | CLOSE
                : Octets.equalsIgnoreCase(octets, from, to, "keep-alive") ? known | KEEP_ALIVE : known;
    }
}
