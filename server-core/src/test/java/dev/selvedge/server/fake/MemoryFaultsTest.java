package dev.selvedge.server.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Response;
import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.TransportProvider;
import dev.selvedge.server.transport.memory.MemoryConnection;
import dev.selvedge.server.transport.memory.MemoryTransport;
import dev.selvedge.server.transport.memory.Scheduler;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In memory, faults that take minutes take no time, and come at the very moment. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryFaultsTest {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final Duration TICK = Duration.ofMillis(1);
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + FaultBench.STANDING + "Content-Length: 5\r\n\r\n";
    private static final String OK = HEAD + "hello";

    private final Scheduler scheduler = new Scheduler(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemoryTransport memory = new MemoryTransport(scheduler);
    private final FaultBench bench = new FaultBench(request -> {
        request.body().bytes();
        return FaultBench.steady(Response.text("hello"));
    }, new TransportProvider() {
        @Override
        public String name() {
            return "memory";
        }

        @Override
        public int preference() {
            return 0;
        }

        @Override
        public Optional<String> unavailable() {
            return Optional.empty();
        }

        @Override
        public Transport open() {
            return memory;
        }
    });

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void delaysAreExact() {
        bench.faults(Fault.delayBeforeStatus(TEN_MINUTES), Fault.delayBeforeBody(TEN_MINUTES));
        scheduler.drive(() -> {
            MemoryConnection client = connect();
            send(client, FaultBench.REQUEST);
            assertEquals("H", receive(client, 1));
            assertNow(TEN_MINUTES);
            assertEquals(OK.substring(1), receive(client, OK.length() - 1));
            assertNow(TEN_MINUTES.multipliedBy(2));
        });
    }

    @Test
    void ratesAreExact() {
        bench.faults(Fault.throttleResponse(1));
        scheduler.drive(() -> {
            MemoryConnection client = connect();
            send(client, FaultBench.REQUEST);
            for (int i = 0; i < OK.length(); i++) {
                assertEquals(OK.substring(i, i + 1), receive(client, 1));
                assertNow(Duration.ofSeconds(i));
            }
        });
    }

    @Test
    void aRequestIsReadAtItsRate() {
        bench.connectionFaults(ConnectionFault.throttleReceiving(1));
        scheduler.drive(() -> {
            MemoryConnection client = connect();
            send(client, FaultBench.REQUEST);
            assertEquals(OK, receive(client, OK.length()));
            assertNow(Duration.ofSeconds(FaultBench.REQUEST.length() - 1));
        });
    }

    @Test
    void anIdleConnectionEndsAtItsMoment() {
        bench.faults(Fault.closeIdleAfter(TEN_MINUTES));
        scheduler.drive(() -> {
            MemoryConnection client = connect();
            send(client, FaultBench.REQUEST);
            assertEquals(OK, receive(client, OK.length()));
            assertNow(Duration.ZERO);
            assertEquals(-1, client.receive(new byte[1], 0, 1, Scheduler.NEVER));
            assertNow(TEN_MINUTES);
        });
    }

    @Test
    void aConnectionIsAcceptedLate() {
        bench.connectionFaults(ConnectionFault.delayAccept(TEN_MINUTES));
        scheduler.drive(() -> {
            MemoryConnection client = connect();
            send(client, FaultBench.REQUEST);
            assertEquals(OK, receive(client, OK.length()));
            assertNow(TEN_MINUTES);
        });
    }

    @Test
    void endsAreSeen() {
        for (Ending ending : Ending.values()) {
            for (int octets = 0; octets <= OK.length(); octets++) {
                bench.faults(Fault.stopAfter(octets, ending));
                String expected = OK.substring(0, octets);
                scheduler.drive(() -> {
                    MemoryConnection client = connect();
                    send(client, FaultBench.REQUEST);
                    assertEquals(expected, receive(client, expected.length()));
                    long start = scheduler.now();
                    int n = client.receive(new byte[1], 0, 1, start + TEN_MINUTES.toNanos());
                    assertEquals(ending == Ending.SILENCE ? 0 : -1, n);
                    assertEquals(ending == Ending.SILENCE ? TEN_MINUTES.toNanos() : 0, scheduler.now() - start);
                    assertEquals(ending == Ending.RESET, client.isResetByServer());
                    client.close();
                });
            }
        }
    }

    @Test
    void connectionsAreRefusedForAWhile() {
        for (int i = 0; i < 3; i++) {
            bench.wires.refuse();
            scheduler.drive(() -> assertThrows(ConnectException.class, () -> new MemoryConnection(memory)
                    .connect(bench.server.addresses().getFirst(), Scheduler.NEVER)));
            assertDoesNotThrow(bench.wires::accept);
            scheduler.drive(() -> {
                MemoryConnection client = connect();
                send(client, FaultBench.REQUEST);
                assertEquals(OK, receive(client, OK.length()));
                client.close();
            });
        }
    }

    @Test
    void drawsOfAPauseAreTheSameEachTime() {
        Pause pause = Pause.exponential(Duration.ofSeconds(30), 7);
        bench.faults(Fault.delayBeforeStatus(pause));
        scheduler.drive(() -> {
            MemoryConnection client = connect();
            send(client, FaultBench.REQUEST);
            assertEquals(OK, receive(client, OK.length()));
            assertNow(pause.drawn(0));
        });
    }

    private MemoryConnection connect() {
        MemoryConnection client = new MemoryConnection(memory);
        try {
            assertTrue(client.connect(bench.server.addresses().getFirst(), Scheduler.NEVER));
        } catch (ConnectException e) {
            throw new AssertionError(e);
        }
        return client;
    }

    private static void send(MemoryConnection client, String octets) {
        byte[] src = octets.getBytes(ISO_8859_1);
        assertEquals(src.length, client.send(src, 0, src.length, Scheduler.NEVER));
    }

    private static String receive(MemoryConnection client, int octets) {
        byte[] dst = new byte[octets];
        int received = 0;
        while (received < octets) {
            int n = client.receive(dst, received, octets - received, Scheduler.NEVER);
            assertTrue(n > 0, "ends behind " + received + " octets");
            received += n;
        }
        return new String(dst, ISO_8859_1);
    }

    private void assertNow(Duration expected) {
        Duration now = Duration.ofNanos(scheduler.now());
        assertTrue(now.compareTo(expected) >= 0 && now.minus(expected).compareTo(TICK) <= 0,
                () -> "it is " + now + ", and should be " + expected);
    }
}
