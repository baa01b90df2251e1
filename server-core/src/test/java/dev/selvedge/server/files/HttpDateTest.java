package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {

    private static final InstantSource NOW = InstantSource.fixed(Instant.parse("2026-11-22T09:00:00Z"));

    /** The examples of RFC 9110 §5.6.7. */
    @ParameterizedTest
    @ValueSource(strings = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "Sun Nov 06 08:49:37 1994"})
    void allThreeFormatsAreRead(String text) {
        assertEquals(784_111_777, HttpDate.parse(text, NOW));
    }

    @Test
    void oneFormatIsWritten() {
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", HttpDate.format(784_111_777));
        assertEquals("Thu, 01 Jan 1970 00:00:00 GMT", HttpDate.format(0));
        assertEquals("Wed, 31 Dec 1969 23:59:59 GMT", HttpDate.format(-1));
        assertEquals("Fri, 31 Dec 9999 23:59:59 GMT", HttpDate.format(HttpDate.MAX));
        assertEquals("Sat, 01 Jan 0000 00:00:00 GMT", HttpDate.format(HttpDate.MIN));
        assertThrows(IllegalArgumentException.class, () -> HttpDate.format(HttpDate.MAX + 1));
        assertThrows(IllegalArgumentException.class, () -> HttpDate.format(HttpDate.MIN - 1));
    }

    @Test
    void everySecondIsWrittenAsTheLibraryDoesAndReadBack() {
        DateTimeFormatter fixdate = DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH);
        DateTimeFormatter asctime = DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH);
        DateTimeFormatter rfc850 = DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ENGLISH);
        long fiftyYearsAgo = NOW.instant().atZone(ZoneOffset.UTC).minusYears(50).toEpochSecond();
        long inFiftyYears = NOW.instant().atZone(ZoneOffset.UTC).plusYears(50).toEpochSecond();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long second = random.nextLong(HttpDate.MIN, HttpDate.MAX + 1);
            ZonedDateTime time = Instant.ofEpochSecond(second).atZone(ZoneOffset.UTC);
            String text = HttpDate.format(second);
            assertEquals(fixdate.format(time), text, "seed " + seed);
            assertEquals(second, HttpDate.parse(text, NOW), text);
            assertEquals(second, HttpDate.parse(asctime.format(time), NOW), text);
            long near = random.nextLong(fiftyYearsAgo + 1, inFiftyYears + 1);
            String obsolete = rfc850.format(Instant.ofEpochSecond(near).atZone(ZoneOffset.UTC));
            assertEquals(near, HttpDate.parse(obsolete, NOW), obsolete);
        }
    }

    /** More than 50 years in the future means the century before. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Sunday, 22-Nov-76 09:00:00 GMT | 2026-11-22T09:00:00Z | 2076-11-22T09:00:00Z",
        "Monday, 22-Nov-76 09:00:01 GMT | 2026-11-22T09:00:00Z | 1976-11-22T09:00:01Z",
        "Thursday, 01-Jan-26 00:00:00 GMT | 2026-11-22T09:00:00Z | 2026-01-01T00:00:00Z",
        "Saturday, 01-Jan-00 00:00:00 GMT | 2026-11-22T09:00:00Z | 2000-01-01T00:00:00Z",
        "Friday, 31-Dec-99 23:59:59 GMT | 2026-11-22T09:00:00Z | 1999-12-31T23:59:59Z",
        "Friday, 31-Dec-99 23:59:59 GMT | 1999-12-31T23:59:59Z | 1999-12-31T23:59:59Z",
        "Tuesday, 29-Feb-00 00:00:00 GMT | 2026-11-22T09:00:00Z | 2000-02-29T00:00:00Z"})
    void twoDigitsForAYearMeanTheLikelyCentury(String text, Instant now, Instant expected) {
        assertEquals(expected, Instant.ofEpochSecond(HttpDate.parse(text, InstantSource.fixed(now))));
    }

    @Test
    void aLeapSecondIsTheFirstOfTheNextDay() {
        assertEquals(1_483_228_800, HttpDate.parse("Sat, 31 Dec 2016 23:59:60 GMT", NOW));
        assertEquals("Sun, 01 Jan 2017 00:00:00 GMT", HttpDate.format(1_483_228_800));
        assertEquals(HttpDate.NONE, HttpDate.parse("Sat, 31 Dec 2016 12:59:60 GMT", NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "784111777", "now", "Sun", "*", "\"Sun, 06 Nov 1994 08:49:37 GMT\"",
        "Mon, 06 Nov 1994 08:49:37 GMT", "sun, 06 Nov 1994 08:49:37 GMT", "SUN, 06 NOV 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 gmt", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37  GMT",
        "Sun,  06 Nov 1994 08:49:37 GMT", "Sun,06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06-Nov-1994 08:49:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 08:49 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Thu, 31 Nov 1994 08:49:37 GMT",
        "Wed, 29 Feb 1995 08:49:37 GMT", "Sun, 06 Xyz 1994 08:49:37 GMT", "Sun, 06 aNo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT; length=1",
        "Sun, 06 Nov 1994 08:49:37.5 GMT", "Sun, 06 Nov -994 08:49:37 GMT", "Sun, 06 Nov 1994 -8:49:37 GMT",
        "Sunday, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT",
        "Sundays, 06-Nov-94 08:49:37 GMT", "Monday, 06-Nov-94 08:49:37 GMT", "Thursday, 01-Jan-70 00:00:00 GMT",
        "Sunday,06-Nov-94 08:49:37 GMT", "Sunday, 31-Nov-94 08:49:37 GMT", ", 06-Nov-94 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994", "Mon Nov  6 08:49:37 1994", "Sun Nov  6 08:49:37 94", "Sun Nov  6 08:49:37 1994 GMT",
        "Sun, Nov  6 08:49:37 1994", "Sun Nov 31 08:49:37 1994", "Sun Nov  0 08:49:37 1994", "Sun Nov    08:49:37 1994",
        "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GM\u00b4", "Sun, \u00b26 Nov 1994 08:49:37 GMT"})
    void anythingElseIsNoDate(String text) {
        assertEquals(HttpDate.NONE, HttpDate.parse(text, NOW));
    }
}
