package dev.selvedge.server.fake;

import dev.selvedge.server.Handler;
import dev.selvedge.server.Header;
import dev.selvedge.server.Headers;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A handler that asks a real server, the origin, and can save what it answers: to begin a test with the real thing, and
 * to go on without it.
 *
 * <pre>{@code
 * server.otherwise(Origin.at(URI.create("https://api.example.com")).savingTo(directory));
 * }</pre>
 *
 * <p>Requests are forwarded by {@link HttpClient} with HTTP/1.1, with their header lines but those that are about the
 * connection; redirects are not followed. If the origin can't be asked, the answer is {@code 502 Bad Gateway} with a
 * text that says why. A program on the module path needs {@code --add-modules java.net.http}, or requires that module.
 *
 * <p>It has no more state than its client. Any thread may call it.
 */
public final class Origin implements Handler {

    /** What is about one connection, or is made anew by the client and the server. */
    private static final Set<String> OF_CONNECTION = Set.of("connection", "content-length", "date", "expect", "host",
            "http2-settings", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");

    /** What gives access to something. Files with exchanges are shared. */
    private static final Set<String> SECRET = Set.of("authorization", "cookie", "proxy-authorization");

    private static final int NAME_MAX_LENGTH = 60;

    private final URI origin;
    private final HttpClient client;
    private final Path directory;

    private Origin(URI origin, HttpClient client, Path directory) {
        this.origin = origin;
        this.client = client;
        this.directory = directory;
    }

    /**
     * Returns a handler that forwards requests and saves nothing.
     *
     * @param origin the server's scheme, http or https, and its host; a path is put before each target
     * @return the handler
     * @throws IllegalArgumentException if it is no such URI
     */
    public static Origin at(URI origin) {
        boolean http = "http".equalsIgnoreCase(origin.getScheme()) || "https".equalsIgnoreCase(origin.getScheme());
        if (!http || origin.getHost() == null || origin.getRawQuery() != null || origin.getRawFragment() != null) {
            throw new IllegalArgumentException("the origin " + origin
                    + " must be http:// or https:// with a host, and without a query");
        }
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER).build();
        return new Origin(origin, client, null);
    }

    /**
     * Returns a handler that saves each exchange in a file of its own, as {@link SavedExchanges} reads them. Of the
     * request's header lines, those that give access are left out: Authorization, Cookie, Proxy-Authorization. The
     * response is saved as it is.
     *
     * @param newDirectory where the files go; it is made when it is needed, and what is there stays
     * @return the handler
     */
    public Origin savingTo(Path newDirectory) {
        return new Origin(origin, client, Objects.requireNonNull(newDirectory, "directory"));
    }

    @Override
    public Response handle(Request request) throws IOException, InterruptedException {
        byte[] body = request.body().bytes();
        HttpResponse<byte[]> answer;
        try {
            answer = client.send(forwarded(request, body), BodyHandlers.ofByteArray());
        } catch (IOException | IllegalArgumentException e) {
            return Response.text("The origin " + origin + " can't be asked for " + request + ": " + e + "\n")
                    .withStatus(502);
        }
        SavedExchange exchange = new SavedExchange(request.method(), request.target(),
                kept(request.headers(), SECRET), body, answer.statusCode(), headers(answer), answer.body());
        if (directory != null) {
            save(exchange);
        }
        return request.method().equals("HEAD") ? withLength(exchange.response(), answer) : exchange.response();
    }

    private HttpRequest forwarded(Request request, byte[] body) {
        String prefix = origin.getScheme() + "://" + origin.getRawAuthority()
                + Objects.requireNonNullElse(origin.getRawPath(), "").replaceFirst("/$", "");
        String target = request.rawPath() + request.query().map(query -> "?" + query).orElse("");
        HttpRequest.Builder forwarded = HttpRequest.newBuilder(URI.create(prefix + target)).method(request.method(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        for (Header header : kept(request.headers(), Set.of())) {
            forwarded.header(header.name(), header.value());
        }
        return forwarded.build();
    }

    private static Headers kept(Headers lines, Set<String> without) {
        Headers.Builder kept = Headers.builder();
        for (Header header : lines) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (!OF_CONNECTION.contains(name) && !without.contains(name)) {
                kept.add(header.name(), header.value());
            }
        }
        return kept.build();
    }

    private static Headers headers(HttpResponse<byte[]> answer) {
        Headers.Builder all = Headers.builder();
        answer.headers().map().forEach((name, values) -> {
            if (!name.startsWith(":")) {
                values.forEach(value -> all.add(name, value));
            }
        });
        return kept(all.build(), Set.of());
    }

    /** A response to HEAD tells the length that one to GET would have (RFC 9110 §8.6). */
    private static Response withLength(Response response, HttpResponse<byte[]> answer) {
        long length = answer.headers().firstValueAsLong("Content-Length").orElse(-1);
        if (length < 0 || response.status() == 204 || response.status() == 304) {
            return response;
        }
        Response measured = Response.stream("application/octet-stream", length, out -> { })
                .withStatus(response.status()).withoutHeader("Content-Type");
        for (Header header : response.headers()) {
            measured = measured.withAddedHeader(header.name(), header.value());
        }
        return measured;
    }

    private void save(SavedExchange exchange) throws IOException {
        Files.createDirectories(directory);
        String words = (exchange.method() + exchange.target()).replaceAll("[^A-Za-z0-9.]+", "-").replaceAll("-$", "");
        String name = words.substring(0, Math.min(words.length(), NAME_MAX_LENGTH));
        for (int number = count() + 1;; number++) {
            try {
                Files.writeString(directory.resolve("%04d-%s.http".formatted(number, name)), exchange.text(),
                        StandardOpenOption.CREATE_NEW);
                return;
            } catch (FileAlreadyExistsException e) {
                continue; // somebody else saves here, too
            }
        }
    }

    private int count() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return (int) files.count();
        }
    }

    /** Returns what is asked. */
    @Override
    public String toString() {
        return "the origin " + origin;
    }
}
