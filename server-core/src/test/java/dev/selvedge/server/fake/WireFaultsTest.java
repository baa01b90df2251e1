package dev.selvedge.server.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Response;
import dev.selvedge.server.fake.FaultBench.Client;
import dev.selvedge.server.fake.FaultBench.Rest;
import dev.selvedge.server.fake.FaultBench.Saw;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault of an exchange does at the wire what it says, alone and with others. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WireFaultsTest {

    private static final Duration PAUSE = Duration.ofMillis(40);
    private static final Duration FOREVER = Duration.ofDays(1);
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + FaultBench.STANDING + "Content-Length: 5\r\n\r\n";
    private static final String OK = HEAD + "hello";
    private static final String CHUNKED_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
            + FaultBench.STANDING + "Transfer-Encoding: chunked\r\n\r\n";

    private final FaultBench bench = new FaultBench(request -> switch (request.path()) {
        case "/stream" -> FaultBench.steady(Response.stream("text/plain", out -> {
            writeFlushed(out, "one");
            writeFlushed(out, "two");
            writeFlushed(out, "three");
        }));
        case "/large" -> FaultBench.steady(Response.bytes("text/plain", new byte[1 << 20]));
        default -> {
            request.body().bytes();
            yield FaultBench.steady(Response.text("hello"));
        }
    });

    private static void writeFlushed(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    // ---- delays

    @Test
    void theStatusLineComesLate() throws IOException {
        bench.faults(Fault.delayBeforeStatus(PAUSE));
        try (Client client = bench.connect()) {
            for (int i = 0; i < 3; i++) {
                long start = System.nanoTime();
                client.send(FaultBench.REQUEST);
                assertEquals("H", client.receive(1));
                assertPassed(PAUSE, start);
                assertEquals(OK.substring(1), client.receive(OK.length() - 1));
            }
        }
    }

    @Test
    void theHeadDoesNotWaitForTheBody() throws IOException {
        bench.faults(Fault.delayBeforeBody(FOREVER));
        try (Client client = bench.connect()) {
            client.send(FaultBench.REQUEST);
            assertEquals(HEAD, client.receive(HEAD.length()));
            assertTrue(client.silent());
        }
        bench.faults(Fault.delayBeforeBody(PAUSE));
        try (Client client = bench.connect()) {
            long start = System.nanoTime();
            client.send(FaultBench.REQUEST);
            assertEquals(OK, client.receive(OK.length()));
            assertPassed(PAUSE, start);
        }
    }

    @Test
    void chunksComeOneByOne() throws IOException {
        String request = FaultBench.REQUEST.replace(" / ", " /stream ");
        String chunks = CHUNKED_HEAD + "3\r\none\r\n";
        bench.faults(Fault.delayBetweenChunks(FOREVER));
        try (Client client = bench.connect()) {
            client.send(request);
            assertEquals(chunks, client.receive(chunks.length()));
            assertTrue(client.silent());
        }
        bench.faults(Fault.delayBetweenChunks(PAUSE));
        try (Client client = bench.connect()) {
            long start = System.nanoTime();
            client.send(request);
            chunks += "3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n";
            assertEquals(chunks, client.receive(chunks.length()));
            assertPassed(PAUSE.multipliedBy(2), start);
        }
    }

    // ---- rates

    @Test
    void theResponseDribbles() throws IOException {
        bench.faults(Fault.throttleResponse(2000));
        try (Client client = bench.connect()) {
            long start = System.nanoTime();
            client.send(FaultBench.REQUEST);
            assertEquals(OK, client.receive(OK.length()));
            assertPassed(Duration.ofMillis((OK.length() - 100) * 1000L / 2000), start);
        }
    }

    @Test
    void theRequestIsReadSlowly() throws IOException {
        bench.faults(Fault.throttleRequest(2000));
        try (Client client = bench.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300\r\n\r\n");
            bench.exchange(client, 0);
            long start = System.nanoTime();
            client.send("b".repeat(300));
            assertEquals(OK, client.receive(OK.length()));
            assertPassed(Duration.ofMillis((300 - 100) * 1000L / 2000), start);
        }
    }

    // ---- the request

    @ParameterizedTest
    @EnumSource(Ending.class)
    void aRequestIsCutAtEachOctetBehindItsHead(Ending ending) throws IOException {
        String head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n";
        String request = head + "0123456789abcdefghij";
        for (int octets = 0; octets <= request.length(); octets++) {
            bench.faults(Fault.stopRequestAfter(octets, ending));
            try (Client client = bench.connect()) {
                client.sendInVain(octets % 2 == 0 ? request : request.substring(0, Math.max(octets, head.length())));
                switch (ending) {
                    case FIN, HALF_CLOSE -> assertEquals(new Rest("", Saw.END), client.rest());
                    case RESET -> assertEquals(new Rest("", Saw.RESET), client.rest());
                    case SILENCE -> {
                        FaultBench.await(() -> bench.connection(client).ended() != null);
                        assertTrue(client.silent());
                    }
                }
                assertEquals(request.substring(0, octets),
                        new String(bench.connection(client).exchanges().getFirst().requestOctets(), ISO_8859_1));
                assertEquals(FaultPlan.end(ending), bench.connection(client).ended());
            }
        }
    }

    @Test
    void aRequestThatIsShorterIsAnswered() throws IOException {
        bench.faults(Fault.stopRequestAfter(FaultBench.REQUEST.length() + 1, Ending.RESET));
        try (Client client = bench.connect()) {
            client.send(FaultBench.REQUEST.repeat(2));
            assertEquals(OK.repeat(2), client.receive(OK.length() * 2));
        }
    }

    @Test
    void nobodyIsToldToContinue() throws IOException {
        String head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
        try (Client client = bench.connect()) {
            client.send(head);
            String interim = "HTTP/1.1 100 Continue\r\n\r\n";
            assertEquals(interim, client.receive(interim.length()));
            client.send("body");
            assertEquals(OK, client.receive(OK.length()));

            bench.faults(Fault.withoutContinue());
            client.send(head);
            bench.exchange(client, 1);
            assertTrue(client.silent());
            client.send("body");
            assertEquals(OK, client.receive(OK.length()));
        }
    }

    // ---- idle connections

    @Test
    void anIdleConnectionIsClosed() throws IOException {
        bench.faults(Fault.closeIdleAfter(PAUSE));
        try (Client client = bench.connect()) {
            long start = System.nanoTime();
            client.send(FaultBench.REQUEST);
            assertEquals(new Rest(OK, Saw.END), client.rest());
            assertPassed(PAUSE, start);
            FaultBench.await(bench.connection(client)::closed);
        }
    }

    @Test
    void anIdleConnectionEndsAsItIsSaid() throws IOException {
        bench.faults(new Fault.EndIdle(Pause.NONE, Ending.RESET));
        try (Client client = bench.connect()) {
            client.send(FaultBench.REQUEST);
            assertEquals(new Rest(OK, Saw.RESET), client.rest());
        }
        bench.faults(new Fault.EndIdle(Pause.NONE, Ending.SILENCE));
        try (Client client = bench.connect()) {
            client.send(FaultBench.REQUEST);
            assertEquals(OK, client.receive(OK.length()));
            FaultBench.await(() -> bench.connection(client).ended() != null);
            client.send(FaultBench.REQUEST);
            FaultBench.await(() -> bench.connection(client).strayOctets().length == FaultBench.REQUEST.length());
            assertTrue(client.silent());
        }
    }

    @Test
    void aConnectionThatIsUsedInTimeGoesOn() throws IOException {
        bench.faults(Fault.closeIdleAfter(FOREVER));
        try (Client client = bench.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send(FaultBench.REQUEST);
                assertEquals(OK, client.receive(OK.length()));
            }
        }
    }

    @Test
    void allIdleConnectionsAreEndedAtOnce() throws IOException {
        try (Client idle = bench.connect(); Client busy = bench.connect()) {
            idle.send(FaultBench.REQUEST);
            assertEquals(OK, idle.receive(OK.length()));
            bench.faults(Fault.delayBeforeBody(Duration.ofMillis(300)));
            busy.send(FaultBench.REQUEST);
            assertEquals(HEAD, busy.receive(HEAD.length()));
            bench.wires.endIdle(FaultPlan.end(Ending.FIN));
            assertEquals(new Rest("", Saw.END), idle.rest());
            assertEquals("hello", busy.receive(5));
        }
    }

    // ---- other octets

    @ParameterizedTest
    @EnumSource(Malformed.class)
    void aMalformedResponseIsSentOctetByOctet(Malformed malformed) throws IOException {
        bench.instead(FaultPlan.malformed(malformed));
        String octets = new String(malformed.octets(), ISO_8859_1);
        String repeated = new String(malformed.repeated(), ISO_8859_1);
        try (Client client = bench.connect()) {
            client.send(FaultBench.REQUEST);
            if (malformed.ending().isPresent()) {
                assertEquals(new Rest(octets, Saw.END), client.rest());
            } else if (repeated.isEmpty()) {
                assertEquals(octets, client.receive(octets.length()));
                bench.instead(null);
                client.send(FaultBench.REQUEST);
                assertEquals(OK, client.receive(OK.length()));
            } else {
                String many = octets + repeated.repeat(1_000_000 / repeated.length());
                assertEquals(many, client.receive(many.length()));
            }
        }
    }

    @Test
    void rawOctetsTakeThePlaceOfAResponseOfAnySize() throws IOException {
        bench.instead(FaultPlan.raw("+OK\r\n".getBytes(ISO_8859_1), null));
        try (Client client = bench.connect()) {
            for (String path : new String[] {"/", "/stream", "/large", "/"}) {
                client.send(FaultBench.REQUEST.replace(" / ", " " + path + " "));
                assertEquals("+OK\r\n", client.receive(5));
            }
        }
    }

    // ---- together

    @Test
    void faultsActTogether() throws IOException {
        bench.faults(Fault.delayBeforeStatus(PAUSE), Fault.delayBeforeBody(PAUSE), Fault.throttleResponse(10_000),
                Fault.stopAfter(HEAD.length() + 2, Ending.RESET), Fault.closeIdleAfter(PAUSE), Fault.withoutContinue());
        try (Client client = bench.connect()) {
            long start = System.nanoTime();
            client.send(FaultBench.REQUEST);
            assertEquals(new Rest(HEAD + "he", Saw.RESET), client.rest());
            assertPassed(PAUSE.multipliedBy(2), start);
        }
    }

    @Test
    void aLargeResponseIsCutExactly() throws IOException {
        int octets = 777_777;
        bench.faults(Fault.stopAfter(octets, Ending.FIN));
        try (Client client = bench.connect()) {
            client.send(FaultBench.REQUEST.replace(" / ", " /large "));
            assertEquals(octets, client.rest().octets().length());
        }
    }

    @Test
    void aServerIsClosedAtOnceWhateverIsUnderWay() throws IOException {
        Client[] clients = new Client[6];
        Fault[] faults = {Fault.delayBeforeStatus(FOREVER), Fault.delayBeforeBody(FOREVER), Fault.throttleResponse(1),
            Fault.stopAfter(5, Ending.SILENCE), Fault.stopAfter(5, Ending.HALF_CLOSE), Fault.closeIdleAfter(FOREVER)};
        for (int i = 0; i < clients.length; i++) {
            bench.faults(faults[i]);
            clients[i] = bench.connect();
            clients[i].send(FaultBench.REQUEST);
            bench.exchange(clients[i], 0);
        }
        FaultBench.await(() -> bench.connection(clients[4]).ended() != null);
        bench.server.closeNow();
        for (Client client : clients) {
            client.rest();
            client.close();
        }
        FaultBench.await(() -> bench.wires.connections().stream().allMatch(each -> each.closed()));
    }

    private static void assertPassed(Duration least, long start) {
        long passed = System.nanoTime() - start;
        assertTrue(passed >= least.toNanos() - Duration.ofMillis(1).toNanos(),
                () -> Duration.ofNanos(passed) + " have passed, and should be " + least);
    }
}
