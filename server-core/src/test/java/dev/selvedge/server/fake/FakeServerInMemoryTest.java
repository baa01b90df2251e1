package dev.selvedge.server.fake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Limits;
import dev.selvedge.server.Response;
import dev.selvedge.server.fake.FakeConnection.State;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The fake without sockets: scripts, records and faults, in virtual time. */
@Timeout(20)
class FakeServerInMemoryTest {

    private static final String GET = "GET /users/7 HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    @AutoClose
    private final FakeServer server = FakeServer.inMemory();

    @Test
    void rulesAnswerAndRequestsAreRecorded() {
        server.on("GET", "/users/{id}").respond(Response.text("Ada"));
        FakeConnection client = server.connect();

        client.write(GET);

        assertTrue(client.receivedText().endsWith("\r\n\r\nAda"));
        server.verify("GET", "/users/7").once().now();
        assertEquals(BEGIN, server.takeRequest().arrival());
        server.assertNothingUnused();
        server.assertNoUnmatched();
    }

    @Test
    void aDelayOfTenMinutesTakesNoTime() {
        server.enqueue(Reply.of(Response.text("late")).with(Fault.delayBeforeStatus(Duration.ofMinutes(10))));
        FakeConnection client = server.connect();
        client.write(GET);

        server.clock().advance(Duration.ofMinutes(10).minusNanos(1));
        assertEquals("", client.receivedText());
        server.clock().advance(Duration.ofNanos(1));

        assertTrue(client.receivedText().endsWith("late"));
    }

    @Test
    void aResponseIsCutAtAnExactByte() {
        server.enqueue(Reply.of(Response.text("Hello")).with(Fault.stopAfter(10, Ending.RESET)));
        FakeConnection client = server.connect();
        client.write(GET);
        assertEquals("HTTP/1.1 2", client.receivedText());
        assertEquals(State.RESET, client.state());
    }

    @Test
    void waitingForARequestLetsTimePass() {
        assertThrows(AssertionError.class, () -> server.takeRequest(Duration.ofHours(1)));
        assertEquals(BEGIN.plusSeconds(3600), server.clock().instant());

        server.verify("GET", "/users/7").never().within(Duration.ofHours(1));
        assertEquals(BEGIN.plusSeconds(7200), server.clock().instant());

        assertThrows(AssertionError.class, () -> server.verify("GET", "/users/7").within(Duration.ofHours(1)));
        assertEquals(BEGIN.plusSeconds(10_800), server.clock().instant());
    }

    /** What a client does later, by the same clock, ends the waiting at that moment. */
    @Test
    void waitingEndsWhenTheRequestArrives() {
        FakeConnection second = server.connect();
        server.on("GET", "/users/{id}").respond(request -> {
            server.clock().sleep(Duration.ofSeconds(30));
            second.write("GET /second HTTP/1.1\r\nHost: h\r\n\r\n");
            return Response.text("Ada");
        });
        server.connect().write(GET);
        server.verify("GET", "/second").once().within(Duration.ofMinutes(1));
        assertEquals(BEGIN.plusSeconds(30), server.clock().instant());
    }

    @Test
    void connectionsAreRefusedAndAcceptedAgain() {
        server.on("/users/{id}").respond(Response.text("Ada"));
        FakeConnection before = server.connect();
        server.refuseConnections();
        assertThrows(UncheckedIOException.class, server::connect);
        before.write(GET);
        assertTrue(before.receivedText().endsWith("Ada"));

        server.acceptConnections();
        FakeConnection after = server.connect();
        after.write(GET);
        assertTrue(after.receivedText().endsWith("Ada"));
    }

    @Test
    void anIdleConnectionIsClosedUnderItsClient() {
        server.on("/users/{id}").respond(Response.text("Ada"));
        FakeConnection client = server.connect();
        client.write(GET).received();
        server.closeIdleConnections();
        assertEquals(State.ENDED, client.state());
    }

    @Test
    void limitsHoldByTheClock() {
        try (FakeServer strict = FakeServer.builder().inMemory().limits(Limits.DEFAULT).start()) {
            FakeConnection client = strict.connect();
            client.write("GET ");
            strict.clock().advance(Duration.ofSeconds(10));
            assertTrue(client.receivedText().startsWith("HTTP/1.1 408 Request Timeout\r\n"));
        }
    }

    @Test
    void closingEndsItAtOnceWhateverIsUnderWay() {
        server.enqueue(request -> {
            server.clock().sleep(Duration.ofDays(1));
            return Response.text("never");
        });
        FakeConnection client = server.connect();
        client.write(GET);
        server.close();
        server.close();
        assertEquals(State.RESET, client.state());
        assertThrows(UncheckedIOException.class, server::connect);
        server.verify("GET", "/users/7").once().now();
    }

    @Test
    void ofAnAnswerWithoutEndSoMuchIsReceivedAsIsThere() {
        server.on("/").respond(Reply.malformed(Malformed.ENDLESS_BODY));
        FakeConnection client = server.connect().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        byte[] begin = client.receive(1000);
        assertArrayEquals(Malformed.ENDLESS_BODY.octets(), Arrays.copyOf(begin, Malformed.ENDLESS_BODY.octets().length));
        assertTrue(client.received().length >= 1 << 20);
        assertTrue(client.received().length >= 1 << 20);
    }

    @Test
    void aServerWithSocketsHasNoClock() {
        try (FakeServer sockets = FakeServer.start()) {
            var e = assertThrows(IllegalStateException.class, sockets::clock);
            assertEquals("this server has sockets; FakeServer.inMemory() starts one in memory", e.getMessage());
            assertThrows(IllegalStateException.class, sockets::connect);
        }
    }
}
