package dev.selvedge.server;

import dev.selvedge.server.http1.FieldSection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Reads the Cookie lines of a request, as leniently as servers do: pairs are separated by semicolons, white space round
 * names and values and one pair of quotation marks round a value are taken off, and what has no name is passed over.
 */
final class ReceivedCookies {

    private ReceivedCookies() { }

    /** Returns the value of the first cookie with a name, or null. */
    static String first(FieldSection fields, String name) {
        String[] found = new String[1];
        forEach(fields, (candidate, value) -> {
            if (!candidate.equals(name)) {
                return true;
            }
            found[0] = value;
            return false;
        });
        return found[0];
    }

    /** Returns the cookies in order; of several with one name the first, which browsers make the most specific one. */
    static Map<String, String> all(FieldSection fields) {
        Map<String, String> cookies = new LinkedHashMap<>();
        forEach(fields, (name, value) -> {
            cookies.putIfAbsent(name, value);
            return true;
        });
        return Collections.unmodifiableMap(cookies);
    }

    /** Tells each name and value until it is answered false. */
    private static void forEach(FieldSection fields, BiPredicate<String, String> told) {
        for (int line = fields.indexOf("Cookie", 0); line >= 0; line = fields.indexOf("Cookie", line + 1)) {
            String pairs = fields.value(line);
            for (int at = 0; at < pairs.length();) {
                int semicolon = pairs.indexOf(';', at);
                int end = semicolon < 0 ? pairs.length() : semicolon;
                int equals = pairs.indexOf('=', at);
                if (equals >= 0 && equals < end) {
                    String name = pairs.substring(at, equals).strip();
                    if (!name.isEmpty() && !told.test(name, unquoted(pairs.substring(equals + 1, end).strip()))) {
                        return;
                    }
                }
                at = end + 1;
            }
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
