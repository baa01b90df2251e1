package dev.selvedge.server.fake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real server has answered once can be served again without it. */
class OriginTest {

    private static final byte[] BINARY = {0, 1, 2, (byte) 0xff, '\r', '\n'};

    @AutoClose
    private final FakeServer real = FakeServer.start();

    @AutoClose
    private final FakeServer server = FakeServer.start();

    @AutoClose
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path directory;

    private HttpResponse<byte[]> send(String method, String target, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(target))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private void forward() {
        server.otherwise(Origin.at(real.uri()).savingTo(directory.resolve("new")));
    }

    private List<String> saved() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("new"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private String saved(String name) throws IOException {
        return Files.readString(directory.resolve("new").resolve(name));
    }

    @Test
    void aRequestIsForwardedAndItsExchangeIsSavedAsText() throws Exception {
        real.on("POST", "/orders").query("urgent", "true").respond(
                Response.json("{\"id\":1}\n").withStatus(201).withHeader("Location", "/orders/1"));
        forward();

        HttpResponse<byte[]> answer = send("POST", "/orders?urgent=true", "{\"item\":7}\n\n\u00fc", "X-Token", "t",
                "Authorization", "Bearer secret", "Cookie", "session=secret");

        assertEquals(201, answer.statusCode());
        assertEquals("{\"id\":1}\n", new String(answer.body()));
        assertEquals("/orders/1", answer.headers().firstValue("Location").orElseThrow());
        assertEquals("Bearer secret", real.takeRequest().header("Authorization").orElseThrow());
        assertEquals(List.of("0001-POST-orders-urgent-true.http"), saved());
        String text = saved("0001-POST-orders-urgent-true.http");
        assertTrue(text.startsWith("> POST /orders?urgent=true\n> "), text);
        assertTrue(text.contains("\n> X-Token: t\n"), text);
        assertTrue(text.contains("\n>\n> {\"item\":7}\n>\n> \u00fc\n< 201\n< "), text);
        assertTrue(text.contains("location: /orders/1\n"), text);
        assertTrue(text.endsWith("\n<\n< {\"id\":1}\n<\n"), text);
        assertFalse(text.contains("secret"), text);
    }

    @Test
    void whatWasSavedIsServedAgainWithoutTheOrigin() throws Exception {
        real.on("GET", "/a").respond(Response.text("one")).then(Response.text("two\n"));
        real.on("GET", "/b").respond(Response.bytes("image/png", BINARY));
        real.on("PUT", "/c d").respond(request -> Response.status(204));
        real.on("GET", "/gone").respond(Response.redirect("/a"));
        forward();
        List<List<String>> requests = List.of(List.of("GET", "/a", ""), List.of("GET", "/a", ""),
                List.of("GET", "/b", ""), List.of("PUT", "/c%20d", "x"), List.of("PUT", "/c%20d", "y"),
                List.of("GET", "/gone", ""), List.of("GET", "/nowhere", ""));
        List<HttpResponse<byte[]>> before = all(requests);

        server.reset();
        SavedExchanges exchanges = SavedExchanges.in(directory.resolve("new"));
        exchanges.addTo(server);
        real.close();
        List<HttpResponse<byte[]>> after = all(requests);

        assertEquals(requests.size(), exchanges.size());
        for (int i = 0; i < requests.size(); i++) {
            assertEquals(before.get(i).statusCode(), after.get(i).statusCode());
            assertArrayEquals(before.get(i).body(), after.get(i).body());
            assertEquals(before.get(i).headers().firstValue("content-type"),
                    after.get(i).headers().firstValue("content-type"));
            assertEquals(before.get(i).headers().firstValue("location"), after.get(i).headers().firstValue("location"));
        }
        server.assertNothingUnused();
        server.assertNoUnmatched();
        assertEquals(404, send("PUT", "/c%20d", "z").statusCode(), "another body");
        assertEquals(404, send("GET", "/a?q", "").statusCode(), "another target");
        assertEquals("two\n", new String(send("GET", "/a", "").body()), "the last response goes on");
    }

    private List<HttpResponse<byte[]>> all(List<List<String>> requests) throws Exception {
        List<HttpResponse<byte[]>> answers = new ArrayList<>();
        for (List<String> request : requests) {
            answers.add(send(request.get(0), request.get(1), request.get(2)));
        }
        return answers;
    }

    @Test
    void onlyWhatNothingElseAnswersIsForwarded() throws Exception {
        real.on("GET", "/{path...}").respond(Response.text("real"));
        server.on("GET", "/a").respond(Response.text("rule")).once();
        server.enqueue(Response.text("queue"));
        forward();

        assertEquals("rule", new String(send("GET", "/a", "").body()));
        assertEquals("queue", new String(send("GET", "/a", "").body()));
        assertEquals("real", new String(send("GET", "/a", "").body()));
        server.assertNoUnmatched();
        server.reset();
        assertEquals(404, send("GET", "/a", "").statusCode());
    }

    @Test
    void aHeadIsForwardedWithTheLengthThatItsAnswerTells() throws Exception {
        real.on("HEAD", "/a").respond(Response.text("12345"));
        forward();

        assertEquals("5", send("HEAD", "/a", "").headers().firstValue("Content-Length").orElseThrow());
    }

    @Test
    void anOriginThatCannotBeAskedIsA502ThatSaysWhy() throws Exception {
        URI nobody = real.uri();
        real.close();
        server.otherwise(Origin.at(nobody));

        HttpResponse<byte[]> answer = send("GET", "/a", "");

        assertEquals(502, answer.statusCode());
        String text = new String(answer.body());
        assertTrue(text.startsWith("The origin " + nobody + " can't be asked for GET /a: "), text);
    }

    @ParameterizedTest
    @CsvSource({"ftp://a", "http:/a", "http://a?b", "a"})
    void anOriginIsAnHttpServer(String uri) {
        assertThrows(IllegalArgumentException.class, () -> Origin.at(URI.create(uri)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            x                              | line 1: a line begins with > (request), < (response) or # (remark)
            < 200                          | line 1: a response without a request before it
            > GET                          | line 1: the request of line 1 has no response
            > GET~< 200                    | line 1: a request begins with a method, a space and a target
            > GET /~< 20                   | line 2: a response begins with a status from 200 to 599
            > GET /~> a~< 200              | line 2: a header line has a colon behind its name, and a body an empty line
            > GET /~< 200~< a b: c         | line 3: the field name "a b" has U+0020 SP at index 1
            > GET /~< 200~< Connection: c  | line 3: Connection is the server's
            > GET /~< 200~<~<64 *          | line 4: this is no Base64
            #                              | there is no exchange in
            """)
    void aMalformedFileIsRefusedWithTheLine(String text, String message) throws IOException {
        Path file = Files.writeString(directory.resolve("a.http"), text.replace('~', '\n'));

        String told = assertThrows(IllegalArgumentException.class, () -> SavedExchanges.in(directory)).getMessage();

        assertTrue(told.startsWith(message.startsWith("line") ? file + ", " + message : message), told);
    }

    @Test
    void aFileMayBeWrittenByHand() throws Exception {
        Files.writeString(directory.resolve("a.http"), """
                # two of them

                > GET /a
                < 200 fine
                < Content-Type: text/plain
                <
                < a
                <
                < b

                > GET /b
                < 404
                """.replace("\n", "\r\n"));

        SavedExchanges.in(directory.resolve("a.http")).addTo(server);

        assertEquals("a\n\nb", new String(send("GET", "/a", "").body()));
        assertEquals(404, send("GET", "/b", "").statusCode());
    }
}
