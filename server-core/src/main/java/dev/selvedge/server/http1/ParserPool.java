package dev.selvedge.server.http1;

/**
 * The parsers of one event loop: a connection holds one only while a head is coming in, so that idle connections cost
 * nothing.
 */
public final class ParserPool {

    private static final int SPARE_MAX = 64;

    private final HeadLimits limits;
    private final RequestParser[] spare = new RequestParser[SPARE_MAX];
    private int spares;

    /**
     * Makes an empty pool.
     *
     * @param limits limits of the heads
     */
    public ParserPool(HeadLimits limits) {
        this.limits = limits;
    }

    RequestParser take() {
        return spares == 0 ? new RequestParser(limits) : spare[--spares];
    }

    void give(RequestParser parser) {
        parser.reset();
        if (spares < SPARE_MAX) {
            spare[spares++] = parser;
        }
    }
}
