package dev.selvedge.server.http1;

/**
 * The parsers of one event loop: a connection holds one only while a head is coming in, so that idle connections cost
 * nothing.
 *
 * <p>Each connection has a home among them and finds its last parser there again, with the section that this remembers
 * ({@link LastSection}), as long as no other connection with the same home has used it.
 */
public final class ParserPool {

    private static final int HOMES = 64;

    private final HeadLimits limits;

    /** Each at its home, or at the next place that was free. */
    private final RequestParser[] spare = new RequestParser[HOMES];

    private int homesGiven;
    private int parsersMade;

    /**
     * Makes an empty pool.
     *
     * @param limits limits of the heads
     */
    public ParserPool(HeadLimits limits) {
        this.limits = limits;
    }

    /** Returns the home of one more connection. */
    byte home() {
        return (byte) (homesGiven++ & HOMES - 1);
    }

    RequestParser take(byte home) {
        for (int i = 0; i < HOMES; i++) {
            int at = (home + i) % HOMES;
            RequestParser parser = spare[at];
            if (parser != null) {
                spare[at] = null;
                return parser;
            }
            if (parsersMade < HOMES) {
                break; // there are homes without a parser, so no other one's is taken
            }
        }
        parsersMade = Math.min(parsersMade + 1, HOMES);
        return new RequestParser(limits);
    }

    /** Takes a parser back, unless all places are taken: then more were used at a time. */
    void give(byte home, RequestParser parser) {
        parser.reset();
        for (int i = 0; i < HOMES; i++) {
            int at = (home + i) % HOMES;
            if (spare[at] == null) {
                spare[at] = parser;
                return;
            }
        }
    }
}
