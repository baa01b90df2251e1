package dev.selvedge.server.files;

import static dev.selvedge.server.files.Precondition.FAILED;
import static dev.selvedge.server.files.Precondition.NOT_MODIFIED;
import static dev.selvedge.server.files.Precondition.PROCEED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Headers;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers get wrong about conditions, one by one. {@link ConditionsTableTest} has all of them together. */
class ConditionsTest {

    private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String SAME = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";
    private static final InstantSource NOW = InstantSource.fixed(Instant.parse("2026-11-22T09:00:00Z"));
    private static final InstantSource UNASKED = () -> {
        throw new AssertionError("nobody needs to know what time it is");
    };
    private static final Validators CURRENT =
            new Validators(EntityTag.strong("a"), Instant.parse("1994-11-06T08:49:37.123456789Z"));

    private static Precondition evaluate(String method, Validators current, String... fields) {
        return Conditions.evaluate(method, Headers.of(fields), current, NOW);
    }

    private static Precondition get(String... fields) {
        return evaluate("GET", CURRENT, fields);
    }

    @Test
    void aRequestWithoutConditionsProceeds() {
        Headers headers = Headers.of("Host", "a", "If", "x", "If-Match-Not", "*", "Range", "bytes=0-", "If-Range",
                "\"b\"");
        assertFalse(Conditions.arePresent(headers));
        assertEquals(PROCEED, Conditions.evaluate("GET", headers, CURRENT, UNASKED));
        assertTrue(Conditions.arePresent(Headers.of("if-unmodified-since", "")));
    }

    /** A time in a file system has a fraction, one in a field has none. */
    @Test
    void modificationTimesAreComparedByTheSecond() {
        assertEquals(NOT_MODIFIED, get("If-Modified-Since", SAME));
        assertEquals(PROCEED, get("If-Modified-Since", BEFORE));
        assertEquals(NOT_MODIFIED, get("If-Modified-Since", AFTER));
        assertEquals(PROCEED, get("If-Unmodified-Since", SAME));
        assertEquals(FAILED, get("If-Unmodified-Since", BEFORE));
        assertEquals(PROCEED, get("If-Unmodified-Since", AFTER));
    }

    /** RFC 2616 took a date in the future as no date; RFC 9110 §13.1.3 does not. */
    @Test
    void aDateInTheFutureIsADate() {
        assertEquals(NOT_MODIFIED, get("If-Modified-Since", "Sat, 01 Jan 2050 00:00:00 GMT"));
        assertEquals(PROCEED, get("If-Unmodified-Since", "Sat, 01 Jan 2050 00:00:00 GMT"));
    }

    /** RFC 9110 §8.8.2.1: as if it were modified right now, so nobody has it and nobody may rely on it. */
    @Test
    void aModificationInTheFutureIsNow() {
        Validators future = new Validators(null, Instant.parse("2040-01-01T00:00:00Z"));
        String now = HttpDate.format(NOW.instant().getEpochSecond());
        String before = HttpDate.format(NOW.instant().getEpochSecond() - 1);
        assertEquals(PROCEED, evaluate("GET", future, "If-Modified-Since", before));
        assertEquals(NOT_MODIFIED, evaluate("GET", future, "If-Modified-Since", now));
        assertEquals(FAILED, evaluate("GET", future, "If-Unmodified-Since", before));
        assertEquals(PROCEED, evaluate("GET", future, "If-Unmodified-Since", now));
    }

    /** A file is replaced by an older one under the same name: the date says unmodified, the tag knows better. */
    @ParameterizedTest
    @ValueSource(strings = {"\"b\"", "", "nonsense", "\"a\", nonsense"})
    void ifModifiedSinceIsIgnoredBesideIfNoneMatchWhateverThatSays(String tags) {
        assertEquals(PROCEED, get("If-None-Match", tags, "If-Modified-Since", SAME));
        assertEquals(PROCEED, get("If-Modified-Since", SAME, "If-None-Match", tags));
    }

    @Test
    void ifUnmodifiedSinceIsIgnoredBesideIfMatch() {
        assertEquals(PROCEED, get("If-Match", "\"a\"", "If-Unmodified-Since", BEFORE));
        assertEquals(FAILED, get("If-Match", "\"b\"", "If-Unmodified-Since", AFTER));
    }

