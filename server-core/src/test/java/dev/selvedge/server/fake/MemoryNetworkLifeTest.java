package dev.selvedge.server.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Limits;
import dev.selvedge.server.Response;
import dev.selvedge.server.fake.FakeConnection.State;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a server in virtual time ends, and how it gets along with what is real. */
@Timeout(20)
class MemoryNetworkLifeTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final MemoryNetwork network = new MemoryNetwork(MemoryNetwork.BEGIN);
    private final FakeClock clock = network.clock();
    private HttpServer server;

    private FakeConnection serve(Limits limits, Handler handler) {
        server = HttpServer.builder().transport(network).listen("localhost", 0).loops(1).limits(limits)
                .withoutServerName().gracePeriod(Duration.ofSeconds(10)).handler(handler).start();
        return connect();
    }

    private FakeConnection serve(Handler handler) {
        return serve(Limits.DEFAULT, handler);
    }

    private FakeConnection connect() {
        return network.connect(server.addresses().getFirst());
    }

    @AfterEach
    void closeServer() {
        if (server != null) {
            network.drive(server::closeNow);
        }
    }

    // ---- the end of the server

    @Test
    void closingLetsTimePassByItself() {
        FakeConnection client = serve(request -> {
            clock.sleep(Duration.ofHours(1));
            return Response.text("");
        });
        client.write(GET);

        network.drive(server::close);

        assertEquals(State.RESET, client.state());
        assertEquals(MemoryNetwork.BEGIN.plusSeconds(10), clock.instant());
        assertThrows(UncheckedIOException.class, this::connect);
    }

    @Test
    void aRequestInFlightIsAnsweredWithinTheGracePeriod() {
        FakeConnection client = serve(request -> {
            clock.sleep(Duration.ofSeconds(3));
            return Response.text("done");
        });
        client.write(GET);

        network.drive(server::close);

        assertTrue(client.receivedText().endsWith("done"));
        assertEquals(MemoryNetwork.BEGIN.plusSeconds(3 + 2), clock.instant(), "and 2 s for the client to end its side");
    }

    @Test
    void closingDoesNotWaitForAHandlerThatIsHeldUpBySomethingReal() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        FakeConnection client = serve(request -> {
            try {
                held.await();
            } finally {
                left.countDown();
            }
            return Response.text("");
        });
        client.write(GET);

        network.drive(server::closeNow);

        assertEquals(State.RESET, client.state());
        assertTrue(left.await(10, TimeUnit.SECONDS), "the handler was not interrupted");
    }

    // ---- another world

    /** A handler may wait for the test itself: the others go on without it, and it is not lost. */
    @Test
    void aHandlerMayWaitForTheTest() {
        CountDownLatch go = new CountDownLatch(1);
        FakeConnection slow = serve(request -> {
            if (request.path().equals("/slow")) {
                go.await();
            }
            return Response.text("done");
        });
        slow.write("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
        FakeConnection other = connect();
        other.write(GET);
        assertTrue(other.receivedText().endsWith("done"));
        clock.advance(Duration.ofSeconds(30));
        assertEquals("", slow.receivedText());

        go.countDown();

        String head = "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:30 GMT\r\n";
        assertEquals(head, new String(slow.receive(head.length()), ISO_8859_1));
    }

    /** It is set aside when the test goes on, and comes back when that waits for what it owes. */
    @Test
    void aHandlerMayBeHeldUpForARealTime() {
        CountDownLatch go = new CountDownLatch(1);
        FakeConnection client = serve(request -> {
            go.await();
            return Response.text("done");
        });
        client.write(GET);
        Thread test = Thread.currentThread();
        Thread.ofPlatform().daemon().start(() -> {
            while (test.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            go.countDown();
        });

        assertEquals("HTTP", new String(client.receive(4), ISO_8859_1));
        assertEquals(MemoryNetwork.BEGIN, clock.instant());
    }

    @Test
    void aHandlerMayBeAClientOfItsServer() {
        FakeConnection client = serve(request -> {
            if (request.path().equals("/inner")) {
                clock.sleep(Duration.ofSeconds(1));
                return Response.text("inner");
            }
            FakeConnection inner = connect();
            inner.write("GET /inner HTTP/1.1\r\nHost: h\r\n\r\n");
            clock.sleep(Duration.ofSeconds(2));
            return Response.text("outer and " + inner.receivedText().lines().toList().getLast());
        });
        client.write(GET);
        clock.advance(Duration.ofSeconds(2));
        assertTrue(client.receivedText().endsWith("outer and inner"));
    }

    @Test
    void aHandlerDoesNotAdvanceTheClock() {
        FakeConnection client = serve(request -> {
            assertThrows(IllegalStateException.class, () -> clock.advance(Duration.ofSeconds(1)));
            return Response.text("so it is");
        });
        client.write(GET);
        assertTrue(client.receivedText().endsWith("so it is"));
    }

    @Test
    void timesOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofNanos(-1)));
        assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofDays(40_000)));
        assertThrows(IllegalArgumentException.class, () -> clock.sleep(Duration.ofNanos(-1)));
        clock.advance(Duration.ZERO);
        assertEquals(MemoryNetwork.BEGIN, clock.instant());
    }

    /** Handlers that begin at the same moment always go on in the same order. */
    @Test
    void everythingIsTheSameEachTime() {
        List<List<String>> stories = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            stories.add(story());
        }
        assertEquals(Collections.nCopies(20, stories.getFirst()), stories);
        assertFalse(stories.getFirst().isEmpty());
    }

    private static List<String> story() {
        MemoryNetwork network = new MemoryNetwork(MemoryNetwork.BEGIN);
        FakeClock clock = network.clock();
        List<String> story = new ArrayList<>();
        HttpServer server = HttpServer.builder().transport(network).listen("localhost", 0).loops(2)
                .handler(request -> {
                    for (int i = 0; i < 5; i++) {
                        story.add(request.path() + " " + i + " " + clock.instant());
                        clock.sleep(Duration.ofMillis(request.path().length() * 10L));
                    }
                    return Response.text(request.path());
                }).start();
        List<FakeConnection> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(network.connect(server.addresses().getFirst()));
        }
        for (int i = 0; i < 10; i++) {
            clients.get(i).write("GET /" + "x".repeat(i % 4) + i + " HTTP/1.1\r\nHost: h\r\n\r\n");
        }
        clock.advance(Duration.ofSeconds(1));
        clients.forEach(client -> story.add(client.receivedText()));
        network.drive(server::close);
        return story;
    }
}
