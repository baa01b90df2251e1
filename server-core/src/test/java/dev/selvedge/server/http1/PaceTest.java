package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PaceTest {

    /** 1000 octets in 50 ticks of waiting. */
    private final Pace pace = new Pace(1000, 50);

    @Test
    void aClientHasTheWholeTimeFromTheBeginningOfTheWait() {
        assertEquals(150, pace.waiting(100, false));
        assertEquals(150, pace.waiting(120, false), "asked again, the wait has not begun again");
    }

    @Test
    void onlyTheTimeThatTheServerWaitedCounts() {
        pace.waiting(0, false);
        pace.moved(1, 30);

        assertEquals(1_000_020, pace.waiting(1_000_000, false));
    }

    @Test
    void tricklesDoNotBuyTime() {
        for (int tick = 0; tick < 49; tick++) {
            pace.waiting(tick, false);
            pace.moved(1, tick + 1);
        }

        assertEquals(1001, pace.waiting(1000, false));
    }

    @Test
    void aClientThatIsFastEnoughHasTimeWithoutEnd() {
        for (int tick = 0; tick < 100_000; tick += 49) {
            assertEquals(tick + 50, pace.waiting(tick, false));
            pace.moved(500, tick + 20);
            pace.waiting(tick + 21, false);
            pace.moved(500, tick + 49);
        }
    }

    @Test
    void aBurstBuysNoRestLater() {
        pace.waiting(0, false);
        pace.moved(1_000_000_000, 1);

        assertEquals(60, pace.waiting(10, false));
    }

    @Test
    void octetsThatMoveWithoutAWaitCount() {
        pace.moved(999, 5);
        pace.waiting(10, false);
        pace.moved(1, 20);

        assertEquals(70, pace.waiting(20, false));
    }
}
