package dev.selvedge.server;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters in the query of a target: {@code name=value&name=value}, percent-encoded, with plus for space. */
final class QueryString {

    private QueryString() { }

    /** Returns the first value of a name, or null. Nothing but that value is decoded, where names are plain. */
    static String first(byte[] octets, int from, int to, String name) {
        for (int at = from; at < to;) {
            int end = endOf(octets, at, to);
            int equals = equalsSign(octets, at, end);
            if (end > at && isName(name, octets, at, equals)) {
                return PercentCoding.decodeForm(octets, Math.min(equals + 1, end), end);
            }
            at = end + 1;
        }
        return null;
    }

    /** Returns all values by their names, in the order of the query. */
    static Map<String, List<String>> all(byte[] octets, int from, int to) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int at = from; at < to;) {
            int end = endOf(octets, at, to);
            if (end > at) {
                int equals = equalsSign(octets, at, end);
                values.computeIfAbsent(PercentCoding.decodeForm(octets, at, equals), name -> new ArrayList<>())
                        .add(PercentCoding.decodeForm(octets, Math.min(equals + 1, end), end));
            }
            at = end + 1;
        }
        values.replaceAll((name, list) -> Collections.unmodifiableList(list));
        return Collections.unmodifiableMap(values);
    }

    private static int endOf(byte[] octets, int at, int to) {
        int end = at;
        while (end < to && octets[end] != '&') {
            end++;
        }
        return end;
    }

    /** Returns the index of the equals sign, or the end if there is none. */
    private static int equalsSign(byte[] octets, int at, int end) {
        int equals = at;
        while (equals < end && octets[equals] != '=') {
            equals++;
        }
        return equals;
    }

    private static boolean isName(String name, byte[] octets, int from, int to) {
        for (int i = from; i < to; i++) {
            if (octets[i] == '%' || octets[i] == '+') {
                return PercentCoding.decodeForm(octets, from, to).equals(name);
            }
            if (i - from >= name.length() || name.charAt(i - from) != octets[i]) {
                return false;       // everything before was literal, so this octet has to be, too
            }
        }
        return to - from == name.length();
    }
}
