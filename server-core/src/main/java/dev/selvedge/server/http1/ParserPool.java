package dev.selvedge.server.http1;

import java.util.ArrayDeque;

/**
 * The parsers of one event loop: a connection holds one only while a head is coming in, so that idle connections cost
 * nothing.
 */
public final class ParserPool {

    private static final int SPARE_MAX = 64;

    private final HeadLimits limits;
    private final ArrayDeque<RequestParser> spare = new ArrayDeque<>();

    /**
     * Makes an empty pool.
     *
     * @param limits limits of the heads
     */
    public ParserPool(HeadLimits limits) {
        this.limits = limits;
    }

    RequestParser take() {
        RequestParser parser = spare.pollLast();
        return parser == null ? new RequestParser(limits) : parser;
    }

    void give(RequestParser parser) {
        parser.reset();
        if (spare.size() < SPARE_MAX) {
            spare.addLast(parser);
        }
    }
}
