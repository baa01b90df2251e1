package dev.selvedge.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whole servers in a simulated world, each drawn from a seed; what must hold is said in {@link SimRun}.
 *
 * <p>A failure prints its seed and the last events. {@code -Dsimulation.seed=N} runs that seed again, exactly;
 * {@code -Dsimulation.duration=PT10M}, with {@code -Psimulation}, runs fresh seeds for as long.
 */
class SimulationTest {

    private static final int FIXED_SEEDS = 60;
    private static final Duration FRESH = Duration.ofSeconds(2);

    private static long run(long seed) {
        SimRun run = new SimRun(seed);
        try {
            return run.run();
        } catch (AssertionError e) {
            throw new AssertionError("-Dsimulation.seed=" + seed + ": " + e.getMessage() + "\n" + run + "\n"
                    + run.trace(), e);
        }
    }

    private static void runFrom(long seed, Duration howLong) {
        long begun = System.nanoTime();
        long runs = 0;
        while (System.nanoTime() - begun < howLong.toNanos()) {
            run(seed + runs++);
        }
        System.out.printf("simulation: %d fresh seeds from %d on, %.0f a second%n", runs, seed,
                runs / (howLong.toNanos() / 1e9));
    }

    /** A test that makes a server may lose its turn like any other thread, and gets it back. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void everyServerIsMade() {
        for (long seed = 1; seed <= 2_000; seed++) {
            assertNotEquals("", new SimRun(seed).toString());
        }
    }

    @Test
    void fixedSeeds() {
        for (long seed = 1; seed <= FIXED_SEEDS; seed++) {
            run(seed);
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.DAYS)
    void freshSeeds() {
        String seed = System.getProperty("simulation.seed");
        if (seed != null) {
            run(Long.parseLong(seed));
        } else {
            Duration howLong = Duration.parse(System.getProperty("simulation.duration", FRESH.toString()));
            runFrom(System.nanoTime() >>> 1, howLong);
        }
    }

    /** A seed is the whole story: run twice, the same happens at the same moments. */
    @Test
    void aSeedReplaysExactly() {
        for (long seed = 1; seed <= 10; seed++) {
            long replayed = seed;
            assertEquals(run(seed), run(seed), () -> "seed " + replayed);
        }
        assertNotEquals(run(1), run(2));
    }
}
