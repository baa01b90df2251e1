package dev.selvedge.server.fake;

import dev.selvedge.server.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Exchanges with a real server that an {@link Origin} has saved, or that somebody has written, ready to be served
 * again by a {@link FakeServer}.
 *
 * <pre>{@code
 * SavedExchanges.in(Path.of("src/test/exchanges")).addTo(server);
 * }</pre>
 *
 * <p>A request is answered if its method, its target and its body are those of a saved one. Where the same request was
 * saved several times, it gets the responses in order, and the last one from then on. Files end with {@code .http} and
 * are text that can be read and changed:
 *
 * <pre>
 * {@literal >} POST /orders?urgent=true
 * {@literal >} Content-Type: application/json
 * {@literal >}
 * {@literal >} {"item":7}
 * {@literal <} 201
 * {@literal <} Location: /orders/1
 * </pre>
 *
 * <p>Behind an empty line comes the body, line by line, or in lines that begin with {@code >64} or {@code <64} as
 * Base64, if it is no text. Empty lines, and those that begin with #, are remarks.
 */
public final class SavedExchanges {

    private final List<SavedExchange> exchanges;

    private SavedExchanges(List<SavedExchange> exchanges) {
        this.exchanges = List.copyOf(exchanges);
    }

    /**
     * Reads what was saved.
     *
     * @param path a file, or a directory, whose files are read in the order of their names
     * @return the exchanges
     * @throws UncheckedIOException if it can't be read
     * @throws IllegalArgumentException if a file is malformed, or there is none; the message says where
     */
    public static SavedExchanges in(Path path) {
        Objects.requireNonNull(path, "path");
        List<SavedExchange> exchanges = new ArrayList<>();
        try {
            for (Path file : files(path)) {
                exchanges.addAll(SavedText.read(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the exchanges in " + path + " can't be read", e);
        }
        if (exchanges.isEmpty()) {
            throw new IllegalArgumentException("there is no exchange in " + path + " (files end with .http)");
        }
        return new SavedExchanges(exchanges);
    }

    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".http")).sorted().toList();
        }
    }

    /**
     * Returns how many there are.
     *
     * @return the number, at least 1
     */
    public int size() {
        return exchanges.size();
    }

    /**
     * Adds a rule for each request that was saved.
     *
     * @param server what is to serve the responses
     * @throws IllegalStateException if it is closed
     */
    public void addTo(FakeServer server) {
        Map<List<Object>, Rule> rules = new LinkedHashMap<>();
        for (SavedExchange exchange : exchanges) {
            Response response = exchange.response();
            List<Object> key = List.of(exchange.method(), exchange.target(), Arrays.hashCode(exchange.requestBody()),
                    exchange.requestBody().length);
            Rule rule = rules.get(key);
            if (rule == null) {
                rules.put(key, rule(server, exchange).respond(response));
            } else {
                rule.then(response);
            }
        }
    }

    private static Rule rule(FakeServer server, SavedExchange exchange) {
        String target = exchange.target();
        byte[] body = exchange.requestBody();
        Rule rule = server.on(exchange.method(), target.equals("*") ? "*" : "/{path...}")
                .where("the target " + target, request -> request.target().equals(target));
        return rule.where(body.length == 0 ? "no body" : "the body that was saved, of " + body.length + " bytes",
                request -> Arrays.equals(body, request.body()));
    }
}
