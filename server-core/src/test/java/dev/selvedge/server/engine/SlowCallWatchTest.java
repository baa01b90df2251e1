package dev.selvedge.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.selvedge.contract.HttpLog;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;

/** On the thread of the test, with loops whose counters say what the test says, look for look. */
class SlowCallWatchTest {

    private static final Duration SHORT = Duration.ofNanos(1);

    /** Lets a watch look at a loop as often as there are figures, and returns the warnings. */
    private static List<String> look(Duration threshold, long... counters) {
        EventLoop loop = mock(EventLoop.class);
        SlowCallWatch watch = new SlowCallWatch(List.of(loop), threshold);
        var left = Arrays.stream(counters).iterator();
        when(loop.callCounter()).thenAnswer(call -> {
            long counter = left.nextLong();
            if (!left.hasNext()) {
                watch.stop();
            }
            return counter;
        });
        when(loop.thread()).thenReturn(Thread.currentThread());
        try (HttpLog log = new HttpLog()) {
            watch.run();
            assertFalse(left.hasNext(), "it has looked at all");
            return log.messages(Level.WARNING);
        }
    }

    @Test
    void aCallThatIsStillTheSameIsReportedOnce() {
        assertEquals(1, look(SHORT, 0, 1, 1, 1, 1, 1).size());
    }

    @Test
    void eachSlowCallIsReported() {
        assertEquals(2, look(SHORT, 1, 1, 2, 3, 3, 3).size());
        assertEquals(2, look(SHORT, 1, 1, 3, 3, 3).size(), "also when one follows at once");
    }

    @Test
    void callsThatComeAndGoAreNot() {
        assertEquals(List.of(), look(SHORT, 1, 3, 5, 7, 7 + 2));
    }

    @Test
    void aLoopThatIsInNoCallIsNot() {
        assertEquals(List.of(), look(SHORT, 0, 0, 2, 2, 2, 4));
    }

    @Test
    void theReportNamesTheThreadTheThresholdAndTheStack() {
        String warning = look(Duration.ofMillis(5), 1, 1).getFirst();

        assertTrue(warning.contains(Thread.currentThread().getName()), warning);
        assertTrue(warning.contains("5 ms"), warning);
        assertTrue(warning.contains("theReportNamesTheThreadTheThresholdAndTheStack"), warning);
    }

    @Test
    void itIsAnEventOfTheFlightRecorderToo() throws Exception {
        var event = new CompletableFuture<RecordedEvent>();
        try (RecordingStream recording = new RecordingStream()) {
            recording.enable("dev.selvedge.SlowCall");
            recording.onEvent("dev.selvedge.SlowCall", event::complete);
            recording.startAsync();

            look(SHORT, 1, 1);

            recording.stop();
        }
        RecordedEvent recorded = event.get(20, TimeUnit.SECONDS);
        assertEquals(Thread.currentThread().getName(), recorded.getString("loop"));
        assertTrue(recorded.getString("stack").contains("itIsAnEventOfTheFlightRecorderToo"));
    }

    @Test
    void thresholdZeroMeansThatNobodyWatches() {
        EventLoop loop = mock(EventLoop.class);
        SlowCallWatch watch = new SlowCallWatch(List.of(loop), Duration.ZERO);

        watch.start();
        watch.stop();

        verify(loop, never()).callCounter();
    }
}
