package dev.selvedge.server.fake.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvedge.server.transport.TimeSource;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of a server's output passes, and when, in a time that the test makes. */
class OutgoingTest {

    private static final long MILLI = 1_000_000;
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    private static final String OK = HEAD + "hello";
    private static final String CHUNKED_HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String CHUNKED = CHUNKED_HEAD + "1\r\na\r\n2\r\nbb\r\n1\r\nc\r\n0\r\n\r\n";
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

    private long now;

    private final TimeSource time = new TimeSource() {
        @Override
        public long nanos() {
            return now;
        }

        @Override
        public long epochMillis() {
            return now / MILLI;
        }
    };

    @Test
    void withoutAPlanAllPassesAtOnce() {
        assertEquals(List.of("0: " + OK, "0: " + OK), passed(ConnectionPlan.NONE, ExchangePlan.NONE, OK + OK));
    }

    @Test
    void theStatusLineWaits() {
        ExchangePlan plan = ExchangePlan.NONE.withBeforeStatus(200 * MILLI);
        assertEquals(List.of("200: " + OK, "400: " + OK), passed(ConnectionPlan.NONE, plan, OK + OK));
    }

    @Test
    void theBodyWaits() {
        ExchangePlan plan = ExchangePlan.NONE.withBeforeBody(200 * MILLI);
        assertEquals(List.of("0: " + HEAD, "200: hello"), passed(ConnectionPlan.NONE, plan, OK));
        assertEquals(List.of("0: " + CHUNKED_HEAD, "200: " + CHUNKED.substring(CHUNKED_HEAD.length())),
                passed(ConnectionPlan.NONE, plan, CHUNKED));
        String empty = "HTTP/1.1 204 No Content\r\n\r\n";
        assertEquals(List.of("0: " + empty), passed(ConnectionPlan.NONE, plan, empty));
    }

    @Test
    void eachChunkButTheFirstAndTheLastWaitsAndIsDrawnAgain() {
        Iterator<Long> pauses = List.of(100 * MILLI, 50 * MILLI).iterator();
        ExchangePlan plan = ExchangePlan.NONE.withBetweenChunks(pauses::next);
        assertEquals(List.of("0: " + CHUNKED_HEAD + "1\r\na\r\n", "100: 2\r\nbb\r\n", "150: 1\r\nc\r\n0\r\n\r\n"),
                passed(ConnectionPlan.NONE, plan, CHUNKED));
    }

    @Test
    void aRateIsKept() {
        ExchangePlan plan = ExchangePlan.NONE.withResponseRate(200);
        assertEquals(List.of("0: HTTP/1.1 2", "50: 00 OK\r\nCon", "100: tent-Lengt", "150: h: 5\r\n\r\nhe",
                "200: llo"), passed(ConnectionPlan.NONE, plan, OK));
        assertEquals(List.of("0: HTTP/1.1 2", "50: 00 OK\r\nCon", "100: tent-Lengt", "150: h: 5\r\n\r\nhe",
                "200: llo", "200: HTTP/1.", "250: 1 200 OK\r\n", "300: Content-Le", "350: ngth: 5\r\n\r",
                "400: \nhello"),
                passed(new ConnectionPlan(0, 0, 200, null, null), ExchangePlan.NONE, OK + OK));
    }

    @Test
    void faultsActTogether() {
        ExchangePlan plan = ExchangePlan.NONE.withBeforeStatus(100 * MILLI).withBeforeBody(30 * MILLI)
                .withResponseRate(400)
                .withStopResponse(new Stop(HEAD.length() + 2, End.RESET));
        assertEquals(List.of("100: " + OK.substring(0, 20), "150: " + HEAD.substring(20), "180: he", "180: RESET"),
                passed(ConnectionPlan.NONE, plan, OK));
    }

    @Test
    void interimResponsesAreNotCounted() {
        ExchangePlan plan = ExchangePlan.NONE.withStopResponse(new Stop(4, End.FIN));
        assertEquals(List.of("0: " + CONTINUE + CONTINUE + "HTTP", "0: FIN"),
                passed(ConnectionPlan.NONE, plan, CONTINUE + CONTINUE + OK));
        assertEquals(List.of("0: " + CONTINUE, "0: FIN"),
                passed(ConnectionPlan.NONE, plan.withStopResponse(new Stop(0, End.FIN)), CONTINUE + OK));
    }

