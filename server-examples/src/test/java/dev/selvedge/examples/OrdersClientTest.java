package dev.selvedge.examples;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.examples.OrdersClient.Draft;
import dev.selvedge.examples.OrdersClient.Order;
import dev.selvedge.examples.OrdersClient.Refused;
import dev.selvedge.server.Response;
import dev.selvedge.server.fake.Ending;
import dev.selvedge.server.fake.FakeServer;
import dev.selvedge.server.fake.Fault;
import dev.selvedge.server.fake.FaultMatrix;
import dev.selvedge.server.fake.Malformed;
import dev.selvedge.server.fake.RecordedRequest;
import dev.selvedge.server.fake.Reply;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The client of an API, developed against a fake of that API. Each test has a server of its own; rules say what it
 * answers and faults what goes wrong; at the end nothing may be left over on either side.
 */
class OrdersClientTest {

    private static final Order ORDER = new Order("7", "tea", 2);
    private static final Response ORDER_7 = Response.json("{\"id\":\"7\",\"item\":\"tea\",\"quantity\":2}");

    @AutoClose
    private final FakeServer server = FakeServer.start();

    /** Instead of waiting, the client tells how long it would have. */
    private final List<Duration> waits = new CopyOnWriteArrayList<>();

    @AutoClose
    private final OrdersClient client = new OrdersClient(server.uri(), ofSeconds(20), waits::add);

    /** For tests in which the timeout has to strike. */
    @AutoClose
    private final OrdersClient hasty = new OrdersClient(server.uri(), ofMillis(300), waits::add);

    @AfterEach
    void everythingWentAsScripted() {
        server.assertNothingUnused();
        server.assertNoUnmatched();
    }

    // ---- what it asks

    @Test
    void findsAnOrder() throws Exception {
        server.on("GET", "/orders/{id}").header("Accept", "application/json").respond(ORDER_7);

        assertEquals(Optional.of(ORDER), client.find("7"));
        server.verify("GET", "/orders/7").once().now();
    }

    @Test
    void anOrderThatIsNotThereIsNoError() throws Exception {
        server.enqueue(Response.notFound());

        assertEquals(Optional.empty(), client.find("a/b ä"));
        assertEquals("/orders/a%2Fb%20%C3%A4", server.takeRequest().target());
    }

    @Test
    void placesAnOrder() throws Exception {
        server.on("POST", "/orders").header("Content-Type", "application/json")
                .body(body -> body.equals("{\"item\":\"tea\",\"quantity\":2}")).respond(ORDER_7.withStatus(201));

        assertEquals(ORDER, client.place(new Draft("tea", 2)));
        assertTrue(server.takeRequest().header("Idempotency-Key").isPresent());
    }

    @Test
    void everyOrderHasAKeyOfItsOwn() throws Exception {
        server.on("POST", "/orders").respond(ORDER_7.withStatus(201));

        client.place(new Draft("tea", 2));
        client.place(new Draft("tea", 2));

        assertEquals(2, keys().size());
    }

    @Test
    void usesOneConnectionForAll() throws Exception {
        server.on("GET", "/orders/{id}").respond(ORDER_7);

        client.find("7");
        client.find("7");

        assertEquals(List.of(1, 2), server.requests().stream().map(RecordedRequest::requestNumber).toList());
    }

