package dev.selvedge.examples;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of an API for orders, made for a network that fails: it bounds every exchange in time and in size, and tries
 * again where that can do no harm. Its test, {@code OrdersClientTest}, shows how such a thing is developed against a
 * {@link dev.selvedge.server.fake.FakeServer}.
 *
 * <p>When it tries again, four times at most:
 *
 * <ul>
 * <li>after 503 and 429, whatever it has asked: the server says that it has done nothing. It waits as long as
 *     Retry-After says (RFC 9110 §10.2.3), and gives up at once if that is longer than 30 s;
 * <li>after a connection that broke, an answer that did not come in time, or one that makes no sense, only if the
 *     request may arrive twice: GET and DELETE may by their nature (§9.2.2), and a new order because all attempts bear
 *     the same Idempotency-Key. A reminder may not: the customer might get two.
 * </ul>
 *
 * <p>May be used by several threads.
 */
final class OrdersClient implements AutoCloseable {

    /** An order as the server has it. */
    record Order(String id, String item, int quantity) { }

    /** What is ordered. */
    record Draft(String item, int quantity) { }

    /** An answer that is none of those that the caller has asked for. */
    static final class Refused extends IOException {

        private static final long serialVersionUID = 1L;

        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** How one waits between two attempts; a test does not. */
    interface Waiting {

        void await(Duration time) throws InterruptedException;
    }

    private static final int MAX_ATTEMPTS = 4;
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final int MAX_ANSWER_BYTES = 1 << 20;

    private static final JsonMapper JSON = new JsonMapper();

    private final URI root;
    private final Duration timeout;
    private final Waiting waiting;
    private final HttpClient http;

    /**
     * Makes a client.
     *
     * @param root where the API is, with a slash at its end
     */
    OrdersClient(URI root) {
        this(root, Duration.ofSeconds(5), Thread::sleep);
    }

    /**
     * Makes a client.
     *
     * @param root where the API is, with a slash at its end
     * @param timeout of one attempt, from connecting to the last byte of the answer
     * @param waiting waits between the attempts
     */
    OrdersClient(URI root, Duration timeout, Waiting waiting) {
        this.root = root;
        this.timeout = timeout;
        this.waiting = waiting;
        this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout).build();
    }

    /** Finds an order; empty if there is none with that id. */
    Optional<Order> find(String id) throws IOException, InterruptedException {
        return exchange(request(path(id)).GET(), true,
                response -> response.statusCode() == 404 ? Optional.empty() : Optional.of(order(200, response)));
    }

    /** Places an order, once, however often it has to try. */
    Order place(Draft draft) throws IOException, InterruptedException {
        HttpRequest.Builder request = request("orders").header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString()).POST(json(draft));
        return exchange(request, true, response -> order(201, response));
    }

    /** Cancels an order. That there is none any more is as good: an earlier attempt may have done it. */
    void cancel(String id) throws IOException, InterruptedException {
        exchange(request(path(id)).DELETE(), true,
                response -> response.statusCode() == 404 ? response : expect(204, response));
    }

    /** Sends the customer a reminder, at most one. */
    void remind(String id) throws IOException, InterruptedException {
        exchange(request(path(id) + "/reminders").POST(BodyPublishers.noBody()), false,
                response -> expect(202, response));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    // ---- attempts

    /**
     * Sends a request until there is an answer that can be used.
     *
     * @param repeatable whether it does no harm if the request arrives twice
     */
    private <T> T exchange(HttpRequest.Builder builder, boolean repeatable, Reading<T> reading)
            throws IOException, InterruptedException {
        HttpRequest request = builder.build();
        for (int attempt = 1; ; attempt++) {
            Duration wait = backOff(attempt);
            try {
                HttpResponse<String> response = attempt(request);
                if (response.statusCode() != 503 && response.statusCode() != 429) {
                    return reading.read(response);
                }
                wait = retryAfter(response).orElse(wait);
                if (attempt == MAX_ATTEMPTS || wait.compareTo(LONGEST_WAIT) > 0) {
                    throw refused(response);
                }
            } catch (Refused e) {
                throw e;
            } catch (IOException e) {
                if (attempt == MAX_ATTEMPTS || !repeatable) {
                    throw e;
                }
            }
            waiting.await(wait);
        }
    }

    /** Makes sense of an answer. */
    private interface Reading<T> {

        T read(HttpResponse<String> response) throws IOException;
    }

    /** Sends a request once. The timeout of HttpRequest would end with the head of the answer; this one does not. */
    private HttpResponse<String> attempt(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MAX_ANSWER_BYTES));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(request.method() + " " + request.uri() + ": " + e.getCause().getMessage(),
                    e.getCause());
        } catch (TimeoutException e) {
            throw new InterruptedIOException(request.method() + " " + request.uri() + ": no whole answer within "
                    + timeout.toMillis() + " ms");
        } finally {
            answer.cancel(true);        // of no effect if it is complete
        }
    }

    /** Returns how long to wait by oneself: twice as long each time, and by chance a little less than the others do. */
    private static Duration backOff(int attempt) {
        long nanos = FIRST_WAIT.toNanos() << attempt - 1;
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(nanos / 2, nanos + 1));
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers().firstValue("Retry-After").flatMap(value -> {
            try {
                Duration time = value.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(value))
                        : Duration.between(Instant.now(), ZonedDateTime.parse(value,
                                DateTimeFormatter.RFC_1123_DATE_TIME));
                return Optional.of(time.isNegative() ? Duration.ZERO : time);
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        });
    }

    // ---- requests and answers

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(root.resolve(path)).header("Accept", "application/json");
    }

    private static String path(String id) {
        return "orders/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static BodyPublisher json(Draft draft) {
        return BodyPublishers.ofByteArray(JSON.writeValueAsBytes(draft));
    }

    private static HttpResponse<String> expect(int status, HttpResponse<String> response) throws Refused {
        if (response.statusCode() != status) {
            throw refused(response);
        }
        return response;
    }

    private static Refused refused(HttpResponse<String> response) {
        return new Refused(response.statusCode(), response.request().method() + " " + response.uri()
                + " was answered by " + response.statusCode() + ": " + response.body());
    }

    private static Order order(int status, HttpResponse<String> response) throws IOException {
        try {
            return JSON.readValue(expect(status, response).body(), Order.class);
        } catch (JacksonException e) {
            throw new IOException(response.uri() + " has answered what is no order: " + e.getMessage(), e);
        }
    }
}