    @Test
    void interimResponsesAreDropped() {
        assertEquals(List.of("0: " + OK, "0: " + OK),
                passed(ConnectionPlan.NONE, ExchangePlan.NONE.withoutInterims(),
                        CONTINUE + OK + CONTINUE + CONTINUE + OK));
    }

    @Test
    void aConnectionIsCountedFromItsFirstOctet() {
        ConnectionPlan plan = new ConnectionPlan(0, 0, 0, null,
                new Stop(CONTINUE.length() + OK.length() + 4, End.SILENCE));
        assertEquals(List.of("0: " + CONTINUE + OK, "0: HTTP", "0: SILENCE"),
                passed(plan, ExchangePlan.NONE, CONTINUE + OK + OK));
    }

    @Test
    void aReplacementTakesThePlaceOfAResponse() {
        Replacement replacement = new Replacement(octets("garbage"), new byte[0], null);
        ExchangePlan plan = ExchangePlan.NONE.withReplacement(replacement);
        assertEquals(List.of("0: garbage", "0: garbage"), passed(ConnectionPlan.NONE, plan, OK + CHUNKED));
        assertEquals(List.of("0: " + CONTINUE + "garbage"), passed(ConnectionPlan.NONE, plan, CONTINUE + OK));
        ExchangePlan ending = plan.withReplacement(new Replacement(octets("garbage"), new byte[0], End.FIN));
        assertEquals(List.of("0: garbage", "0: FIN"), passed(ConnectionPlan.NONE, ending, OK));
        ExchangePlan nothing = plan.withReplacement(new Replacement(new byte[0], new byte[0], End.RESET));
        assertEquals(List.of("0: RESET"), passed(ConnectionPlan.NONE, nothing, OK));
        assertEquals(List.of("70: garb", "70: SILENCE"), passed(ConnectionPlan.NONE, ending
                .withBeforeStatus(70 * MILLI).withStopResponse(new Stop(4, End.SILENCE)), OK));
    }

    @Test
    void aReplacementMayHaveNoEnd() {
        Replacement endless = new Replacement(octets("a"), octets("bc"), null);
        ExchangePlan plan = ExchangePlan.NONE.withReplacement(endless).withStopResponse(new Stop(8, End.FIN));
        assertEquals(List.of("0: abcbcbcb", "0: FIN"), passed(ConnectionPlan.NONE, plan, OK));
    }

    /** Returns what passes and when, in milliseconds; what passes at the same time for one response is one. */
    private List<String> passed(ConnectionPlan connectionPlan, ExchangePlan plan, String output) {
        now = 0;
        WireConnection record = new WireConnection(new Wires(1000), 0, InetSocketAddress.createUnresolved("peer", 1),
                Instant.EPOCH);
        for (int i = 0; i < 3; i++) {
            record.begin(Instant.EPOCH).presetPlan(plan);
        }
        Outgoing outgoing = new Outgoing(record, connectionPlan, time);
        List<String> passed = new ArrayList<>();
        int shownUpTo = -1;
        byte[] src = octets(output);
        for (int at = 0; at < src.length;) {
            int answered = outgoing.answered();
            switch (outgoing.next(src, at, src.length - at, now)) {
                case Outgoing.Step.Wait(long until) -> now = until;
                case Outgoing.Step.Drop(int n) -> at += n;
                case Outgoing.Step.Stopped(End end) -> {
                    passed.add(now / MILLI + ": " + end);
                    return passed;
                }
                case Outgoing.Step.Pass pass -> {
                    outgoing.passed(pass, pass.length());
                    at += pass.ofReplacement() ? 0 : pass.length();
                    String when = now / MILLI + ": ";
                    String what = new String(pass.array(), pass.from(), pass.length(), ISO_8859_1);
                    boolean joined = shownUpTo == answered && !passed.isEmpty() && passed.getLast().startsWith(when);
                    passed.add(joined ? passed.removeLast() + what : when + what);
                    shownUpTo = outgoing.atStart() && outgoing.answered() > answered ? -1 : answered;
                    Stop stop = outgoing.stop();
                    if (stop != null) {
                        passed.add(when + stop.end());
                        return passed;
                    }
                }
            }
        }
        return passed;
    }

    private static byte[] octets(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
