package dev.selvedge.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Handler;
import dev.selvedge.server.Limits;
import dev.selvedge.server.Response;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ordinary client sees: the one of the JDK, in both versions that it speaks. */
public abstract class HttpClientRules extends HttpSuite {

    private HttpClient client(HttpClient.Version version) {
        HttpClient client = HttpClient.newBuilder().version(version).connectTimeout(Duration.ofSeconds(20)).build();
        AutoCloseable end = client::shutdownNow; // close() would wait for what a test has given up
        closedLater(end);
        return client;
    }

    private HttpClient client() {
        return client(HttpClient.Version.HTTP_1_1);
    }

    private HttpRequest.Builder to(String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server().port() + target))
                .timeout(Duration.ofSeconds(20));
    }

    @Test
    void oneConnectionServesOneRequestAfterTheOther() throws Exception {
        serve(HttpSite.in(directory));
        HttpClient client = client();

        for (int i = 0; i < 50; i++) {
            for (String target : List.of("/loop", "/thread")) {
                HttpResponse<String> response = client.send(to(target + "?" + i).build(), BodyHandlers.ofString());
                assertEquals(target.substring(1) + " " + i, response.body());
            }
        }

        assertEquals(1, server().statistics().acceptedConnections());
    }

    @Test
    void rule87_aClientThatWouldRatherSpeakHttp2IsServedAs11() throws Exception {
        serve(HttpSite.in(directory));
        HttpClient client = client(HttpClient.Version.HTTP_2);

        for (String target : List.of("/loop", "/thread", "/large", "/stream", "/file")) {
            HttpResponse<byte[]> response = client.send(to(target + "?file").build(), BodyHandlers.ofByteArray());
            assertEquals(HttpClient.Version.HTTP_1_1, response.version());
            assertEquals(200, response.statusCode());
        }
        HttpRequest upload = to("/echo").POST(BodyPublishers.ofString("with a body")).build();
        assertEquals("with a body", client.send(upload, BodyHandlers.ofString()).body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/large", "/thread/large", "/file", "/stream", "/loop/stream", "/exact"})
    void everyKindOfContentArrives(String target) throws Exception {
        serve(HttpSite.in(directory));

        HttpResponse<byte[]> response = client().send(to(target + "?file").build(), BodyHandlers.ofByteArray());

        assertArrayEquals(HttpSite.large("file"), response.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD /large 200", "HEAD /stream 200", "GET /status/204 204", "GET /status/205 205",
        "GET /status/304 304", "HEAD /nowhere 404", "DELETE /loop 405"})
    void responsesWithoutContentDoNotConfuseIt(String line) throws Exception {
        serve(HttpSite.in(directory));
        HttpClient client = client();
        String[] parts = line.split(" ");

        for (int i = 0; i < 3; i++) {
            HttpRequest request = to(parts[1]).method(parts[0], BodyPublishers.noBody()).build();
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            assertEquals(Integer.parseInt(parts[2]), response.statusCode());
        }
        assertEquals("loop ", client.send(to("/loop").build(), BodyHandlers.ofString()).body());
        assertEquals(1, server().statistics().acceptedConnections());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/thread/echo"})
    void bodiesArriveUnchangedAskedForOrNot(String target) throws Exception {
        serve(HttpSite.in(directory));
        HttpClient client = client();
        byte[] body = new byte[1 << 20];
        new Random(5).nextBytes(body);

        for (BodyPublisher publisher : List.of(BodyPublishers.ofByteArray(body),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
            for (boolean expect : new boolean[] {false, true}) {
                HttpRequest request = to(target).POST(publisher).expectContinue(expect).build();
                assertArrayEquals(body, client.send(request, BodyHandlers.ofByteArray()).body());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/thread/echo", "/sum"})
    void rule97_aRefusalInTheMiddleOfALargeUploadCanBeRead(String target) throws Exception {
        serve(HttpSite.in(directory), Limits.DEFAULT.withMaxBodyBytes(100_000));
        HttpClient client = client();
        byte[] body = new byte[6 << 20];

        for (BodyPublisher publisher : List.of(BodyPublishers.ofByteArray(body),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
            for (boolean expect : new boolean[] {false, true}) {
                HttpRequest request = to(target).POST(publisher).expectContinue(expect).build();
                assertEquals(413, client.send(request, BodyHandlers.ofString()).statusCode());
            }
        }
        assertEquals("loop ", client.send(to("/loop").build(), BodyHandlers.ofString()).body());
    }

    @Test
    void manyRequestsAtOnceAreAllAnswered() throws Exception {
        serve(HttpSite.in(directory));
        HttpClient client = client();
        List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();

        for (int i = 0; i < 300; i++) {
            String target = (i % 2 == 0 ? "/loop?" : "/thread?") + i;
            responses.add(client.sendAsync(to(target).build(), BodyHandlers.ofString()));
        }

        for (int i = 0; i < 300; i++) {
            assertEquals((i % 2 == 0 ? "loop " : "thread ") + i, responses.get(i).get(20, TimeUnit.SECONDS).body());
        }
    }

    @Test
    void rule98_aDownloadThatIsGivenUpHarmsNobody() throws Exception {
        serve(Handler.withMaxBodyBytes(1, request -> Response.stream(HttpSite.TEXT, out -> {
            for (;;) {
                out.write(new byte[10_000]);
            }
        })));
        try (HttpLog log = new HttpLog()) {
            HttpResponse<InputStream> response = client().send(to("/").build(), BodyHandlers.ofInputStream());
            assertEquals(100_000, response.body().readNBytes(100_000).length);
            response.body().close();

            awaitNoConnection();
            assertEquals(List.of(), log.records());
        }
    }

    @Test
    void aServerThatStopsLetsItsClientsFinish() throws Exception {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        CompletableFuture<Void> release = new CompletableFuture<>();
        serve(request -> {
            arrived.complete(null);
            release.get(20, TimeUnit.SECONDS);
            return Response.text("finished");
        });
        CompletableFuture<HttpResponse<String>> response = client().sendAsync(to("/").build(), BodyHandlers.ofString());
        arrived.get(20, TimeUnit.SECONDS);
        Thread closing = Thread.ofPlatform().start(server()::close);

        release.complete(null);

        assertEquals("finished", response.get(20, TimeUnit.SECONDS).body());
        assertTrue(closing.join(Duration.ofSeconds(20)));
    }
}
