package dev.selvedge.clients;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@link Client} made of a response.
 *
 * @param status the status
 * @param headers the values of each header name, in any case
 * @param body all of the body
 * @param trailers likewise the lines behind the body; empty if the client does not tell them
 */
record Answer(int status, Map<String, List<String>> headers, byte[] body, Map<String, List<String>> trailers) {

    Answer {
        headers = inAnyCase(headers);
        trailers = inAnyCase(trailers);
    }

    private static Map<String, List<String>> inAnyCase(Map<String, List<String>> lines) {
        Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        lines.forEach((name, values) -> {
            if (name != null) {         // HttpURLConnection's name for the status line
                all.put(name, List.copyOf(values));
            }
        });
        return Collections.unmodifiableMap(all);
    }

    String header(String name) {
        return String.join(", ", headers.getOrDefault(name, List.of()));
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
