package dev.selvedge.server.http1;

/**
 * The parsers of one event loop, and what they have to remember: a connection holds a parser only while a head is
 * coming in, so that idle connections cost nothing.
 *
 * <p>The parser that was used last is taken first. The last header section of a connection stays here, if it is not
 * {@linkplain RequestParser#section() long}, to be compared with its next one, until another connection with the same
 * home has sent a request: {@value #HOMES} homes are given to the connections by turns. So a section, with the cookies
 * in it, may outlive its connection.
 */
public final class ParserPool {

    private static final int HOMES = 64;
    private static final int SPARE_MAX = 64;

    private final HeadLimits limits;
    private final RequestParser[] spare = new RequestParser[SPARE_MAX];
    private final HeaderSection[] sections = new HeaderSection[HOMES];
    private int spareCount;
    private int homesGiven;

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
        RequestParser parser;
        if (spareCount == 0) {
            parser = new RequestParser(limits);
        } else {
            parser = spare[--spareCount];
            spare[spareCount] = null;
        }
        parser.remember(sections[home]);
        return parser;
    }

    /** Returns the head that a parser has parsed, and remembers its section. */
    RequestHead head(byte home, RequestParser parser, byte[] bytes, int from) {
        RequestHead head = parser.head(bytes, from);
        sections[home] = parser.section();
        return head;
    }

    /** Takes a parser back, unless there are enough: then more were used at a time. */
    void give(RequestParser parser) {
        if (spareCount < SPARE_MAX) {
            parser.reset();
            parser.remember(null);
            spare[spareCount++] = parser;
        }
    }
}
