package dev.selvedge.contract;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What RFC 9110 says about a GET or HEAD of something that has content and validators: written down once more, slowly
 * and without regard to anything but its text. Where the RFC leaves a choice, the choice is the server's and is named.
 */
final class FilesReference {

    static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US).withZone(ZoneOffset.UTC);

    private static final Pattern TAG = Pattern.compile("(W/)?(\"[!#-~\\x80-\\xFF]*\")");
    private static final Pattern RANGES = Pattern.compile("(?i)bytes=[ \\t,]*[0-9-].*");

    /** Choice: with more ranges than that, all of it is sent (§14.2). */
    private static final int RANGES_MAX = 16;

    private FilesReference() { }

    /**
     * What the answer must be.
     *
     * @param status its status
     * @param ranges which parts of the content it has, first and last; empty unless the status is 206
     */
    record Answer(int status, List<long[]> ranges) {

        Answer(int status) {
            this(status, List.of());
        }
    }

    /**
     * Answers.
     *
     * @param fields of the request, each once
     * @param length of the content
     * @param tag as in ETag
     * @param modified a whole second, long ago
     */
    static Answer answer(String method, Map<String, String> fields, long length, String tag, Instant modified) {
        // §13.2.2, step 1 and 2
        String ifMatch = fields.get("If-Match");
        Instant since = date(fields.get("If-Unmodified-Since"));
        if (ifMatch != null && !names(ifMatch, tag, true)
                || ifMatch == null && since != null && modified.isAfter(since)) {
            return new Answer(412);
        }
        // step 3 and 4
        String ifNoneMatch = fields.get("If-None-Match");
        Instant known = date(fields.get("If-Modified-Since"));
        if (ifNoneMatch != null && names(ifNoneMatch, tag, false)
                || ifNoneMatch == null && known != null && !modified.isAfter(known)) {
            return new Answer(304);
        }
        // step 5
        String range = fields.get("Range");
        if (!method.equals("GET") || range == null || !isUnchanged(fields.get("If-Range"), tag, modified)) {
            return new Answer(200);
        }
        return ranges(range, length);
    }

    /** §13.1.1, §13.1.2 with the comparisons of §8.8.3.2. Choice: a malformed list names nothing. */
    private static boolean names(String field, String tag, boolean strongly) {
        if (field.equals("*")) {
            return true;
        }
        boolean named = false;
        for (String element : field.split(",")) {       // no tag of the test has a comma
            Matcher parts = TAG.matcher(element.strip());
            if (!element.isBlank() && !parts.matches()) {
                return false;
            }
            named |= !element.isBlank() && opaque(tag).equals(parts.group(2))
                    && !(strongly && (parts.group(1) != null || tag.startsWith("W/")));
        }
        return named;
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    /** §13.1.5. */
    private static boolean isUnchanged(String ifRange, String tag, Instant modified) {
        return ifRange == null || ifRange.equals(tag) && !tag.startsWith("W/") || modified.equals(date(ifRange));
    }

    /** §5.6.7, of which the test writes the first format only; null if it is none, and so to be ignored. */
    private static Instant date(String field) {
        try {
            return field == null ? null : Instant.from(DATE.parse(field));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** §14.1.2, §14.2. Choices: what is malformed is ignored; ranges that overlap become one, in the first's place. */
    private static Answer ranges(String field, long length) {
        if (length == 0 || !RANGES.matcher(field).matches()) {
            return new Answer(200);
        }
        List<long[]> ranges = new ArrayList<>();
        int asked = 0;
        for (String element : field.substring("bytes=".length()).split(",")) {
            String spec = element.strip();
            if (spec.isEmpty()) {
                continue;
            }
            if (!spec.matches("[0-9]+-[0-9]*|-[0-9]+")) {
                return new Answer(200);
            }
            asked++;
            int dash = spec.indexOf('-');
            long last = dash + 1 == spec.length() ? Long.MAX_VALUE : Long.parseLong(spec.substring(dash + 1));
            if (dash == 0) {
                add(ranges, Math.max(0, length - last), last == 0 ? -1 : length - 1);
                continue;
            }
            long first = Long.parseLong(spec.substring(0, dash));
            if (first > last) {
                return new Answer(200);
            }
            add(ranges, first, first < length ? Math.min(last, length - 1) : -1);
        }
        return asked > RANGES_MAX ? new Answer(200) : ranges.isEmpty() ? new Answer(416) : new Answer(206, ranges);
    }

    private static void add(List<long[]> ranges, long first, long last) {
        if (last < first) {
            return;
        }
        ranges.add(new long[] {first, last});
        for (boolean merged = true; merged;) {
            merged = false;
            for (int i = 0; i < ranges.size() && !merged; i++) {
                for (int j = i + 1; j < ranges.size() && !merged; j++) {
                    long[] one = ranges.get(i);
                    long[] other = ranges.get(j);
                    if (one[0] <= other[1] && other[0] <= one[1]) {
                        ranges.set(i, new long[] {Math.min(one[0], other[0]), Math.max(one[1], other[1])});
                        ranges.remove(j);
                        merged = true;
                    }
                }
            }
        }
    }

    /**
     * §12.5.3, for fields without {@code *}.
     *
     * @param available in the server's order of preference
     * @return the coding, or "identity"
     */
    static String coding(String acceptEncoding, List<String> available) {
        String best = "identity";
        double weight = 0;
        double identity = 0;
        for (String element : acceptEncoding == null ? new String[0] : acceptEncoding.split(",")) {
            if (element.strip().startsWith("identity")) {
                identity = weight(element);
            }
        }
        for (String coding : available) {
            for (String element : acceptEncoding == null ? new String[0] : acceptEncoding.split(",")) {
                if (element.split(";")[0].strip().equalsIgnoreCase(coding) && weight(element) > weight) {
                    best = coding;
                    weight = weight(element);
                }
            }
        }
        return identity > weight ? "identity" : best;
    }

    private static double weight(String element) {
        int at = element.indexOf("q=");
        return at < 0 ? 1 : Double.parseDouble(element.substring(at + 2).strip());
    }
}
