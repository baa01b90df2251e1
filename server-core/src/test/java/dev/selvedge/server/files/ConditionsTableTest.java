package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Headers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every combination of the five conditional fields, methods and representations is answered as the algorithm of RFC
 * 9110 §13.2.2 says. The algorithm is written down here once more, step by step, over what the values mean, which each
 * row of the tables below says beside how it is written.
 */
class ConditionsTableTest {

    private static final long SECOND = 784_111_777;
    private static final String SAME = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String AFTER = "Sun Nov  6 08:49:38 1994";
    private static final long NOW = 1_795_338_000;
    private static final String FUTURE = "Sat, 01 Jan 2050 00:00:00 GMT";
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(NOW, 250_000_000));

    private static final EntityTag A = new EntityTag("a", false);
    private static final EntityTag WEAK_A = new EntityTag("a", true);
    private static final EntityTag B = new EntityTag("b", false);
    private static final EntityTag C = new EntityTag("c,", false);

    /** A value of If-Match or If-None-Match: an asterisk, or the tags that it lists, or neither. */
    private record Tags(List<String> lines, boolean asterisk, List<EntityTag> listed) { }

    private static final List<Tags> TAGS = List.of(
            new Tags(List.of(), false, null),
            new Tags(List.of("*"), true, List.of()),
            new Tags(List.of("\"a\""), false, List.of(A)),
            new Tags(List.of("W/\"a\""), false, List.of(WEAK_A)),
            new Tags(List.of("\"b\""), false, List.of(B)),
            new Tags(List.of("\"c,\" ,, \"b\",\"a\""), false, List.of(C, B, A)),
            new Tags(List.of("\"c,\"", "W/\"a\", \"b\""), false, List.of(C, WEAK_A, B)),
            new Tags(List.of("\"c,\", \"b\""), false, List.of(C, B)),
            new Tags(List.of("\"a\", *"), false, List.of()));

    /** A value of If-Modified-Since or If-Unmodified-Since: a date, or one that is to be ignored. */
    private record Date(List<String> lines, Long second) { }

    private static final List<Date> DATES = List.of(
            new Date(List.of(), null),
            new Date(List.of(SAME), SECOND),
            new Date(List.of(BEFORE), SECOND - 1),
            new Date(List.of(AFTER), SECOND + 1),
            new Date(List.of(FUTURE), 2_524_608_000L),
            new Date(List.of(SAME + ", " + BEFORE), null));

    /** A value of If-Range beside a Range: a tag, or a date, or neither; null for no Range at all. */
    private record Condition(List<String> lines, EntityTag tag, Long second) { }

    private static final List<Condition> IF_RANGES = List.of(
            new Condition(null, null, null),
            new Condition(List.of(), null, null),
            new Condition(List.of("\"a\""), A, null),
            new Condition(List.of("W/\"a\""), WEAK_A, null),
            new Condition(List.of("\"b\""), B, null),
            new Condition(List.of("\"a\", \"b\""), null, null),
            new Condition(List.of("*"), null, null),
            new Condition(List.of(SAME), null, SECOND),
            new Condition(List.of(AFTER), null, SECOND + 1));

    /** What there is: its tag, the second of its Last-Modified, and whether that is a strong validator. */
    private record Current(Validators validators, EntityTag tag, Long second, boolean strongDate) { }

    private static final Instant MODIFIED = Instant.ofEpochSecond(SECOND, 999_000_000);

    private static final List<Current> CURRENTS = List.of(
            new Current(null, null, null, false),
            new Current(new Validators(A, MODIFIED), A, SECOND, true),
            new Current(new Validators(WEAK_A, MODIFIED), WEAK_A, SECOND, true),
            new Current(new Validators(A, null), A, null, false),
            new Current(new Validators(null, MODIFIED), null, SECOND, true),
            new Current(new Validators(A, Instant.ofEpochSecond(NOW + 99)), A, NOW, false));

    private record Request(String method, Tags ifMatch, Date ifUnmodifiedSince, Tags ifNoneMatch, Date ifModifiedSince,
            Condition ifRange) {

        Headers headers() {
            Headers.Builder headers = Headers.builder();
            ifModifiedSince.lines.forEach(line -> headers.add("If-Modified-Since", line));
            ifNoneMatch.lines.forEach(line -> headers.add("If-None-Match", line));
            ifMatch.lines.forEach(line -> headers.add("if-match", line));
            ifUnmodifiedSince.lines.forEach(line -> headers.add("IF-UNMODIFIED-SINCE", line));
            if (ifRange.lines != null) {
                ifRange.lines.forEach(line -> headers.add("If-Range", line));
                headers.add("Range", "bytes=0-0");
            }
            return headers.build();
        }
    }

    // ---- the algorithm

    private static int status(Request request, Current current) {
        boolean reads = request.method.equals("GET") || request.method.equals("HEAD");
        if (request.ifMatch.listed != null) {                               // step 1
            if (!ifMatchIsTrue(request.ifMatch, current)) {
                return 412;
            }
        } else if (request.ifUnmodifiedSince.second != null) {              // step 2
            if (!ifUnmodifiedSinceIsTrue(request.ifUnmodifiedSince, current)) {
                return 412;
            }
        }
        if (request.ifNoneMatch.listed != null) {                           // step 3
            if (!ifNoneMatchIsTrue(request.ifNoneMatch, current)) {
                return reads ? 304 : 412;
            }
        } else if (reads && request.ifModifiedSince.second != null) {       // step 4
            if (!ifModifiedSinceIsTrue(request.ifModifiedSince, current)) {
                return 304;
            }
        }
        if (request.method.equals("GET") && request.ifRange.lines != null) {
            boolean conditional = !request.ifRange.lines.isEmpty();
            return !conditional || ifRangeIsTrue(request.ifRange, current) ? 206 : 200;   // step 5
        }
        return 200;                                                         // step 6
    }

    /** §13.1.1. */
    private static boolean ifMatchIsTrue(Tags field, Current current) {
        if (field.asterisk) {
            return current.validators != null;
        }
        return field.listed.stream().anyMatch(tag -> matchStrongly(tag, current.tag));
    }

    /** §13.1.2. */
    private static boolean ifNoneMatchIsTrue(Tags field, Current current) {
        if (field.asterisk) {
            return current.validators == null;
        }
        return field.listed.stream().noneMatch(tag -> matchWeakly(tag, current.tag));
    }

    /** §13.1.3. */
    private static boolean ifModifiedSinceIsTrue(Date field, Current current) {
        return current.second == null || current.second > field.second;
    }

    /** §13.1.4. */
    private static boolean ifUnmodifiedSinceIsTrue(Date field, Current current) {
        return current.second == null || current.second <= field.second;
    }

    /** §13.1.5. */
    private static boolean ifRangeIsTrue(Condition field, Current current) {
        if (field.second != null) {
            return current.strongDate && field.second.equals(current.second);
        }
        return field.tag != null && matchStrongly(field.tag, current.tag);
    }

    /** §8.8.3.2. */
    private static boolean matchStrongly(EntityTag one, EntityTag other) {
        return other != null && !one.weak() && !other.weak() && one.opaque().equals(other.opaque());
    }

    /** §8.8.3.2. */
    private static boolean matchWeakly(EntityTag one, EntityTag other) {
        return other != null && one.opaque().equals(other.opaque());
    }

    // ---- what is tested

    private static int answered(Request request, Current current) {
        Headers headers = request.headers();
        return switch (Conditions.evaluate(request.method, headers, current.validators, CLOCK)) {
            case FAILED -> 412;
            case NOT_MODIFIED -> 304;
            case PROCEED -> current.validators == null ? 200
                    : switch (Ranges.of(request.method, headers, current.validators, 10, CLOCK)) {
                        case Selection.Whole all -> 200;
                        case Selection.One one -> 206;
                        case Selection.Unsatisfiable nothing -> 416;
                        case Selection.Several several -> 207;
                    };
        };
    }

    static List<Current> currents() {
        return CURRENTS;
    }

    @ParameterizedTest
    @MethodSource("currents")
    void everyCombinationIsAnsweredAsTheAlgorithmSays(Current current) {
        List<String> wrong = new ArrayList<>();
        int[] seen = new int[500];
        for (String method : List.of("GET", "HEAD", "POST")) {
            List<Condition> ranges = method.equals("GET") && current.validators != null ? IF_RANGES
                    : IF_RANGES.subList(0, current.validators == null ? 1 : 2);
            for (Tags ifMatch : TAGS) {
                for (Date ifUnmodifiedSince : DATES) {
                    for (Tags ifNoneMatch : TAGS) {
                        for (Date ifModifiedSince : DATES) {
                            for (Condition range : ranges) {
                                Request request = new Request(method, ifMatch, ifUnmodifiedSince, ifNoneMatch,
                                        ifModifiedSince, range);
                                int expected = status(request, current);
                                int actual = answered(request, current);
                                seen[actual]++;
                                if (expected != actual && wrong.size() < 10) {
                                    wrong.add(method + " " + request.headers() + "\n" + current + ": " + actual
                                            + " instead of " + expected + "\n");
                                }
                            }
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(seen[200] > 0 && seen[412] > 0 && (current.validators == null || seen[304] > 0 && seen[206] > 0));
    }

    /** The rows themselves: what is said to be a date of a second is one. */
    @Test
    void theTablesSayWhatTheyMean() {
        for (Date date : DATES) {
            if (date.second != null) {
                assertEquals(date.second, HttpDate.parse(date.lines.getFirst(), CLOCK));
            }
        }
        assertEquals(SECOND, new Validators(null, MODIFIED).lastModifiedAt(CLOCK.instant()));
    }
}
