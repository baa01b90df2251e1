package dev.selvedge.server.fake;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvedge.server.Response;
import dev.selvedge.server.fake.FaultMatrix.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** A matrix tells what becomes of a client that meets each fault. */
@Timeout(120)
class FaultMatrixTest {

    private static final Response ADA = Response.json("{\"name\":\"Ada\"}");

    /** Asks again until it has an answer that is right. */
    private static final class PatientClient implements AutoCloseable {

        private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final URI uri;
        private final int attempts;
        private Duration timeout;

        PatientClient(URI uri, int attempts, Duration firstTimeout) {
            this.uri = uri;
            this.attempts = attempts;
            this.timeout = firstTimeout;
        }

        String name(int user) throws Exception {
            Exception last = null;
            for (int i = 0; i < attempts; i++) {
                try {
                    String json = client.sendAsync(HttpRequest.newBuilder(uri.resolve("users/" + user)).build(),
                                    BodyHandlers.ofString()).thenApply(HttpResponse::body)
                            .get(timeout.toNanos(), TimeUnit.NANOSECONDS);
                    if (json.startsWith("{\"name\":\"") && json.endsWith("\"}")) {
                        return json.substring(9, json.length() - 2);
                    }
                    last = new IOException("no user: " + json);
                } catch (ExecutionException e) {
                    last = e;
                } catch (TimeoutException e) {
                    last = e;
                    timeout = timeout.multipliedBy(2);      // a slow machine's answer is not given up for ever
                }
            }
            throw last;
        }

        @Override
        public void close() {
            client.shutdownNow();
        }
    }

    private static void finds(FakeServer server, int attempts, Duration firstTimeout) throws Exception {
        server.on("GET", "/users/7").respond(ADA);
        try (PatientClient client = new PatientClient(server.uri(), attempts, firstTimeout)) {
            assertEquals("Ada", client.name(7));
        }
    }

    /** Faults that are noticed at once, or never: no timeout of the client is to be taken for one. */
    private static void finds(FakeServer server, int attempts) throws Exception {
        finds(server, attempts, ofSeconds(60));
    }

    @TestFactory
    Stream<DynamicTest> aPatientClientSurvivesWhateverHappensOnce() {
        return FaultMatrix.standard().within(ofSeconds(60))
                .cases(server -> finds(server, Integer.MAX_VALUE, ofMillis(100)))
                .map(fault -> DynamicTest.dynamicTest(fault.name(), fault::verify));
    }

    @Test
    void aReportTellsWhoSurvivedWhoFailedAndWhoHung() throws Exception {
        FaultMatrix.Test asks = server -> {
            server.on("GET", "/").respond(ADA);
            try (HttpClient client = HttpClient.newHttpClient()) {
                client.send(HttpRequest.newBuilder(server.uri()).build(), BodyHandlers.ofString());
            }
        };
        List<FaultMatrix.Result> results = new ArrayList<>(FaultMatrix.empty().within(ofSeconds(60))
                .with(Fault.delayBeforeStatus(ofMillis(1)), Fault.stopAfter(9, Ending.FIN))
                .with(Malformed.STATUS_NOT_A_NUMBER).run(asks).results());
        results.add(hung(FaultMatrix.empty().with(Fault.stopAfter(0, Ending.SILENCE)), asks));
        FaultMatrix.Report report = new FaultMatrix.Report(results);

        assertEquals(List.of(Outcome.SURVIVED, Outcome.FAILED, Outcome.FAILED, Outcome.HUNG),
                report.results().stream().map(FaultMatrix.Result::outcome).toList());
        assertInstanceOf(IOException.class, report.results().get(1).failure());
        assertEquals(List.of(results.get(3)), report.with(Outcome.HUNG));
        String text = report.toString().replaceAll(" +[0-9.]+ m?s", " #").replaceAll("(?m)(Exception:) .*$", "$1");
        assertEquals("""
                SURVIVED #  delay of # before the status line
                FAILED #  after 9 octets of the response, FIN: java.io.IOException:
                FAILED #  malformed STATUS_NOT_A_NUMBER: java.net.ProtocolException:
                HUNG #  after 0 octets of the response, SILENCE: it has not come to an end in #
                1 survived, 2 failed, 1 hung
                """, text);
    }

    /** Runs against one fault within a time in which the client comes as far as to hang, however slow the machine is. */
    private static FaultMatrix.Result hung(FaultMatrix matrix, FaultMatrix.Test test) throws InterruptedException {
        for (int millis = 50;; millis *= 2) {
            FaultMatrix.Result result = matrix.within(ofMillis(millis)).run(test).results().getFirst();
            assertEquals(Outcome.HUNG, result.outcome());
            if (Arrays.toString(result.failure().getStackTrace()).contains("HttpClient")) {
                return result;
            }
        }
    }

    @Test
    void aFaultStrikesAsOftenAsIsSaid() throws Exception {
        FaultMatrix matrix = FaultMatrix.empty().with(Malformed.STATUS_NOT_A_NUMBER)
                .with(ConnectionFault.stopReceivingAfter(0, Ending.RESET));

        assertEquals(2, matrix.striking(2).run(server -> finds(server, 3)).with(Outcome.SURVIVED).size());
        assertEquals(Outcome.FAILED,        // this client repeats a request that met a reset by itself, but not this one
                matrix.striking(3).run(server -> finds(server, 2)).results().getFirst().outcome());
        FaultMatrix always = matrix.withRefusedConnections().strikingAlways();
        assertEquals(3, always.run(server -> finds(server, 4)).with(Outcome.FAILED).size());
    }

    @Test
    void aTestThatHangsForGoodHoldsNobodyUp() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        FaultMatrix matrix = FaultMatrix.empty().with(Fault.withoutContinue(), Fault.stopAfter(0, Ending.FIN))
                .within(ofMillis(10));

        FaultMatrix.Report report = matrix.run(server -> {
            while (never.getCount() > 0) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    continue;
                }
            }
        });

        assertEquals(2, report.with(Outcome.HUNG).size());
        never.countDown();
    }

    @Test
    void whatHasNotSurvivedFailsWithTheReason() {
        FaultMatrix.Case fault = FaultMatrix.empty().with(Malformed.GARBAGE).cases(server -> {
            throw new IOException("too bad");
        }).findFirst().orElseThrow();

        var failure = assertThrows(AssertionError.class, fault::verify);
        assertEquals("the client has not survived \"malformed GARBAGE\": java.io.IOException: too bad\n"
                + Malformed.GARBAGE.purpose(), failure.getMessage());
        assertEquals("too bad", failure.getCause().getMessage());
        assertEquals(Malformed.GARBAGE.purpose(), fault.purpose());
        assertEquals("malformed GARBAGE", fault.toString());
    }

    @Test
    void mistakesAreRefusedAtOnce() {
        FaultMatrix matrix = FaultMatrix.standard();
        assertThrows(IllegalArgumentException.class, () -> matrix.striking(0));
        assertThrows(IllegalArgumentException.class, () -> matrix.within(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> matrix.within(ofSeconds(100_000)));
    }
}
