package dev.selvedge.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.HttpLog;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class TroubleTest {

    private final AtomicLong now = new AtomicLong();
    private final Trouble trouble = new Trouble(new TimeSource() {
        @Override
        public long nanos() {
            return now.get();
        }

        @Override
        public long epochMillis() {
            throw new AssertionError("not asked");
        }
    });

    @Test
    void itIsReportedOnceAMinute() {
        try (HttpLog log = new HttpLog()) {
            trouble.report("no descriptors");
            trouble.report("still none");
            now.set(TimeUnit.SECONDS.toNanos(59));
            trouble.report("still none");
            assertEquals(1, log.messages(Level.WARNING).size());
            assertTrue(log.messages(Level.WARNING).getFirst().startsWith("no descriptors"));

            now.set(TimeUnit.SECONDS.toNanos(60));
            trouble.report("again");
            trouble.report("again");

            assertEquals(2, log.messages(Level.WARNING).size());
        }
    }
}
