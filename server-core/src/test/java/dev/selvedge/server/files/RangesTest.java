package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvedge.server.Headers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangesTest {

    private static final String HUGE = "9".repeat(40);
    private static final Instant MODIFIED = Instant.parse("1994-11-06T08:49:37.9Z");
    private static final String LAST_MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final Validators CURRENT = new Validators(EntityTag.strong("a"), MODIFIED);
    private static final InstantSource NOW = InstantSource.fixed(Instant.parse("2026-11-22T09:00:00Z"));

    /** Writes a selection as {@code 200}, {@code 416} or {@code 206 0-4 9-9}. */
    static String text(Selection selection) {
        return switch (selection) {
            case Selection.Whole whole -> "200";
            case Selection.Unsatisfiable nothing -> "416";
            case Selection.One(ByteRange range) -> "206 " + text(range);
            case Selection.Several(var ranges) ->
                "206 " + ranges.stream().map(RangesTest::text).collect(Collectors.joining(" "));
        };
    }

    private static String text(ByteRange range) {
        return range.first() + "-" + range.last();
    }

    private static String select(String range, long length) {
        return text(Ranges.of("GET", Headers.of("Range", range), CURRENT, length, NOW));
    }

    private static String selectIf(String ifRange, InstantSource clock) {
        return text(Ranges.of("GET", Headers.of("Range", "bytes=0-4", "If-Range", ifRange), CURRENT, 10, clock));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "bytes=0-4           | 206 0-4",
        "bytes=0-            | 206 0-9",
        "bytes=0-9           | 206 0-9",
        "bytes=0-10          | 206 0-9",
        "bytes=9-            | 206 9-9",
        "bytes=9-9           | 206 9-9",
        "bytes=9-10          | 206 9-9",
        "bytes=8-0000000000000000000000009 | 206 8-9",
        "bytes=10-           | 416",
        "bytes=10-10         | 416",
        "bytes=11-           | 416",
        "bytes=10-20,30-     | 416",
        "bytes=-1            | 206 9-9",
        "bytes=-9            | 206 1-9",
        "bytes=-10           | 206 0-9",
        "bytes=-11           | 206 0-9",
        "bytes=-0            | 416",
        "bytes=-000          | 416",
        "bytes=-0,-0         | 416",
        "bytes=0-0,-1        | 206 0-0 9-9",
        "bytes=0-0,-0        | 206 0-0",
        "bytes=0-0,10-       | 206 0-0",
        "bytes=10-,0-0       | 206 0-0",
        "bytes=007-008       | 206 7-8",
        "BYTES=0-4           | 206 0-4",
        "ByTeS=0-4           | 206 0-4"})
    void aRangeIsPartOfTheWhole(String range, String expected) {
        assertEquals(expected, select(range, 10));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "bytes=0-1,3-4       | 206 0-1 3-4",
        "bytes=3-4,0-1       | 206 3-4 0-1",
        "bytes=0-1,2-3       | 206 0-1 2-3",
        "bytes=2-3,0-1       | 206 2-3 0-1",
        "bytes=0-4,4-5       | 206 0-5",
        "bytes=4-5,0-4       | 206 0-5",
        "bytes=0-4,0-4       | 206 0-4",
        "bytes=0-9,2-3       | 206 0-9",
        "bytes=2-3,0-9       | 206 0-9",
        "bytes=0-0,4-6,8-8,5-7      | 206 0-0 4-7 8-8",
        "bytes=8-9,0-1,3-4,1-3      | 206 8-9 0-4",
        "bytes=0-1,8-9,3-4,1-3      | 206 0-4 8-9",
        "bytes=5-,-3,0-1     | 206 5-9 0-1",
        "bytes=-3,-5,-1      | 206 5-9",
        "bytes=0-,0-,0-,0-   | 206 0-9"})
    void rangesThatOverlapAreSentOnce(String range, String expected) {
        assertEquals(expected, select(range, 10));
    }

    /** RFC 9110 §14.1.2 has its own example with a space behind the equals sign. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "bytes= 0-999, 4500-5499, -1000|206 0-999 4500-5499 9000-9999",
        "bytes=,0-1|206 0-1",
        "bytes=0-1,|206 0-1",
        "bytes=, ,\t0-1 ,,3-4\t,|206 0-1 3-4",
        "bytes=500-600,601-999|206 500-600 601-999",
        "bytes=500-700,601-999|206 500-999"})
    void listsMayHaveWhiteSpaceAndEmptyElements(String range, String expected) {
        assertEquals(expected, select(range, 10_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bytes", "bytes=", "bytes=,", "bytes=, ,", "bytes=-", "bytes=--1", "bytes=1",
        "bytes=a-b", "bytes=0-a", "bytes=a-1", "bytes=5-2", "bytes=0-1,5-2", "bytes=5-2,0-1", "bytes=0-1,x",
        "bytes=0-1,-", "bytes=0-1;2-3", "bytes=0-1 2-3", "bytes=0 -1", "bytes=0- 1", "bytes=- 1", "bytes =0-1",
        "bytes:0-1", "bytes0-1", "bytes==0-1", "bytes=0--1", "bytes=0-1-2", "bytes=+0-1", "bytes=0-+1",
        "bytes=0x0-0x1", "bytes=0.0-1", "bytes=1e0-2", "bytes=0-1,bytes=3-4", "bytes=\"0-1\"", "bytes=*",
        "bytes=\u00b2-\u00b3", "octets=0-1", "items=0-1", "none", "none=", "byte=0-1", "bytesx=0-1", "0-1", "=0-1",
        "bytes=10-9", "bytes=20-10", "bytes=0-0,20-10"})
    void whatIsMalformedOrOfAnotherUnitIsIgnored(String range) {
        assertEquals("200", select(range, 10));
    }

    @Test
    void numbersMayBeOfAnySize() {
        assertEquals("206 5-9", select("bytes=5-" + HUGE, 10));
        assertEquals("206 0-9", select("bytes=-" + HUGE, 10));
        assertEquals("416", select("bytes=" + HUGE + "-", 10));
        assertEquals("416", select("bytes=" + HUGE + "0-" + HUGE + "1", 10));
        assertEquals("206 0-0", select("bytes=0-0," + HUGE + "-" + HUGE, 10));
        assertEquals("206 1-2", select("bytes=" + "0".repeat(50) + "1-" + "0".repeat(60) + "2", 10));
        assertEquals("206 0-9", select("bytes=0-9223372036854775807", 10));
        assertEquals("206 0-9", select("bytes=0-9223372036854775808", 10));
        assertEquals("206 0-9", select("bytes=0-18446744073709551616", 10));
        assertEquals("206 0-9", select("bytes=-18446744073709551617", 10));
        assertEquals("416", select("bytes=18446744073709551616-", 10));
        assertEquals("200", select("bytes=" + HUGE + "1-" + HUGE + "0", 10), "last before first");
        assertEquals("200", select("bytes=0-0," + HUGE + "-5", 10));
    }

    @Test
    void filesMayBeLargerThanFourGibibytes() {
        long length = (5L << 30) + 7;
        assertEquals("206 4294967295-4294967296", select("bytes=4294967295-4294967296", length));
        assertEquals("206 5368709126-5368709126", select("bytes=-1", length));
        assertEquals("206 2147483648-5368709126", select("bytes=2147483648-", length));
        assertEquals("206 0-9223372036854775806", select("bytes=0-", Long.MAX_VALUE));
        assertEquals("206 9223372036854775806-9223372036854775806", select("bytes=-1", Long.MAX_VALUE));
        assertEquals("416", select("bytes=9223372036854775807-", Long.MAX_VALUE));
    }

    /** RFC 9110 §14.2: whoever adds a Range to all requests still gets the empty file. */
    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-", "bytes=0-0", "bytes=-1", "bytes=-0", "bytes=5-", "bytes=0-0,-1", "x"})
    void rangesOfAnEmptyFileAreIgnored(String range) {
        assertEquals("200", select(range, 0));
    }

    @Test
    void tooManyRangesAreIgnored() {
        String sixteen = IntStream.range(0, Ranges.SPECS_MAX).mapToObj(i -> 2 * i + "-" + 2 * i)
                .collect(Collectors.joining(","));
        assertEquals("206 " + sixteen.replace(',', ' '), select("bytes=" + sixteen, 100));
        assertEquals("200", select("bytes=" + sixteen + ",32-32", 100));
        assertEquals("200", select("bytes=" + "0-,".repeat(1_300), 100));
        assertEquals("200", select("bytes=" + "500-,".repeat(1_300), 100));
        assertEquals("206 0-0", select("bytes=" + ",".repeat(1_300) + "0-0", 100));
    }

    @Test
    void severalRangeLinesAreIgnored() {
        Headers headers = Headers.of("Range", "bytes=0-1", "range", "bytes=0-1");
        assertEquals("200", text(Ranges.of("GET", headers, CURRENT, 10, NOW)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "POST", "PUT", "get", "DELETE", "OPTIONS", "X"})
    void onlyGetHasRanges(String method) {
        assertEquals("200", text(Ranges.of(method, Headers.of("Range", "bytes=0-1"), CURRENT, 10, NOW)));
    }

    @Test
    void withoutRangeThereIsTheWhole() {
        assertSame(Selection.WHOLE, Ranges.of("GET", Headers.of("If-Range", "\"a\""), CURRENT, 10, NOW));
    }

    @Test
    void ifRangeComparesStrongly() {
        assertEquals("206 0-4", selectIf("\"a\"", NOW));
        assertEquals("200", selectIf("W/\"a\"", NOW));
        assertEquals("200", selectIf("\"b\"", NOW));
        Headers headers = Headers.of("Range", "bytes=0-4", "If-Range", "W/\"a\"");
        Validators weak = new Validators(new EntityTag("a", true), null);
        assertEquals("200", text(Ranges.of("GET", headers, weak, 10, NOW)));
        headers = Headers.of("Range", "bytes=0-4", "If-Range", "\"a\"");
        assertEquals("200", text(Ranges.of("GET", headers, weak, 10, NOW)));
        assertEquals("200", text(Ranges.of("GET", headers, new Validators(null, MODIFIED), 10, NOW)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "a", "\"a", "\"a\", \"b\"", "\"a\",", "w/\"a\"", "\"a\"x", "0",
        LAST_MODIFIED + "x", "Mon, 06 Nov 1994 08:49:37 GMT", "\"" + LAST_MODIFIED + "\""})
    void aMalformedIfRangeIsNothingThatThereIs(String ifRange) {
        assertEquals("200", selectIf(ifRange, NOW));
    }

    @Test
    void ifRangeTakesExactlyTheDateThatThereIs() {
        assertEquals("206 0-4", selectIf(LAST_MODIFIED, NOW));
        assertEquals("206 0-4", selectIf("Sunday, 06-Nov-94 08:49:37 GMT", NOW));
        assertEquals("206 0-4", selectIf("Sun Nov  6 08:49:37 1994", NOW));
        assertEquals("200", selectIf("Sun, 06 Nov 1994 08:49:36 GMT", NOW));
        assertEquals("200", selectIf("Sun, 06 Nov 1994 08:49:38 GMT", NOW), "later is not the same");
        Headers headers = Headers.of("Range", "bytes=0-4", "If-Range", LAST_MODIFIED);
        assertEquals("200", text(Ranges.of("GET", headers, new Validators(EntityTag.strong("a"), null), 10, NOW)));
    }

    /** RFC 9110 §8.8.2.2: within the second of a modification there may be another one. */
    @Test
    void ifRangeTakesADateWhenItsSecondIsOver() {
        assertEquals("200", selectIf(LAST_MODIFIED, InstantSource.fixed(MODIFIED)));
        assertEquals("200", selectIf(LAST_MODIFIED, InstantSource.fixed(Instant.parse("1994-11-06T08:49:37.999Z"))));
        assertEquals("206 0-4", selectIf(LAST_MODIFIED, InstantSource.fixed(Instant.parse("1994-11-06T08:49:38Z"))));
        assertEquals("200", selectIf("Sun, 06 Nov 1994 08:49:30 GMT",
                InstantSource.fixed(Instant.parse("1994-11-06T08:49:30Z"))), "modified in the future");
    }

    @Test
    void ifRangeThatIsThereTwiceIsNothingThatThereIs() {
        Headers headers = Headers.of("Range", "bytes=0-4", "If-Range", "\"a\"", "If-Range", "\"a\"");
        assertEquals("200", text(Ranges.of("GET", headers, CURRENT, 10, NOW)));
    }

    @Test
    void whatCantBeSatisfiedStaysSoWithIfRange() {
        Headers headers = Headers.of("Range", "bytes=10-", "If-Range", "\"a\"");
        assertEquals("416", text(Ranges.of("GET", headers, CURRENT, 10, NOW)));
        headers = Headers.of("Range", "bytes=10-", "If-Range", "\"b\"");
        assertEquals("200", text(Ranges.of("GET", headers, CURRENT, 10, NOW)), "it was cut in the meantime");
    }

    @Test
    void contentRangeSaysWhatOfHowMuch() {
        assertEquals("bytes 42-1233/1234", ByteRange.between(42, 1233).contentRange(1234));
        assertEquals("bytes 0-0/1", new ByteRange(0, 1).contentRange(1));
        assertEquals("bytes */1234", Selection.Unsatisfiable.contentRange(1234));
    }

    @Test
    void aRangeHasOctets() {
        assertThrows(IllegalArgumentException.class, () -> new ByteRange(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new ByteRange(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> new ByteRange(Long.MAX_VALUE, 2));
    }
}