    @Test
    void whatProtectsAnUpdateGoesBeforeWhatSavesATransfer() {
        assertEquals(FAILED, get("If-None-Match", "\"a\"", "If-Match", "\"b\""));
        assertEquals(FAILED, get("If-None-Match", "\"a\"", "If-Unmodified-Since", BEFORE));
        assertEquals(FAILED, get("If-Modified-Since", SAME, "If-Unmodified-Since", BEFORE));
        assertEquals(NOT_MODIFIED, get("If-None-Match", "\"a\"", "If-Match", "\"a\""));
        assertEquals(NOT_MODIFIED, get("If-Modified-Since", SAME, "If-Unmodified-Since", SAME));
    }

    @Test
    void notModifiedIsForThoseWhoRead() {
        assertEquals(NOT_MODIFIED, evaluate("GET", CURRENT, "If-None-Match", "\"a\""));
        assertEquals(NOT_MODIFIED, evaluate("HEAD", CURRENT, "If-None-Match", "\"a\""));
        assertEquals(FAILED, evaluate("POST", CURRENT, "If-None-Match", "\"a\""));
        assertEquals(FAILED, evaluate("PUT", CURRENT, "If-None-Match", "*"));
        assertEquals(FAILED, evaluate("get", CURRENT, "If-None-Match", "*"), "methods are case-sensitive");
        assertEquals(NOT_MODIFIED, evaluate("HEAD", CURRENT, "If-Modified-Since", SAME));
        assertEquals(PROCEED, evaluate("POST", CURRENT, "If-Modified-Since", SAME));
    }

    @Test
    void weakTagsAreGoodForIfNoneMatchOnly() {
        assertEquals(NOT_MODIFIED, get("If-None-Match", "W/\"a\""));
        assertEquals(FAILED, get("If-Match", "W/\"a\""));
        Validators weak = new Validators(new EntityTag("a", true), null);
        assertEquals(NOT_MODIFIED, evaluate("GET", weak, "If-None-Match", "\"a\""));
        assertEquals(FAILED, evaluate("GET", weak, "If-Match", "\"a\""));
        assertEquals(FAILED, evaluate("GET", weak, "If-Match", "W/\"a\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "yesterday", "Mon, 06 Nov 1994 08:49:37 GMT", SAME + ", " + SAME})
    void whatIsNoDateIsIgnored(String text) {
        assertEquals(PROCEED, get("If-Modified-Since", text));
        assertEquals(PROCEED, get("If-Unmodified-Since", text));
    }

    @Test
    void aDateThatIsThereTwiceIsIgnored() {
        assertEquals(PROCEED, get("If-Modified-Since", SAME, "If-Modified-Since", SAME));
        assertEquals(PROCEED, get("If-Unmodified-Since", BEFORE, "If-Unmodified-Since", BEFORE));
    }

    @Test
    void obsoleteDatesAreDates() {
        assertEquals(NOT_MODIFIED, get("If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT"));
        assertEquals(NOT_MODIFIED, get("If-Modified-Since", "Sun Nov  6 08:49:37 1994"));
    }

    @Test
    void datesMeanNothingWithoutAModificationDate() {
        Validators undated = new Validators(EntityTag.strong("a"), null);
        assertEquals(PROCEED, evaluate("GET", undated, "If-Modified-Since", SAME));
        assertEquals(PROCEED, evaluate("GET", undated, "If-Unmodified-Since", BEFORE));
    }

    @Test
    void whatIsNotThereMatchesNothing() {
        assertEquals(FAILED, evaluate("PUT", null, "If-Match", "*"));
        assertEquals(FAILED, evaluate("PUT", null, "If-Match", "\"a\""));
        assertEquals(PROCEED, evaluate("PUT", null, "If-None-Match", "*"));
        assertEquals(PROCEED, evaluate("GET", null, "If-None-Match", "\"a\""));
        assertEquals(PROCEED, evaluate("GET", null, "If-Modified-Since", SAME));
        assertEquals(PROCEED, evaluate("PUT", null, "If-Unmodified-Since", SAME));
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "TRACE", "CONNECT"})
    void methodsWithoutARepresentationHaveNoConditions(String method) {
        assertEquals(PROCEED, evaluate(method, CURRENT, "If-Match", "\"b\"", "If-None-Match", "*"));
    }

    @Test
    void aRequestWithoutConditionsCostsNoMemory() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Headers headers = Headers.of("Host", "a", "Accept", "*/*", "User-Agent", "test", "Accept-Encoding", "gzip");
        long before = 0;
        for (int i = 0; i < 2_000; i++) {
            if (i == 1_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            Conditions.evaluate("GET", headers, CURRENT, UNASKED);
            Ranges.of("GET", headers, CURRENT, 10, UNASKED);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 1_000, allocated + " bytes for 1 000 requests");
    }
}
