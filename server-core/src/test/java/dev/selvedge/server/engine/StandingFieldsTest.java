package dev.selvedge.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.selvedge.server.transport.TimeSource;
import org.junit.jupiter.api.Test;

class StandingFieldsTest {

    private static final long SECOND = 1_000_000_000L;

    /** The two clocks have nothing to do with each other, as in the system. */
    private static final class Clock implements TimeSource {
        private long nanos = 77 * SECOND;
        private long epochMillis;

        Clock(long epochMillis) {
            this.epochMillis = epochMillis;
        }

        void pass(long millis) {
            nanos += millis * 1_000_000;
            epochMillis += millis;
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public long epochMillis() {
            return epochMillis;
        }
    }

    @Test
    void rule84_theDateMovesOnWithTheSecond() {
        Clock clock = new Clock(1_000_400);
        StandingFields fields = new StandingFields(clock, "s");
        assertEquals(1000, fields.at(clock.nanos).epochSecond());

        clock.pass(599);
        assertEquals(1000, fields.at(clock.nanos).epochSecond());
        clock.pass(1);
        assertEquals(1001, fields.at(clock.nanos).epochSecond());
        clock.pass(3_600_000);
        assertEquals(4601, fields.at(clock.nanos).epochSecond());
    }

    @Test
    void theyAreMadeOnceASecond() {
        Clock clock = new Clock(1_000_000);
        StandingFields fields = new StandingFields(clock, "s");
        var first = fields.at(clock.nanos);
        clock.pass(999);

        assertSame(first, fields.at(clock.nanos));
    }

    @Test
    void aTimeOfDayThatIsSetBackIsFollowedWithinASecond() {
        Clock clock = new Clock(1_000_000);
        StandingFields fields = new StandingFields(clock, "s");
        clock.epochMillis = 500_000;
        clock.pass(1000);

        assertEquals(501, fields.at(clock.nanos).epochSecond());
    }

    @Test
    void aMomentOfALoopThatIsBehindDoesNotHoldUpTheDate() {
        Clock clock = new Clock(1_000_000);
        StandingFields fields = new StandingFields(clock, "s");
        long early = clock.nanos + SECOND;
        clock.pass(5_000);

        assertEquals(1005, fields.at(early).epochSecond());
        assertEquals(1005, fields.at(clock.nanos).epochSecond());
    }

    @Test
    void timesBefore1970AreNoProblem() {
        assertEquals(-1, new StandingFields(new Clock(-1), "").at(77 * SECOND).epochSecond());
    }
}
