package dev.selvedge.server.http1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A test that stands in a document: bytes, and the events that must come out of them. See the README beside it.
 *
 * @param name document, title and, if there are several, value
 * @param octets what comes in
 * @param limits what is allowed
 * @param events what comes out
 */
record Vector(String name, byte[] octets, Limits limits, List<String> events) {

    private static final String CHUNKED_HEAD = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** The limits of a vector. */
    record Limits(HeadLimits head, int maxExtensionBytes) {

        static final Limits DEFAULT = new Limits(new HeadLimits(8192, 16_384, 100), 256);

        private static Limits read(String info) {
            int at = info.indexOf("limits=");
            if (at < 0) {
                return DEFAULT;
            }
            String[] numbers = info.substring(at + "limits=".length()).split(",");
            return new Limits(new HeadLimits(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]),
                    Integer.parseInt(numbers[2])), Integer.parseInt(numbers[3]));
        }
    }

    /** Reads all vectors of a document. */
    static List<Vector> of(String document) {
        List<Vector> vectors = new ArrayList<>();
        String title = null;
        String info = null;
        Map<String, List<String>> blocks = new HashMap<>();
        try (BufferedReader lines = open(document)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("## ")) {
                    title = document + " " + line.substring(3);
                    blocks.clear();
                } else if (line.startsWith("```")) {
                    String kind = line.substring(3).split(" ")[0];
                    blocks.put(kind, block(lines));
                    info = kind.equals("http") || kind.equals("chunked") ? line : info;
                    if (kind.equals("events")) {
                        expand(title, info, blocks, vectors);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return vectors;
    }

    private static BufferedReader open(String document) {
        return new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Vector.class.getResourceAsStream(document), document), StandardCharsets.UTF_8));
    }

    private static List<String> block(BufferedReader lines) throws IOException {
        List<String> block = new ArrayList<>();
        for (String line = lines.readLine(); !line.equals("```"); line = lines.readLine()) {
            block.add(line);
        }
        return block;
    }

    private static void expand(String title, String info, Map<String, List<String>> blocks, List<Vector> vectors) {
        boolean chunked = blocks.containsKey("chunked");
        String bytes = String.join("", blocks.get(chunked ? "chunked" : "http"));
        String events = String.join("\n", blocks.get("events"));
        for (String value : blocks.getOrDefault("values", List.of(""))) {
            String octets = (chunked ? CHUNKED_HEAD : "") + Spelling.read(bytes.replace("{}", value));
            List<String> expected = events.replace("{}", value).lines().map(Spelling::read).toList();
            String name = blocks.containsKey("values") ? title + " [" + value + "]" : title;
            vectors.add(new Vector(name, Spelling.octets(octets), Limits.read(info), expected));
        }
    }

    /** Returns how many requests come out. */
    int requests() {
        return (int) events.stream().filter(event -> event.startsWith("request ")).count();
    }

    /** Returns whether all bytes belong to whole requests: then others may follow. */
    boolean isWhole() {
        return events.stream().noneMatch(event -> event.startsWith("refused ") || event.startsWith("incomplete "));
    }

    /** Returns whether the bytes are refused: then nothing that follows can change that. */
    boolean isRefused() {
        return events.stream().anyMatch(event -> event.startsWith("refused "));
    }

    @Override
    public String toString() {
        return name;
    }
}
