package dev.selvedge.server.fake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs one test of a client against many faults, each with a {@link FakeServer} of its own, and tells which of them the
 * client has survived, which it has failed and on which it hung. Immutable: each method returns another matrix.
 *
 * <pre>{@code
 * FaultMatrix.Report report = FaultMatrix.standard().run(server -> {
 *     server.on("GET", "/users/7").respond(Response.json("{\"name\":\"Ada\"}"));
 *     assertEquals("Ada", new UserClient(server.uri()).user(7).name());
 * });
 * System.out.println(report);
 * }</pre>
 *
 * <p>Or as tests of JUnit 5, one for each fault:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> theClientSurvives() {
 *     return FaultMatrix.standard().cases(server -> {
 *         server.on("GET", "/users/7").respond(Response.json("{\"name\":\"Ada\"}"));
 *         assertEquals("Ada", new UserClient(server.uri()).user(7).name());
 *     }).map(fault -> DynamicTest.dynamicTest(fault.name(), fault::verify));
 * }
 * }</pre>
 *
 * <p>The test scripts the server as if nothing went wrong. What does go wrong strikes the first exchange, or the first
 * connection, and no further one, so a client that tries again survives; {@link #striking} says how many instead. What
 * it means to survive is the test's to say: it may as well expect a certain exception.
 */
public final class FaultMatrix {

    private static final int ALWAYS = Integer.MAX_VALUE;

    private static final Duration SHORT = Duration.ofMillis(100);

    /** What has no end is sent so slowly that a client that keeps all of it has room for it. */
    private static final Fault AS_MUCH_AS_HELD = Fault.throttleResponse(1 << 20);

    private final List<Trouble> troubles;
    private final int strikes;
    private final Duration time;

    private FaultMatrix(List<Trouble> troubles, int strikes, Duration time) {
        this.troubles = troubles;
        this.strikes = strikes;
        this.time = time;
    }

    /**
     * Returns a matrix without any fault, for a set of one's own.
     *
     * @return the matrix
     */
    public static FaultMatrix empty() {
        return new FaultMatrix(List.of(), 1, Duration.ofSeconds(10));
    }

    /**
     * Returns a matrix of what happens to clients: pauses, requests that are read slowly or not to their end,
     * connections that are refused, not served, or end at any stage in every way, and the whole catalogue of {@link
     * Malformed}.
     *
     * @return the matrix
     */
    public static FaultMatrix standard() {
        FaultMatrix matrix = empty().withRefusedConnections()
                .with(ConnectionFault.delayAccept(SHORT), ConnectionFault.throttleSending(1000))
                .with(Fault.delayBeforeStatus(SHORT), Fault.delayBeforeBody(SHORT), Fault.delayBetweenChunks(SHORT),
                        Fault.throttleResponse(1000), Fault.throttleRequest(1000), Fault.withoutContinue(),
                        Fault.closeIdleAfter(Duration.ZERO));
        for (Ending ending : Ending.values()) {
            matrix = matrix.with(ConnectionFault.stopReceivingAfter(0, ending))
                    .with(Fault.stopRequestAfter(40, ending), Fault.stopAfter(0, ending), Fault.stopAfter(9, ending),
                            Fault.stopAfter(40, ending));
        }
        return matrix.with(Malformed.values());
    }

    /**
     * Adds faults of exchanges, each for itself.
     *
     * @param faults what goes wrong
     * @return the new matrix
     */
    public FaultMatrix with(Fault... faults) {
        return with(Arrays.stream(faults).map(fault -> new Trouble(fault.name(), fault.purpose(),
                (server, times) -> server.disturb(new Disturbance(List.of(fault), null, times)))));
    }

    /**
     * Adds malformed responses, each for itself. Those without an end are sent slowly.
     *
     * @param malformed what is sent
     * @return the new matrix
     */
    public FaultMatrix with(Malformed... malformed) {
        return with(Arrays.stream(malformed).map(each -> new Trouble("malformed " + each, each.purpose(),
                (server, times) -> server.disturb(new Disturbance(
                        each.repeated().length == 0 ? List.of() : List.of(AS_MUCH_AS_HELD),
                        FaultPlan.malformed(each), times)))));
    }

    /**
     * Adds faults of connections, each for itself.
     *
     * @param faults what goes wrong
     * @return the new matrix
     */
    public FaultMatrix with(ConnectionFault... faults) {
        return with(Arrays.stream(faults).map(fault -> new Trouble(fault.name(), fault.purpose(), (server, times) -> {
            if (times == ALWAYS) {
                server.onConnection(fault);
            }
            for (int i = 0; times < ALWAYS && i < times; i++) {
                server.onNextConnection(fault);
            }
        })));
    }

    /**
     * Adds a server that refuses connections: for a tenth of a second, or, where faults strike
     * {@linkplain #strikingAlways() always}, for good.
     *
     * @return the new matrix
     */
    public FaultMatrix withRefusedConnections() {
        return with(Stream.of(new Trouble("connection refused",
                "Shows whether the client comes back to a server that is just being started again.", (server, times) -> {
                    server.refuseConnections();
                    if (times < ALWAYS) {
                        Thread.startVirtualThread(() -> acceptAgain(server));
                    }
                })));
    }

    private static void acceptAgain(FakeServer server) {
        try {
            Thread.sleep(SHORT);
            server.acceptConnections();
        } catch (InterruptedException | IllegalStateException e) {
            Thread.currentThread().interrupt();     // the test is over
        }
    }

    private FaultMatrix with(Stream<Trouble> further) {
        return new FaultMatrix(Stream.concat(troubles.stream(), further).toList(), strikes, time);
    }

    /**
     * Says how many exchanges or connections are struck.
     *
     * @param number how many, from the first one on; 1 to 1000; 1 if nothing is said
     * @return the new matrix
     * @throws IllegalArgumentException if the number is out of range
     */
    public FaultMatrix striking(int number) {
        if (number < 1 || number > 1000) {
            throw new IllegalArgumentException("a fault strikes " + number + " times; it must be from 1 to 1000");
        }
        return new FaultMatrix(troubles, number, time);
    }

    /**
     * Lets all exchanges or connections be struck: a client that tries again fails again, and is to say so.
     *
     * @return the new matrix
     */
    public FaultMatrix strikingAlways() {
        return new FaultMatrix(troubles, ALWAYS, time);
    }

    /**
     * Says how long the test may take with one fault; if it takes longer, it hangs. The server is then closed, the
     * thread of the test interrupted, and the next fault is run.
     *
     * @param longest more than zero and at most 1 day; 10 s if nothing is said
     * @return the new matrix
     * @throws IllegalArgumentException if the time is out of range
     */
    public FaultMatrix within(Duration longest) {
        if (!longest.isPositive() || longest.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("the time is " + longest + "; it must be more than zero, up to 1 day");
        }
        return new FaultMatrix(troubles, strikes, longest);
    }

    /**
     * Runs the test against each fault, one after the other.
     *
     * @param test scripts the server and lets the client do its work, each time on a thread of its own
     * @return what became of it
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Report run(Test test) throws InterruptedException {
        List<Result> results = new ArrayList<>();
        for (Case each : cases(test).toList()) {
            results.add(each.run());
        }
        return new Report(results);
    }

    /**
     * Returns the runs against each fault, to be made one by one: as tests of a test framework.
     *
     * @param test as for {@link #run}
     * @return the runs
     */
    public Stream<Case> cases(Test test) {
        Objects.requireNonNull(test, "test");
        return troubles.stream().map(trouble -> new Case(trouble, strikes, time, test));
    }

    /** What is run against each fault. */
    @FunctionalInterface
    public interface Test {

        /**
         * Scripts the server, and lets the client under test do its work.
         *
         * @param server a new one, with which something will go wrong
         * @throws Throwable if the client has failed
         */
        void run(FakeServer server) throws Throwable;
    }

    /** What has become of a client. */
    public enum Outcome {
        /** The test has passed. */
        SURVIVED,
        /** The test has thrown something. */
        FAILED,
        /** The test has not come to an end in time. */
        HUNG
    }

    /**
     * What has become of a client that met one fault.
     *
     * @param name the fault
     * @param purpose what it is for, one sentence
     * @param outcome how the test ended
     * @param failure what it has thrown, or an exception with the stack where it hung; null if it has passed
     * @param duration how long it took
     */
    public record Result(String name, String purpose, Outcome outcome, Throwable failure, Duration duration) {

        /** Returns a line for a report. */
        @Override
        public String toString() {
            return "%-8s %8s  %s%s".formatted(outcome, Listing.seconds(duration), name, switch (outcome) {
                case SURVIVED -> "";
                case FAILED -> ": " + failure;
                case HUNG -> ": " + failure.getMessage();
            });
        }
    }

    /**
     * What has become of a client that met one fault after the other.
     *
     * @param results a result for each fault, in order
     */
    public record Report(List<Result> results) {

        /** Copies the list. */
        public Report {
            results = List.copyOf(results);
        }

        /**
         * Returns the results with an outcome.
         *
         * @param outcome the outcome
         * @return those results, in order
         */
        public List<Result> with(Outcome outcome) {
            return results.stream().filter(result -> result.outcome() == outcome).toList();
        }

        /** Returns a line for each fault, and the sums. */
        @Override
        public String toString() {
            return results.stream().map(result -> result + "\n").collect(Collectors.joining())
                    + with(Outcome.SURVIVED).size() + " survived, " + with(Outcome.FAILED).size() + " failed, "
                    + with(Outcome.HUNG).size() + " hung\n";
        }
    }

    /** One run against one fault. */
    public static final class Case {

        private final Trouble trouble;
        private final int strikes;
        private final Duration time;
        private final Test test;

        private Case(Trouble trouble, int strikes, Duration time, Test test) {
            this.trouble = trouble;
            this.strikes = strikes;
            this.time = time;
            this.test = test;
        }

        /**
         * Returns the fault's name.
         *
         * @return a few words
         */
        public String name() {
            return trouble.name();
        }

        /**
         * Returns what the fault is for.
         *
         * @return one sentence
         */
        public String purpose() {
            return trouble.purpose();
        }

        /**
         * Runs the test.
         *
         * @return what became of it
         * @throws InterruptedException if the calling thread is interrupted
         */
        public Result run() throws InterruptedException {
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            long start = System.nanoTime();
            FakeServer server = FakeServer.start();
            Thread thread = Thread.ofPlatform().daemon().name("fault-matrix: " + name()).unstarted(() -> {
                try {
                    test.run(server);
                    end.complete(null);
                } catch (Throwable e) {
                    end.complete(e);
                }
            });
            try {
                trouble.strike().arm(server, strikes);
                thread.start();
                return result(end.get(time.toNanos(), TimeUnit.NANOSECONDS), start);
            } catch (TimeoutException e) {
                return new Result(name(), purpose(), Outcome.HUNG, stackOf(thread), since(start));
            } catch (ExecutionException e) {
                throw new AssertionError("it is never completed by an exception", e);
            } finally {
                server.close();
                thread.interrupt();
            }
        }

        private Result result(Throwable thrown, long start) {
            return new Result(name(), purpose(), thrown == null ? Outcome.SURVIVED : Outcome.FAILED, thrown, since(start));
        }

        private static Duration since(long start) {
            return Duration.ofNanos(System.nanoTime() - start);
        }

        private Throwable stackOf(Thread thread) {
            TimeoutException hung = new TimeoutException("it has not come to an end in " + Listing.seconds(time));
            hung.setStackTrace(thread.getStackTrace());
            return hung;
        }

        /**
         * Runs the test, and fails if the client does not survive.
         *
         * @throws AssertionError if it fails or hangs; the message says what the fault was, the cause what was thrown,
         *     or where it hung
         * @throws InterruptedException if the calling thread is interrupted
         */
        public void verify() throws InterruptedException {
            Result result = run();
            if (result.outcome() != Outcome.SURVIVED) {
                throw new AssertionError("the client has not survived \"" + name() + "\": " + (result.outcome()
                        == Outcome.HUNG ? result.failure().getMessage() : result.failure().toString()) + "\n" + purpose(),
                        result.failure());
            }
        }

        /** Returns the fault's name. */
        @Override
        public String toString() {
            return name();
        }
    }

    /**
     * Something that goes wrong.
     *
     * @param name in a few words
     * @param purpose in a sentence
     * @param strike lets it go wrong
     */
    private record Trouble(String name, String purpose, Strike strike) { }

    /** Lets something go wrong with a server. */
    @FunctionalInterface
    private interface Strike {

        void arm(FakeServer server, int times);
    }
}
