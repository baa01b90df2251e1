package dev.selvedge.server.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Response;
import dev.selvedge.server.fake.FaultBench.Client;
import dev.selvedge.server.fake.FaultBench.Rest;
import dev.selvedge.server.fake.FaultBench.Saw;
import dev.selvedge.server.fake.wire.WireConnection;
import dev.selvedge.server.fake.wire.WireExchange;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault of a connection does at the wire what it says, and the record tells what was there. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WireConnectionFaultsTest {

    private static final Duration PAUSE = Duration.ofMillis(40);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + FaultBench.STANDING + "Content-Length: 5\r\n\r\nhello";

    private final FaultBench bench = new FaultBench(request -> {
        request.body().bytes();
        return FaultBench.steady(Response.text("hello"));
    });

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aConnectionWaitsToBeAccepted() throws IOException {
        bench.connectionFaults(ConnectionFault.delayAccept(PAUSE));
        long start = System.nanoTime();
        try (Client one = bench.connect(); Client other = bench.connect()) {
            one.send(FaultBench.REQUEST);
            other.send(FaultBench.REQUEST);
            assertEquals(OK, one.receive(OK.length()));
            assertEquals(OK, other.receive(OK.length()));
            assertPassed(PAUSE, start);
        }
        bench.connectionFaults(ConnectionFault.delayAccept(Pause.MAX));
        try (Client client = bench.connect()) {
            client.send(FaultBench.REQUEST);
            assertTrue(client.silent());
            bench.server.closeNow();
            client.rest();
        }
    }

    @Test
    void aConnectionIsReadSlowly() throws IOException {
        bench.connectionFaults(ConnectionFault.throttleReceiving(1000));
        try (Client client = bench.connect()) {
            long start = System.nanoTime();
            client.send(FaultBench.REQUEST.repeat(4));
            assertEquals(OK.repeat(4), client.receive(4 * OK.length()));
            assertPassed(Duration.ofMillis(4L * FaultBench.REQUEST.length() - 50), start);
        }
    }

    @Test
    void aConnectionIsWrittenSlowly() throws IOException {
        bench.connectionFaults(ConnectionFault.throttleSending(4000));
        try (Client client = bench.connect()) {
            long start = System.nanoTime();
            client.send(FaultBench.REQUEST.repeat(3));
            assertEquals(OK.repeat(3), client.receive(3 * OK.length()));
            assertPassed(Duration.ofMillis((3L * OK.length() - 200) / 4), start);
        }
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void aConnectionEndsBehindEachOctetOfTheClient(Ending ending) throws IOException {
        String requests = FaultBench.REQUEST.repeat(2);
        for (int octets = 0; octets <= requests.length(); octets++) {
            bench.connectionFaults(ConnectionFault.stopReceivingAfter(octets, ending));
            try (Client client = bench.connect()) {
                boolean sent = client.sendInVain(requests);
                WireConnection connection = bench.connection(client);
                FaultBench.await(() -> connection.ended() != null);
                Rest rest = switch (ending) {
                    case SILENCE -> new Rest("", null);
                    default -> client.rest();
                };
                assertTrue(OK.startsWith(rest.octets()), rest.octets()); // the first request may have come alone
                if (ending == Ending.RESET && sent) {
                    assertEquals(Saw.RESET, rest.saw());
                }
                assertEquals(requests.substring(0, octets), received(connection));
                assertEquals(FaultPlan.end(ending), connection.ended());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Ending.class, names = {"FIN", "RESET"})
    void aConnectionEndsBehindEachOctetOfTheServer(Ending ending) throws IOException {
        for (int octets = 0; octets <= 2 * OK.length(); octets++) {
            bench.connectionFaults(ConnectionFault.stopSendingAfter(octets, ending));
            try (Client client = bench.connect()) {
                client.send(FaultBench.REQUEST.repeat(2));
                assertEquals(new Rest(OK.repeat(2).substring(0, octets), ending == Ending.FIN ? Saw.END : Saw.RESET),
                        client.rest());
            }
        }
    }

    @Test
    void connectionsAreRefusedWhileTheServerIsUp() throws IOException {
        try (Client open = bench.connect()) {
            open.send(FaultBench.REQUEST);
            assertEquals(OK, open.receive(OK.length()));
            for (int i = 0; i < 20; i++) {
                bench.wires.refuse();
                bench.wires.refuse();
                assertThrows(ConnectException.class, bench::connect);
                open.send(FaultBench.REQUEST);
                assertEquals(OK, open.receive(OK.length()));
                bench.wires.accept();
                bench.wires.accept();
                try (Client client = bench.connect()) {
                    client.send(FaultBench.REQUEST);
                    assertEquals(OK, client.receive(OK.length()));
                }
            }
        }
        bench.wires.refuse();
        bench.server.closeNow();
        bench.wires.accept();
        assertThrows(ConnectException.class, bench::connect);
    }

    @Test
    void eachRequestIsRecordedOctetByOctet() throws IOException {
        String post = "POST /a HTTP/1.1\r\nHost: localhost\r\nX-Odd:  spaces \r\nContent-Length: 4\r\n\r\nbody";
        String chunked = "PUT /b HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;ext=1\r\none\r\n0\r\nX-Trailer: 1\r\n\r\n";
        String head = "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String bad = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: five\r\n\r\n";
        List<String> requests = List.of(post, chunked, head, FaultBench.REQUEST, bad);
        WireConnection connection;
        try (Client client = bench.connect()) {
            connection = bench.connection(client);
            client.send("\r\n" + String.join("", requests) + "five!");
            client.rest();
        }
        List<WireExchange> exchanges = connection.exchanges();
        for (int i = 0; i < requests.size(); i++) {
            WireExchange exchange = exchanges.get(i);
            assertEquals(requests.get(i), new String(exchange.requestOctets(), ISO_8859_1));
            assertEquals(i, exchange.index());
            assertEquals(i < 4, exchange.handled());
            assertEquals(i < 4, exchange.requestComplete());
            assertTrue(exchange.responseComplete());
        }
        assertEquals(requests.size(), exchanges.size());
        assertEquals("\r\nfive!", new String(connection.strayOctets(), ISO_8859_1));
        assertEquals(OK, new String(exchanges.get(1).responseOctets(), ISO_8859_1));
        assertEquals(OK.substring(0, OK.length() - 5), new String(exchanges.get(2).responseOctets(), ISO_8859_1));
        assertTrue(new String(exchanges.get(4).responseOctets(), ISO_8859_1).startsWith("HTTP/1.1 400 "));
    }

    @Test
    void aRequestThatBreaksOffIsRecorded() throws IOException {
        String half = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf";
        WireConnection connection;
        try (Client client = bench.connect()) {
            connection = bench.connection(client);
            client.send(half);
            FaultBench.await(() -> received(connection).length() == half.length());
        }
        FaultBench.await(connection::closed);
        assertEquals(half, new String(connection.exchanges().getFirst().requestOctets(), ISO_8859_1));
        assertEquals(false, connection.exchanges().getFirst().requestComplete());
    }

    private static String received(WireConnection connection) {
        StringBuilder all = new StringBuilder();
        for (WireExchange exchange : connection.exchanges()) {
            all.append(new String(exchange.requestOctets(), ISO_8859_1));
        }
        return all.toString();
    }

    private static void assertPassed(Duration least, long start) {
        long passed = System.nanoTime() - start;
        assertTrue(passed >= least.toNanos() - Duration.ofMillis(1).toNanos(),
                () -> Duration.ofNanos(passed) + " have passed, and should be " + least);
    }
}
