package dev.selvedge.server.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.selvedge.contract.HttpLog;
import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.ConnectionLimits;
import dev.selvedge.server.http1.Content;
import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.HeadLimits;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.ReadinessTarget;
import dev.selvedge.server.transport.ServerThreads;
import dev.selvedge.server.transport.TimeSource;
import dev.selvedge.server.transport.Transport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.logging.Level;
import org.mockito.ArgumentCaptor;

/**
 * An event loop that runs on the thread of a test, turn by turn, with a poller that does what the test says and a clock
 * that stands still while the loop does not wait.
 */
final class EngineBench {

    static final long SECOND = 1_000_000_000L;
    static final long IDLE_NANOS = 60 * SECOND;
    static final ConnectionLimits LIMITS = new ConnectionLimits(new HeadLimits(1000, 4000, 50), 10 * SECOND,
            IDLE_NANOS, 1200, 5 * SECOND, 256, 1000, 10_000, 2 * SECOND);

    final Shared shared;
    final Poller poller = mock(Poller.class);
    final EventLoop loop;

    /** How long the loop wanted to wait, at the end of each turn; -1 is for ever. */
    final List<Long> waits = new ArrayList<>();

    private final Deque<Runnable> turns = new ArrayDeque<>();
    private long now;
    private AssertionError failed;
    private int defectsExpected;

    EngineBench(int maxConnections) {
        this(maxConnections, answering("fine"), mock(Transport.class));
    }

    EngineBench(int maxConnections, Call served, Transport transport) {
        this(maxConnections, (head, peer) -> served, transport);
    }

    EngineBench(int maxConnections, Application application, Transport transport) {
        this(maxConnections, application, transport, ServerThreads.system());
    }

    EngineBench(int maxConnections, Application application, Transport transport, ServerThreads threads) {
        shared = new Shared(
                new EngineSettings(List.of(), 50, 1 << 18, 1, LIMITS, maxConnections, 10_000, 0, "test",
                        Duration.ofSeconds(1)),
                transport, application, new StandingTime(), threads);
        loop = new EventLoop(shared, poller, task -> Thread.currentThread());
        when(poller.poll(anyLong())).thenAnswer(call -> {
            long wait = call.getArgument(0);
            waits.add(wait);
            now += Math.max(0, wait);
            if (turns.isEmpty()) {
                loop.kill();
                return 0;
            }
            try {
                turns.removeFirst().run();
            } catch (AssertionError e) {
                failed = e;
            }
            return 1;
        });
    }

    /** Lets something become ready at the end of the next wait. */
    EngineBench turn(Runnable ready) {
        turns.add(ready);
        return this;
    }

    /** Gives the loop a new connection, and returns whom its poller is to tell of edges. */
    ReadinessTarget adopt(Channel channel) {
        loop.adopt(channel);
        var target = ArgumentCaptor.forClass(ReadinessTarget.class);
        verify(poller).add(eq(channel), target.capture());
        return target.getValue();
    }

    /** Announces how many defects the loop will log; a test that has not announced one fails by it. */
    EngineBench expectDefects(int count) {
        defectsExpected = count;
        return this;
    }

    /** Runs the loop until it has made all its turns and one more, and has ended. */
    void run() {
        List<String> defects;
        try (HttpLog log = new HttpLog()) {
            loop.run();
            defects = log.messages(Level.SEVERE);
        }
        if (failed != null) {
            throw failed;
        }
        assertEquals(defectsExpected, defects.size(), defects::toString);
    }

    /** Every blocking call that has begun has ended, once; takes all the places. */
    static void allPlacesAreFree(Shared shared) {
        for (int i = 0; i < shared.settings().maxBlockingCalls(); i++) {
            assertTrue(shared.beginBlockingCall(), "all places are free");
        }
        assertFalse(shared.beginBlockingCall(), "and not one more");
    }

    /** Returns a call that is made on the loop. */
    static Call answering(String text) {
        return answering(new Content.Octets(text.getBytes(ISO_8859_1)));
    }

    static Call answering(Content content) {
        return answering(content, false);
    }

    /** Returns a call that has a thread of its own. */
    static Call answeringOnThread(String text) {
        return answering(new Content.Octets(text.getBytes(ISO_8859_1)), true);
    }

    private static Call answering(Content content, boolean blocking) {
        return new Call() {
            @Override
            public boolean blocking() {
                return blocking;
            }

            @Override
            public boolean readsBody() {
                return false;
            }

            @Override
            public long maxBodyBytes() {
                return 0;
            }

            @Override
            public Answer answer(BodySource body) {
                return new Answer(200, FieldSection.builder().add("Content-Type", "text/plain").build(), content);
            }
        };
    }

    private final class StandingTime implements TimeSource {

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public long epochMillis() {
            return 0;
        }
    }
}
