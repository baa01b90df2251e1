package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The connections of a loop share its parsers, never what a parser holds of one of them. */
class SharedParsersTest {

    private static final int HOMES = 64;

    private final ParserPool pool = new ParserPool(DrivenConnection.LIMITS.head());
    private final ConnectionContext context =
            new ConnectionContext(DrivenConnection.LIMITS, now -> new ServerFields("test", 0), pool);
    private final List<RequestHead> heads = new ArrayList<>();

    private DrivenConnection connection() {
        return new DrivenConnection(head -> {
            heads.add(head);
            return SampleSite.plan(head);
        }, context);
    }

    private FieldSection ask(DrivenConnection connection, String host, String more) {
        connection.input("GET /text HTTP/1.1\r\nHost: " + host + "\r\n\r\n" + more).run();
        assertEquals(host, heads.getLast().fields().first("Host"));
        return heads.getLast().fields();
    }

    @Test
    void eachConnectionFindsItsOwnSectionAgain() {
        DrivenConnection one = connection();
        DrivenConnection other = connection();
        FieldSection its = ask(one, "one", "");
        FieldSection others = ask(other, "other", "");

        assertSame(its, ask(one, "one", ""));
        assertSame(others, ask(other, "other", ""));
    }

    @Test
    void headsThatComeInAtTheSameTimeAreParsedApart() {
        List<DrivenConnection> all = Stream.generate(this::connection).limit(3).toList();
        all.forEach(connection -> ask(connection, "before", ""));
        for (int i = 0; i < all.size(); i++) {
            all.get(i).input("GET /text HTTP/1.1\r\nHost: h" + i).run();
        }
        for (int i = 0; i < all.size(); i++) {
            all.get(i).input("\r\n\r\n").run();

            assertEquals("h" + i, heads.getLast().fields().first("Host"));
        }
    }

    /** The one has sent an empty line behind its request, and keeps the parser for that until its time is over. */
    @Test
    void theEndOfOneLeavesTheNewerSectionOfAnother() {
        DrivenConnection one = connection();
        List<DrivenConnection> others = Stream.generate(this::connection).limit(HOMES).toList();
        DrivenConnection other = others.getLast();
        ask(one, "one", "\r\n");
        FieldSection newer = ask(other, "other", "");

        one.http.expire(one.now);
        assertEquals(Need.CLOSE, one.run());

        assertSame(newer, ask(other, "other", ""), "they have the same home");
    }

    @Test
    void parsersAreGivenBackWhenNoHeadIsComingIn() {
        RequestParser spare = new RequestParser(DrivenConnection.LIMITS.head());
        pool.give(spare);
        DrivenConnection one = connection().input("GET");

        one.run();
        assertNotSame(spare, pool.take((byte) 0), "it is in use");
        one.http.expire(one.now);
        one.run();

        assertSame(spare, pool.take((byte) 0));
    }
}
