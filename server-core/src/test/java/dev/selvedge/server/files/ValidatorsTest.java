package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ValidatorsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T09:00:00.5Z");

    private static Validators modified(String time) {
        return new Validators(null, time == null ? null : Instant.parse(time));
    }

    @Test
    void lastModifiedIsTheWholeSecond() {
        assertEquals(Instant.parse("2026-11-22T08:59:59Z").getEpochSecond(),
                modified("2026-11-22T08:59:59.999999999Z").lastModifiedAt(NOW));
        assertEquals(-1, modified("1969-12-31T23:59:59.5Z").lastModifiedAt(NOW));
    }

    @Test
    void lastModifiedIsNeverLaterThanTheResponse() {
        assertEquals(NOW.getEpochSecond(), modified("2026-11-22T09:00:01Z").lastModifiedAt(NOW));
        assertEquals(NOW.getEpochSecond(), new Validators(null, Instant.MAX).lastModifiedAt(NOW));
        assertEquals(NOW.getEpochSecond() + 1,
                modified("2026-11-22T09:00:01Z").lastModifiedAt(NOW.plusSeconds(1)));
    }

    @Test
    void aDateIsStrongWhenItsSecondIsOver() {
        assertTrue(modified("2026-11-22T08:59:59.999Z").isDateStrongAt(NOW));
        assertFalse(modified("2026-11-22T09:00:00Z").isDateStrongAt(NOW));
        assertFalse(modified("2026-11-22T09:00:00.9Z").isDateStrongAt(NOW));
        assertFalse(modified("2027-01-01T00:00:00Z").isDateStrongAt(NOW));
        assertFalse(modified(null).isDateStrongAt(NOW));
    }

    @Test
    void aDateThatCantBeWrittenIsNone() {
        assertEquals(HttpDate.NONE, modified(null).lastModifiedAt(NOW));
        assertEquals(HttpDate.NONE, new Validators(null, Instant.MIN).lastModifiedAt(NOW));
        assertFalse(new Validators(null, Instant.MIN).isDateStrongAt(NOW));
        assertEquals(HttpDate.MIN, modified("0000-01-01T00:00:00Z").lastModifiedAt(NOW));
    }
}
