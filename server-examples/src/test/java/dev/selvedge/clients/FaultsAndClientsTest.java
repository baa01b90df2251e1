package dev.selvedge.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.clients.Client.Kind;
import dev.selvedge.server.Response;
import dev.selvedge.server.fake.FakeServer;
import dev.selvedge.server.fake.RecordedRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that can go wrong meets every client, and the table says what each of them makes of it:
 *
 * <ul>
 * <li>a text: it takes this for the whole body;
 * <li>{@code fails}: it throws, or ends with an error;
 * <li>{@code breaks}: it throws what is no IOException;
 * <li>{@code times out}: it fails because its own timeout is over;
 * <li>{@code goes on}: neither, although its timeout is over, until the fake server is closed;
 * <li>{@code x2}: it has sent the request a second time, without being told to.
 * </ul>
 *
 * <p>Each client has the one timeout that it offers for a whole exchange, or else for reading. The table holds for the
 * versions that the build pins, for Java 25 and for curl 7.88; of others it is only asked that they come to an end.
 */
class FaultsAndClientsTest {

    //          what goes wrong                      | HttpClient  | URLConn.    | curl        | OkHttp      | Apache
    private static final String TABLE = """
            delay before the status line         | times out   | times out   | times out   | times out   | times out
            delay between head and body          | goes on     | times out   | times out   | times out   | times out
            delay between chunks                 | goes on     | times out   | times out   | times out   | times out
            response at 20 octets a second       | times out   | goes on     | times out   | times out   | goes on
            raw octets                           | hello       | hello       | hello       | hello       | hello
            no response, FIN                     | fails x2    | fails x2    | fails       | fails       | fails x2
            no response, RESET                   | fails x2    | fails x2    | fails       | fails       | fails x2
            no response, HALF_CLOSE              | fails x2    | fails x2    | fails       | fails       | fails x2
            no response, SILENCE                 | times out   | times out   | times out   | times out   | times out
            cut in the head, FIN                 | fails       | (0 octets)  | (0 octets)  | fails       | fails
            cut in the head, RESET               | fails       | fails x2    | fails       | fails       | fails x2
            cut in the head, HALF_CLOSE          | fails       | (0 octets)  | (0 octets)  | fails       | fails
            cut in the head, SILENCE             | times out   | times out   | times out   | times out   | times out
            cut in the body, FIN                 | fails       | fails       | fails       | fails       | fails
            cut in the body, RESET               | fails       | fails       | fails       | fails       | fails
            cut in the body, HALF_CLOSE          | fails       | fails       | fails       | fails       | fails
            cut in the body, SILENCE             | goes on     | times out   | times out   | times out   | times out
            connection in use again, RESET, GET  | hello x2    | hello x2    | fails       | hello x2    | hello x2
            connection in use again, RESET, POST | fails       | hello x2    | fails       | hello x2    | fails
            closed when idle                     | hello       | hello       | hello       | hello       | hello
            upload read slowly                   | times out   | goes on     | times out   | times out   | goes on
            cut in the upload, FIN               | fails       | fails       | fails       | fails       | fails
            cut in the upload, RESET             | fails       | fails       | fails       | fails       | fails
            cut in the upload, HALF_CLOSE        | fails       | fails       | fails       | fails       | fails
            cut in the upload, SILENCE           | times out   | goes on     | times out   | times out   | goes on
            no 100 Continue                      | times out   | hello       | hello       | times out   | hello
            connection refused                   | fails       | fails       | fails       | fails       | fails
            delay before accept                  | times out   | times out   | times out   | times out   | times out
            connection read slowly               | times out   | times out   | times out   | times out   | times out
            connection written slowly            | times out   | goes on     | times out   | times out   | goes on
            connection reset at once             | fails       | fails       | fails       | fails       | fails
            connection ends after 4 octets       | fails       | fails x2    | fails       | fails       | fails x2
            CONTENT_LENGTH_TOO_LARGE             | fails       | fails       | fails       | fails       | fails
            CONTENT_LENGTH_TOO_SMALL             | hel         | hello       | hel         | hel         | hel
            CONTENT_LENGTH_TWICE                 | hello       | hello       | hel         | hel         | fails
            CONTENT_LENGTH_NEGATIVE              | fails       | hello       | fails       | breaks      | fails
            CONTENT_LENGTH_HUGE                  | breaks      | hello       | hello       | hello       | fails
            CONTENT_LENGTH_NOT_A_NUMBER          | breaks      | hello       | fails       | hello       | fails
            CONTENT_LENGTH_WITH_CHUNKS           | (3 octets)  | hello       | hello       | hello       | hello
            CHUNK_SIZE_INVALID                   | fails       | fails       | fails       | fails       | fails
            CHUNK_SIZE_HUGE                      | fails       | fails       | fails       | fails       | fails
            CHUNK_TOO_LONG                       | hel         | fails       | fails       | hel         | fails
            LAST_CHUNK_MISSING                   | fails       | fails       | fails       | fails       | fails
            TRAILERS_NEVER_ANNOUNCED             | hello       | hello       | hello       | hello       | hello
            HEAD_TRUNCATED                       | fails       | (0 octets)  | (0 octets)  | fails       | (0 octets)
            FIELD_FOLDED                         | hello       | hello       | hello       | hello       | hello
            FIELD_NAME_WITH_SPACE                | fails       | hello       | hello       | hello       | fails
            FIELD_WITHOUT_COLON                  | hello       | hello       | fails       | hello       | fails
            CR_IN_FIELD                          | hello       | hello       | hello       | hello       | hello
            LF_IN_FIELD                          | hello       | hello       | hello       | hello       | hello
            NUL_IN_FIELD                         | fails       | hello       | fails       | hello       | hello
            INTERIM_FLOOD                        | fails       | hello       | hello       | hello       | hello
            VERSION_WRONG                        | fails       | fails       | fails       | fails       | fails
            STATUS_NOT_A_NUMBER                  | fails       | fails       | fails       | fails       | fails x2
            STATUS_TOO_LONG                      | hello       | 2000 hello  | fails       | fails       | fails x2
            GARBAGE                              | fails       | fails       | fails       | fails       | fails x2
            ENDLESS_HEAD                         | fails       | fails x2    | fails       | fails       | fails x2
            ENDLESS_FIELD                        | fails       | fails x2    | fails       | fails       | fails x2
            ENDLESS_BODY                         | goes on     | goes on     | times out   | times out   | goes on
            """;

