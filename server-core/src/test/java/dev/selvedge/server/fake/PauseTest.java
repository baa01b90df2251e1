package dev.selvedge.server.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PauseTest {

    private static final Duration MEAN = Duration.ofMillis(100);
    private static final int DRAWS = 20_000;

    @Test
    void aFixedPauseIsAlwaysTheSame() {
        assertEquals(MEAN, Pause.of(MEAN).drawn(0));
        assertEquals(MEAN, Pause.of(MEAN).drawn(-7));
        assertEquals(Duration.ZERO, Pause.NONE.drawn(1));
    }

    @Test
    void theSameSeedDrawsTheSameLengths() {
        for (Pause pause : drawnPauses(42)) {
            for (Pause same : drawnPauses(42)) {
                if (same.equals(pause)) {
                    assertEquals(draws(pause), draws(same));
                }
            }
        }
        for (int i = 0; i < 3; i++) {
            assertNotEquals(draws(drawnPauses(1).get(i)), draws(drawnPauses(2).get(i)));
        }
    }

    @Test
    void lengthsAreDistributedAsTheirNamesSay() {
        Pause uniform = Pause.uniform(Duration.ofMillis(50), Duration.ofMillis(150), 9);
        assertEquals(100, mean(uniform), 1);
        assertTrue(draws(uniform).stream().allMatch(each -> each.toMillis() >= 50
                && each.compareTo(Duration.ofMillis(150)) <= 0));
        assertEquals(1 - Math.exp(-1), shareBelow(Pause.exponential(MEAN, 9), MEAN), 0.015);
        assertEquals(100, mean(Pause.exponential(MEAN, 9)), 3);
        Pause normal = Pause.normal(MEAN, Duration.ofMillis(10), 9);
        assertEquals(100, mean(normal), 1);
        assertEquals(0.841, shareBelow(normal, Duration.ofMillis(110)), 0.015);
    }

    @Test
    void noLengthIsNegativeOrBeyondTheLongest() {
        for (Pause pause : List.of(Pause.normal(Duration.ZERO, Pause.MAX, 1), Pause.exponential(Pause.MAX, 1))) {
            assertTrue(draws(pause).stream().noneMatch(each -> each.isNegative() || each.compareTo(Pause.MAX) > 0));
        }
        assertEquals(MEAN, Pause.uniform(MEAN, MEAN, 1).drawn(5));
    }

    @Test
    void misuseIsToldAtOnce() {
        Duration negative = Duration.ofMillis(-1);
        Duration tooLong = Pause.MAX.plusNanos(1);
        assertEquals("a pause is -1 ms; it must be from 0 ms to 1 day", misuse(() -> Pause.of(negative)));
        assertEquals("a pause is PT24H0.000000001S; it must be from 0 ms to 1 day", misuse(() -> Pause.of(tooLong)));
        misuse(() -> Pause.of(Duration.ofSeconds(Long.MAX_VALUE)));
        misuse(() -> Pause.uniform(negative, MEAN, 1));
        misuse(() -> Pause.uniform(MEAN, tooLong, 1));
        assertEquals("the longest pause, 100 ms, is shorter than the shortest, 200 ms",
                misuse(() -> Pause.uniform(Duration.ofMillis(200), MEAN, 1)));
        misuse(() -> Pause.exponential(negative, 1));
        assertEquals("the mean of a pause is zero; it must be more", misuse(() -> Pause.exponential(Duration.ZERO, 1)));
        misuse(() -> Pause.normal(negative, MEAN, 1));
        misuse(() -> Pause.normal(MEAN, negative, 1));
        assertThrows(NullPointerException.class, () -> Pause.of(null));
    }

    private static String misuse(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }

    private static List<Pause> drawnPauses(long seed) {
        return List.of(Pause.uniform(Duration.ZERO, MEAN, seed), Pause.exponential(MEAN, seed),
                Pause.normal(MEAN, Duration.ofMillis(10), seed));
    }

    private static List<Duration> draws(Pause pause) {
        return LongStream.range(0, DRAWS).mapToObj(pause::drawn).toList();
    }

    private static double mean(Pause pause) {
        return draws(pause).stream().mapToLong(Duration::toNanos).average().orElseThrow() / 1e6;
    }

    private static double shareBelow(Pause pause, Duration bound) {
        return draws(pause).stream().filter(each -> each.compareTo(bound) < 0).count() / (double) DRAWS;
    }
}
