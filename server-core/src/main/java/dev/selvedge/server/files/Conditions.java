package dev.selvedge.server.files;

import dev.selvedge.server.Headers;
import java.time.InstantSource;
import java.util.List;

/**
 * The conditions of a request but If-Range, in their order (RFC 9110 §13.2.2). If-Range belongs to {@link Ranges}.
 *
 * <p>They count only where the response without them would be a 2xx: a redirection, a 404 or a 405 goes before
 * (§13.2.1).
 */
final class Conditions {

    private static final String IF_MATCH = "If-Match";
    private static final String IF_NONE_MATCH = "If-None-Match";
    private static final String IF_MODIFIED_SINCE = "If-Modified-Since";
    private static final String IF_UNMODIFIED_SINCE = "If-Unmodified-Since";

    private Conditions() { }

    /** Returns whether a request has any of the four fields. Allocates nothing. */
    static boolean arePresent(Headers headers) {
        return headers.contains(IF_NONE_MATCH) || headers.contains(IF_MODIFIED_SINCE)
                || headers.contains(IF_MATCH) || headers.contains(IF_UNMODIFIED_SINCE);
    }

    /**
     * Evaluates the conditions.
     *
     * @param method the request's method
     * @param headers the request's fields
     * @param current what the representation has that would be sent; null if there is none
     * @param clock is asked at most for each date
     * @return what to do
     */
    static Precondition evaluate(String method, Headers headers, Validators current, InstantSource clock) {
        if (!arePresent(headers) || !selectsRepresentation(method)) {
            return Precondition.PROCEED;
        }
        boolean holds = headers.contains(IF_MATCH) ? EntityTagList.names(headers.all(IF_MATCH), current, true)
                : isUnmodifiedSince(headers, current, clock);
        if (!holds) {
            return Precondition.FAILED;
        }
        boolean reads = method.equals("GET") || method.equals("HEAD");
        if (headers.contains(IF_NONE_MATCH)) {
            boolean named = EntityTagList.names(headers.all(IF_NONE_MATCH), current, false);
            return !named ? Precondition.PROCEED : reads ? Precondition.NOT_MODIFIED : Precondition.FAILED;
        }
        return reads && !isModifiedSince(headers, current, clock) ? Precondition.NOT_MODIFIED : Precondition.PROCEED;
    }

    /** RFC 9110 §13.2.1. */
    private static boolean selectsRepresentation(String method) {
        return switch (method) {
            case "OPTIONS", "TRACE", "CONNECT" -> false;
            default -> true;
        };
    }

    /** True also if the field is to be ignored: it is absent or not a date, or there is none to compare it with. */
    private static boolean isUnmodifiedSince(Headers headers, Validators current, InstantSource clock) {
        long date = date(headers, IF_UNMODIFIED_SINCE, clock);
        long modified = date == HttpDate.NONE || current == null ? HttpDate.NONE
                : current.lastModifiedAt(clock.instant());
        return modified == HttpDate.NONE || modified <= date;
    }

    /** Likewise. */
    private static boolean isModifiedSince(Headers headers, Validators current, InstantSource clock) {
        long date = date(headers, IF_MODIFIED_SINCE, clock);
        long modified = date == HttpDate.NONE || current == null ? HttpDate.NONE
                : current.lastModifiedAt(clock.instant());
        return modified == HttpDate.NONE || modified > date;
    }

    /** Returns the date that a field has, or {@link HttpDate#NONE} if it is absent, malformed, or there twice. */
    private static long date(Headers headers, String name, InstantSource clock) {
        List<String> lines = headers.all(name);
        return lines.size() == 1 ? HttpDate.parse(lines.getFirst(), clock) : HttpDate.NONE;
    }
}
