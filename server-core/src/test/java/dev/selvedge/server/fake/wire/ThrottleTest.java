package dev.selvedge.server.fake.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThrottleTest {

    private static final long SECOND = 1_000_000_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 19, 100, 1000, 12_345, 10_000_000_000L})
    void asManyPassAsTheRateAllowsAndOneBucketMore(long rate) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long start = -5 * SECOND;
        Throttle throttle = new Throttle(rate, start);
        long bucket = Math.max(1, rate / 20);
        long passed = 0;
        long now = start;
        for (int i = 0; i < 10_000; i++) {
            long allowed = throttle.allowance(now);
            long taken = allowed == 0 ? 0 : random.nextLong(allowed + 1);
            throttle.passed(taken);
            passed += taken;
            assertTrue(passed <= bucket + (now - start) / 1e9 * rate + 1, "seed " + seed + ": " + passed);
            now += random.nextLong(SECOND / 10);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 19, 100, 1000, 12_345, 10_000_000_000L})
    void whoWaitsForAFullBucketGetsTheRate(long rate) {
        Throttle throttle = new Throttle(rate, 0);
        long bucket = throttle.allowance(0);
        long passed = 0;
        long now = 0;
        for (int i = 0; i < 100; i++) {
            long allowed = throttle.allowance(now);
            assertEquals(bucket, allowed);
            throttle.passed(allowed);
            passed += allowed;
            now = throttle.fullAt();
        }
        assertEquals((double) passed / rate, now / 1e9, 0.001 * passed / rate);
    }

    @Test
    void whatHasJustTrickledInIsKeptUntilItIsWorthIt() {
        Throttle throttle = new Throttle(1_000_000, 0);
        throttle.passed(throttle.allowance(0));

        assertEquals(0, throttle.allowance(20_000));
        assertEquals(0, throttle.allowance(4_900_000));
        assertEquals(5_100, throttle.allowance(5_100_000), 1);
    }

    @Test
    void timeWithoutUseIsNotSaved() {
        Throttle throttle = new Throttle(100, 0);
        assertEquals(5, throttle.allowance(0));
        assertEquals(5, throttle.allowance(1000 * SECOND));
    }
}
