package dev.selvedge.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything at once, on both transports, for as long as {@code -Dsoak.duration} says: every octet of every answer is
 * right, memory and descriptors stay where they are, and at the end an orderly stop loses nothing.
 */
@Tag("soak")
@Timeout(value = 1, unit = TimeUnit.DAYS)
class SoakTest {

    private static final Duration DURATION = Duration.parse(System.getProperty("soak.duration", "PT10M"));
    private static final long SEED = Long.getLong("soak.seed", System.nanoTime());
    private static final int CUSTOMERS = 12;
    private static final int SAMPLES = 40;
    private static final Duration BEFORE_THE_STOP = Duration.ofSeconds(3);

    @TempDir
    static Path directory;

    /** What is measured now and then. */
    private record Sample(int residentMebibytes, long heapKibibytes, int descriptors) {

        static Sample of(Child child) throws IOException {
            return new Sample(child.residentMebibytes(), child.statisticsOfLiveObjects().heapBytes() >> 10,
                    child.descriptors());
        }
    }

    @Test
    void nothingIsLostAndNothingGrows() throws Exception {
        for (int length : new int[] {0, 1, 10_000, 1_000_000}) {
            Files.write(directory.resolve("" + length), Octets.of(0, length));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> soaks = new ArrayList<>();
            for (String transport : List.of("epoll", "nio")) {
                Callable<Void> soak = () -> {
                    soak(transport, threads);
                    return null;
                };
                soaks.add(threads.submit(soak));
            }
            for (Future<Void> each : soaks) {
                each.get();
            }
        }
    }

    private static void soak(String transport, ExecutorService threads) throws Exception {
        try (Child child = Child.Settings.of(transport).withHeap("64m").withDirectory(directory).start()) {
            int descriptors = child.descriptors();
            long end = System.nanoTime() + DURATION.toNanos();
            List<Future<Customer.Seen>> customers = visit(child, threads, SEED, false, end);
            List<Sample> samples = new ArrayList<>();
            for (int i = 1; i <= SAMPLES; i++) {
                long next = end - DURATION.toNanos() * (SAMPLES - i) / SAMPLES;
                Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
                samples.add(Sample.of(child));
            }
            Customer.Seen seen = sum(customers);
            child.awaitNoConnection(Duration.ofSeconds(10));
            int descriptorsAfter = child.descriptors();
            Sample early = median(samples.subList(SAMPLES / 4, SAMPLES / 2));
            Sample late = median(samples.subList(SAMPLES * 3 / 4, SAMPLES));

            child.figures("soak", "%s, seed %d: %d answers (%d/s), %d of them refusals, %d wrong; %d resets between;"
                    + " resident %d MiB in the second quarter, %d MiB in the last; heap %d and %d KiB; descriptors %d"
                    + " and %d at work, %d before and %d after", DURATION, SEED, seen.answers,
                    seen.answers / DURATION.toSeconds(), seen.refusals, seen.wrong.size(), seen.resets,
                    early.residentMebibytes(), late.residentMebibytes(), early.heapKibibytes(), late.heapKibibytes(),
                    early.descriptors(), late.descriptors(), descriptors, descriptorsAfter);
            assertEquals(List.of(), seen.wrong);
            assertTrue(late.residentMebibytes() <= early.residentMebibytes() * 1.15 + 4, samples::toString);
            assertTrue(late.heapKibibytes() <= early.heapKibibytes() * 1.15 + 1024, samples::toString);
            assertTrue(descriptorsAfter <= descriptors + 2, descriptorsAfter + " descriptors, before " + descriptors);
            assertEquals("", child.log());
            stop(child, threads);
        }
    }

    /** Stops the server under load: each request that it has taken was answered, to the last octet. */
    private static void stop(Child child, ExecutorService threads) throws Exception {
        long before = child.statistics().requests();
        List<Future<Customer.Seen>> customers =
                visit(child, threads, SEED + CUSTOMERS, true, System.nanoTime() + Duration.ofMinutes(1).toNanos());
        Thread.sleep(BEFORE_THE_STOP);
        long begin = System.nanoTime();
        Child.Statistics last = child.stop();
        long time = System.nanoTime() - begin;
        Customer.Seen seen = sum(customers);
        long taken = last.requests() - before;
        long answered = seen.answers - seen.refusals;

        child.figures("orderly stop", "stopped under load in %.1f s: %d requests taken, %d answered, %d wrong",
                time / 1e9, taken, answered, seen.wrong.size());
        assertEquals(List.of(), seen.wrong);
        assertEquals(taken, answered);
        assertEquals("", child.log());
    }

    private static List<Future<Customer.Seen>> visit(Child child, ExecutorService threads, long seed, boolean stops,
            long until) {
        List<Future<Customer.Seen>> customers = new ArrayList<>();
        for (int i = 0; i < CUSTOMERS; i++) {
            Customer customer = new Customer(child.port(), seed + i, stops);
            customers.add(threads.submit(() -> customer.visitUntil(until)));
        }
        return customers;
    }

    private static Customer.Seen sum(List<Future<Customer.Seen>> customers) throws Exception {
        Customer.Seen sum = new Customer.Seen();
        for (Future<Customer.Seen> each : customers) {
            Customer.Seen seen = each.get();
            sum.answers += seen.answers;
            sum.refusals += seen.refusals;
            sum.resets += seen.resets;
            sum.wrong.addAll(seen.wrong);
        }
        return sum;
    }

    private static Sample median(List<Sample> samples) {
        return new Sample((int) median(samples.stream().mapToLong(Sample::residentMebibytes).toArray()),
                median(samples.stream().mapToLong(Sample::heapKibibytes).toArray()),
                (int) median(samples.stream().mapToLong(Sample::descriptors).toArray()));
    }

    private static long median(long[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