    @Test
    void sendsAReminderFromAThreadOfItsOwn() {
        server.on("POST", "/orders/7/reminders").respond(Response.status(202));

        Thread.ofVirtual().start(() -> {
            try {
                client.remind("7");
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        server.verify("POST", "/orders/7/reminders").once().within(ofSeconds(20));
    }

    // ---- what it makes of refusals

    @Test
    void aRefusalIsToldWithItsReason() {
        server.enqueue(Response.text("no tea left").withStatus(409));

        Refused refused = assertThrows(Refused.class, () -> client.place(new Draft("tea", 2)));

        assertEquals(409, refused.status());
        assertEquals("POST " + server.uri("/orders") + " was answered by 409: no tea left", refused.getMessage());
    }

    @Test
    void waitsAsLongAsABusyServerSays() throws Exception {
        server.on("POST", "/orders/7/reminders")
                .respond(Response.error(503).withHeader("Retry-After", "2"))
                .then(Response.error(429).withHeader("Retry-After", "3"))
                .then(Response.status(202));

        client.remind("7");

        assertEquals(List.of(ofSeconds(2), ofSeconds(3)), waits);
    }

    @Test
    void doesNotWaitForAMinute() {
        server.enqueue(Response.error(429).withHeader("Retry-After", inOneMinute()));

        assertEquals(429, assertThrows(Refused.class, () -> client.remind("7")).status());
        assertEquals(List.of(), waits);
    }

    private static String inOneMinute() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(1));
    }

    @Test
    void waitsLongerEachTimeAndThenGivesUp() {
        server.on("GET", "/orders/7").respond(Response.error(503)).times(4);

        assertEquals(503, assertThrows(Refused.class, () -> client.find("7")).status());

        assertEquals(3, waits.size());
        for (int i = 0; i < 3; i++) {
            long millis = waits.get(i).toMillis();
            assertTrue(millis >= 50 << i && millis <= 100 << i, "wait " + (i + 1) + " was " + millis + " ms");
        }
    }

    // ---- what it makes of connections that break

    @ParameterizedTest
    @EnumSource(names = {"FIN", "RESET"})
    void whereTheAnswerIsCutTheOrderIsPlacedOnceAllTheSame(Ending ending) throws Exception {
        server.on("POST", "/orders")
                .respond(Reply.of(ORDER_7.withStatus(201)).with(Fault.stopAfter(50, ending)))
                .then(ORDER_7.withStatus(201));

        assertEquals(ORDER, client.place(new Draft("tea", 2)));
        assertEquals(1, keys().size(), "both attempts bear the same key");
        server.verify("POST", "/orders").times(2).now();
    }

    @ParameterizedTest
    @EnumSource(names = {"FIN", "RESET"})
    void aReminderIsNeverSentTwice(Ending ending) {
        server.on("POST", "/orders/7/reminders")
                .respond(Reply.of(Response.status(202)).with(Fault.stopAfter(1, ending)));

        assertThrows(IOException.class, () -> client.remind("7"));
        server.verify("POST", "/orders/7/reminders").once().now();
    }

    @Test
    void whereverTheAnswerIsCutItIsNotTakenForTheWhole() throws Exception {
        int octets = 0;
        int requests;
        do {
            octets++;
            server.on("GET", "/orders/7").respond(Reply.of(ORDER_7).with(Fault.stopAfter(octets, Ending.RESET)))
                    .then(ORDER_7);
            assertEquals(Optional.of(ORDER), client.find("7"), "cut behind " + octets + " octets");
            requests = server.requests().size();
            server.reset();
        } while (requests == 2);

        assertEquals(1, requests, "the whole answer has come before the cut, in the end");
        assertTrue(octets > 100, "it was cut at " + octets + " places");
    }

    @Test
    void aServerThatIsAwayForAMomentIsAskedAgain() throws Exception {
        server.on("DELETE", "/orders/7").respond(Response.empty());
        server.refuseConnections();

        try (OrdersClient patient =
                new OrdersClient(server.uri(), ofSeconds(20), time -> server.acceptConnections())) {
            patient.cancel("7");
        }
        server.verify("DELETE", "/orders/7").once().now();
    }

    // ---- what it makes of answers that do not come, or never end

    @Test
    void theTimeoutCoversTheWholeAnswer() throws Exception {
        server.on("GET", "/orders/7").respond(Reply.of(ORDER_7).with(Fault.delayBeforeStatus(ofMinutes(1))))
                .then(Reply.of(ORDER_7).with(Fault.delayBeforeBody(ofMinutes(1))))
                .then(Reply.of(ORDER_7).with(Fault.throttleResponse(10)))
                .then(ORDER_7);

        assertEquals(Optional.of(ORDER), hasty.find("7"));
        assertEquals(3, waits.size());
    }

    @Test
    void aReminderThatIsNotAnsweredIsGivenUp() {
        server.enqueue(Reply.of(Response.status(202)).with(Fault.stopAfter(0, Ending.SILENCE)));

        assertThrows(InterruptedIOException.class, () -> hasty.remind("7"));
    }

    @ParameterizedTest
    @EnumSource
    void noAnswerIsSoMalformedThatItDoesHarm(Malformed malformed) {
        server.on("GET", "/orders/7").respond(Reply.malformed(malformed));

        assertTimeoutPreemptively(ofSeconds(20), () -> assertThrows(IOException.class, () -> hasty.find("7")));
    }

    // ---- everything at once

    @TestFactory
    Stream<DynamicTest> survivesWhateverGoesWrongOnce() {
        return FaultMatrix.standard().cases(faulty -> {
            faulty.on("GET", "/orders/7").respond(ORDER_7);
            try (OrdersClient patient = new OrdersClient(faulty.uri(), ofMillis(500), Thread::sleep)) {
                assertEquals(Optional.of(ORDER), patient.find("7"));
            }
        }).map(fault -> DynamicTest.dynamicTest(fault.name(), fault::verify));
    }

    private List<String> keys() {
        return server.requests().stream().map(request -> request.header("Idempotency-Key").orElseThrow()).distinct()
                .toList();
    }
}
