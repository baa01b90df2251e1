package dev.selvedge.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten thousand connections that are idle, or do next to nothing, are no burden for the others. */
@Tag("faults")
@Timeout(180)
class CrowdsTest {

    private static final int CROWD = 10_000;
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration MEASURED = Duration.ofSeconds(5);
    private static final Duration P99 = Duration.ofMillis(250);

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void slowHeadsAndSlowBodiesAreEnded(String transport) throws Exception {
        try (Child child = Child.Settings.of(transport).start(); Drip drip = new Drip(child.port())) {
            Others others = new Others(child.port(), 20, 10, 10);
            for (int i = 0; i < CROWD / 2; i++) {
                drip.add("slow heads", "G");
                drip.add("slow bodies", "POST /%s HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n"
                        .formatted(i % 2 == 0 ? "echo" : "count"));
            }
            Map<String, Integer> endings = drip.run(Duration.ofSeconds(60));
            Others.Seen seen = others.end();

            child.figures("slow clients", "%s; the longest took %.1f s; meanwhile %s", endings,
                    drip.longest().toMillis() / 1e3, seen);
            assertEquals(Map.of("slow heads: 408", CROWD / 2, "slow bodies: 408", CROWD / 2), endings);
            assertNobodyIsDisturbed(child, drip, seen);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void anOctetEverySecondDisturbsNobody(String transport) throws Exception {
        try (Child child = Child.Settings.of(transport).start(); Drip drip = new Drip(child.port())) {
            Others.Seen before = forAWhile(new Others(child.port(), 20, 10, 10));
            for (int i = 0; i < CROWD; i++) {
                drip.add("octets", "G");
            }
            Duration cpu = child.cpu();
            long begin = System.nanoTime();
            Others others = new Others(child.port(), 20, 10, 10);
            Map<String, Integer> endings = drip.run(Duration.ofSeconds(60));
            Others.Seen seen = others.end();
            long percent = child.cpu().minus(cpu).toNanos() * 100 / (System.nanoTime() - begin);

            child.figures("an octet a second", "%s; the longest took %.1f s; %d %% of a processor; others before: %s;"
                    + " meanwhile: %s", endings, drip.longest().toMillis() / 1e3, percent, before, seen);
            assertEquals(Map.of("octets: 408", CROWD), endings);
            assertNobodyIsDisturbed(child, drip, seen);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void idleConnectionsCostLittle(String transport) throws Exception {
        List<SocketChannel> idle = new ArrayList<>();
        try (Child child = Child.Settings.of(transport).start()) {
            busy(child);                                    // warms up
            Others.Seen without = busy(child);
            child.awaitNoConnection(Duration.ofSeconds(10));
            Child.Statistics before = child.statisticsOfLiveObjects();
            int residentBefore = child.residentMebibytes();

            for (int i = 0; i < CROWD; i++) {
                idle.add(idle(child.port()));
            }
            Child.Statistics after = child.statisticsOfLiveObjects();
            int resident = child.residentMebibytes();
            Others.Seen with = busy(child);
            boolean allThere = child.statistics().open() == CROWD;
            long each = (after.heapBytes() - before.heapBytes()) / CROWD;

            child.figures("idle connections", "%d idle ones take %d octets of heap each (resident %d MiB, %d MiB before"
                    + " them); 100 active ones without them: %s; with them: %s", CROWD, each, resident, residentBefore,
                    without, with);
            assertTrue(allThere, "an idle connection was closed too early");
            assertTrue(each < 2048, each + " octets of heap");
            assertTrue(with.perSecond() > without.perSecond() / 2, with + ", without " + without);
            for (SocketChannel channel : idle) {
                channel.close();
            }
            child.awaitNoConnection(Duration.ofSeconds(10));
            assertEquals("", child.log());
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
    }

    private static Others.Seen busy(Child child) throws InterruptedException {
        return forAWhile(new Others(child.port(), 100, 0, 0));
    }

    /** Nothing is waited for: a rate needs a time. */
    private static Others.Seen forAWhile(Others others) throws InterruptedException {
        Thread.sleep(MEASURED);
        return others.end();
    }

    private static void assertNobodyIsDisturbed(Child child, Drip drip, Others.Seen others) throws IOException {
        assertTrue(drip.longest().compareTo(BOUND) < 0, "ended after " + drip.longest());
        assertTrue(others.p99().compareTo(P99) < 0, others::toString);
        child.awaitNoConnection(Duration.ofSeconds(10));
        assertEquals("", child.log());
    }

    /** Connects, is answered once, and does nothing from then on. */
    private static SocketChannel idle(int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.write(ByteBuffer.wrap(Wire.get("/hello").getBytes(ISO_8859_1)));
        ByteBuffer answer = ByteBuffer.allocate(1024);
        do {
            assertTrue(channel.read(answer) > 0, "no whole answer");
        } while (!ISO_8859_1.decode(answer.duplicate().flip()).toString().endsWith(ServerProgram.HELLO));
        return channel;
    }
}
