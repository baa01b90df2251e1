package dev.selvedge.jmh.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Locale;

/** What the clients do: which request, and how many of them before they wait for the answers. */
enum Scenario {

    /** A constant answer. */
    PLAINTEXT("/plaintext", 1, Payload.textOctets()),

    /** Sixteen of them at a time. */
    PIPELINED("/plaintext", 16, Payload.textOctets()),

    /** An answer that is made for each request. */
    JSON("/json", 1, Payload.jsonOctets());

    private final String path;
    private final int depth;
    private final byte[] content;

    Scenario(String path, int depth, byte[] content) {
        this.path = path;
        this.depth = depth;
        this.content = content;
    }

    static Scenario of(String label) {
        return Arrays.stream(values()).filter(each -> each.label().equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no scenario " + label));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    int depth() {
        return depth;
    }

    /** Returns what an answer has to bring. */
    byte[] content() {
        return content.clone();
    }

    /** Returns one request. */
    byte[] request() {
        return ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(US_ASCII);
    }

    /** Returns what a client sends at once. */
    byte[] batch() {
        byte[] request = request();
        byte[] batch = new byte[depth * request.length];
        for (int i = 0; i < depth; i++) {
            System.arraycopy(request, 0, batch, i * request.length, request.length);
        }
        return batch;
    }
}
