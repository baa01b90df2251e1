package dev.selvedge.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.contract.HttpLog;
import dev.selvedge.server.transport.TimeSource;
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
    void itIsReportedOnceForAsLongAsItLasts() {
        try (HttpLog log = new HttpLog()) {
            for (int second = 0; second <= 180; second += 59) {
                now.set(TimeUnit.SECONDS.toNanos(second));
                trouble.report(Trouble.Kind.ACCEPTING, "no descriptors");
            }

            assertEquals(1, log.messages(Level.WARNING).size());
            assertTrue(log.messages(Level.WARNING).getFirst().startsWith("no descriptors"));
        }
    }

    @Test
    void itIsReportedAgainWhenItHasBeenOverForAMinute() {
        try (HttpLog log = new HttpLog()) {
            trouble.report(Trouble.Kind.ACCEPTING, "no descriptors");
            now.set(TimeUnit.SECONDS.toNanos(60));
            trouble.report(Trouble.Kind.ACCEPTING, "no descriptors");

            assertEquals(2, log.messages(Level.WARNING).size());
        }
    }

    @Test
    void aTroubleOfAnotherKindIsReportedAsWell() {
        try (HttpLog log = new HttpLog()) {
            trouble.report(Trouble.Kind.ACCEPTING, "no descriptors");
            trouble.report(Trouble.Kind.FILES, "no files");

            assertEquals(2, log.messages(Level.WARNING).size());
        }
    }
}