    /** Stands in a new row until the failure of its test has told what to write. */
    private static final String ANYTHING = "?";

    /** Long enough for whatever is to happen. */
    private static final Duration LONG = Duration.ofSeconds(20);

    /** The timeout of a client that is expected to need it, and how often it is doubled for a slow machine. */
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final int DOUBLED = 5;

    @BeforeAll
    static void letTheClientsBeLoaded() throws IOException {
        try (FakeServer server = FakeServer.start()) {
            server.on("/").respond(Response.text("hello"));
            for (Kind kind : present()) {
                try (Client client = kind.open(LONG)) {
                    assertEquals("hello", client.send(Call.get(server.uri())).text());
                }
            }
        }
    }

    private static List<Kind> present() {
        return Arrays.stream(Kind.values()).filter(kind -> kind != Kind.CURL || CurlClient.isInstalled()).toList();
    }

    private static Map<String, List<String>> table() {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        TABLE.lines().map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .forEach(cells -> rows.put(cells.getFirst(), cells.subList(1, cells.size())));
        return rows;
    }

    static List<Situation> situations() {
        return Situation.all();
    }

    @Test
    void theTableHasARowForEverything() {
        assertEquals(situations().stream().map(Situation::name).toList(),
                List.copyOf(table().keySet()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("situations")
    void everyClientDoesWhatTheTableSays(Situation situation) throws Exception {
        List<String> expected = table().getOrDefault(situation.name(), Collections.nCopies(5, ANYTHING));
        List<Future<String>> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Kind kind : Kind.values()) {
                String cell = expected.get(kind.ordinal());
                outcomes.add(threads.submit(() -> present().contains(kind) ? outcome(kind, situation, cell) : cell));
            }
        }
        List<String> actual = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            String outcome = outcomes.get(kind.ordinal()).get();
            actual.add(kind.isAsInTheTable() ? outcome : expected.get(kind.ordinal()));
        }
        assertEquals(String.join(" | ", expected), String.join(" | ", actual));
    }

    private static String outcome(Kind kind, Situation situation, String expected) throws Exception {
        return switch (expected) {
            case "times out" -> outcome(kind, situation, SHORT, LONG.multipliedBy(2));
            case "goes on", ANYTHING -> outcomeOfHurried(kind, situation);
            default -> outcome(kind, situation, LONG, LONG.multipliedBy(2));
        };
    }

    /** Watches a client for much longer than its timeout, which has to be enough for what comes before the fault. */
    private static String outcomeOfHurried(Kind kind, Situation situation) throws Exception {
        Duration timeout = SHORT;
        String outcome = outcome(kind, situation, timeout, timeout.multipliedBy(3));
        for (int i = 0; i < DOUBLED && !outcome.equals("goes on"); i++) {
            timeout = timeout.multipliedBy(2);
            outcome = outcome(kind, situation, timeout, timeout.multipliedBy(3));
        }
        return outcome;
    }

    private static String outcome(Kind kind, Situation situation, Duration timeout, Duration watched) throws Exception {
        try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
                FakeServer server = FakeServer.start(); Client client = kind.open(timeout)) {
            situation.script().accept(server);
            Future<String> call = thread.submit(() -> outcomeOfLast(situation, server, client));
            try {
                String outcome = call.get(watched.toMillis(), TimeUnit.MILLISECONDS);
                long times = server.requests().stream().filter(RecordedRequest::isComplete).count()
                        - situation.calls().size() + 1;
                return times > 1 ? outcome + " x" + times : outcome;
            } catch (TimeoutException e) {
                closeAtOnce(server);
                call.get(LONG.toMillis(), TimeUnit.MILLISECONDS);
                return "goes on";
            }
        }
    }

    private static void closeAtOnce(FakeServer server) {
        long start = System.nanoTime();
        server.close();
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5), "the server took its time to close");
    }

    private static String outcomeOfLast(Situation situation, FakeServer server, Client client) throws IOException {
        Answer answer = null;
        for (int i = 0; i < situation.calls().size(); i++) {
            try {
                answer = client.send(situation.calls().get(i).apply(server));
            } catch (IOException e) {
                if (i < situation.calls().size() - 1) {
                    throw e;
                }
                return client.isTimeout(e) ? "times out" : "fails";
            } catch (RuntimeException e) {
                return "breaks";
            }
        }
        return (answer.status() == 200 ? "" : answer.status() + " ") + (answer.text().matches("[ -~]{1,20}")
                ? answer.text() : "(" + answer.body().length + " octets)");
    }
}
