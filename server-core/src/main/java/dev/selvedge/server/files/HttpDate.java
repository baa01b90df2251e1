package dev.selvedge.server.files;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Times in fields, in seconds since 1970: the one format that is written and the three that are read (RFC 9110
 * §5.6.7).
 *
 * <p>They are read as the grammar has them, in their case and with their spaces. The day of the week must be that of
 * the date, as for a date in a mail (RFC 5322 §3.3): a date that contradicts itself says nothing, and an obsolete one
 * with two digits for its year would else be taken for one in another century.
 */
final class HttpDate {

    /** What is not a date, or a representation that has none. */
    static final long NONE = Long.MIN_VALUE;

    /** The first second of the year 0, and the last of the year 9999: what four digits can say. */
    static final long MIN = -62_167_219_200L;
    static final long MAX = 253_402_300_799L;

    private static final int SECONDS_PER_DAY = 86_400;

    private static final int YEARS_AHEAD_MAX = 50;

    private static final List<String> DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    /** In these, {@code d} is a digit, {@code D} a digit or a space, {@code x} anything; the rest is meant. */
    private static final String IMF_FIXDATE = "xxx, dd xxx dddd dd:dd:dd GMT";
    private static final String ASCTIME = "xxx xxx Dd dd:dd:dd dddd";
    private static final String RFC_850_BEHIND_DAY = ", dd-xxx-dd dd:dd:dd GMT";

    private HttpDate() { }

    /**
     * Reads a field value.
     *
     * @param text the value, without white space around it
     * @param clock is asked for the century if the year has two digits only
     * @return seconds since 1970, or {@link #NONE} if the text is not a date
     */
    static long parse(String text, InstantSource clock) {
        try {
            if (hasForm(text, 0, IMF_FIXDATE)) {
                return time(text, 17, date(text, number(text, 12, 4), month(text, 8), number(text, 5, 2)));
            }
            if (hasForm(text, 0, ASCTIME)) {
                return time(text, 11, date(text, number(text, 20, 4), month(text, 4), number(text, 8, 2)));
            }
            int comma = text.indexOf(',');
            return comma > 0 && hasForm(text, comma, RFC_850_BEHIND_DAY) ? rfc850(text, comma, clock.instant()) : NONE;
        } catch (DateTimeException e) {
            return NONE;   // February 30, say: rare enough to be told this way
        }
    }

    /**
     * Writes an IMF-fixdate.
     *
     * @param epochSecond seconds since 1970
     * @return for example {@code Sun, 06 Nov 1994 08:49:37 GMT}
     * @throws IllegalArgumentException if the year has not four digits
     */
    static String format(long epochSecond) {
        if (epochSecond < MIN || epochSecond > MAX) {
            throw new IllegalArgumentException(epochSecond + " s since 1970 is not in the years 0 to 9999");
        }
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(epochSecond, SECONDS_PER_DAY));
        int second = Math.floorMod(epochSecond, SECONDS_PER_DAY);
        StringBuilder text = new StringBuilder(IMF_FIXDATE.length());
        text.append(nameOfDay(date), 0, 3).append(", ");
        digits(text, date.getDayOfMonth()).append(' ');
        text.append(MONTHS, 3 * date.getMonthValue() - 3, 3 * date.getMonthValue()).append(' ');
        digits(digits(text, date.getYear() / 100), date.getYear() % 100).append(' ');
        digits(text, second / 3600).append(':');
        digits(text, second / 60 % 60).append(':');
        return digits(text, second % 60).append(" GMT").toString();
    }

    private static StringBuilder digits(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private static long rfc850(String text, int comma, Instant now) {
        OffsetDateTime today = now.atOffset(ZoneOffset.UTC);
        int year = today.getYear() / 100 * 100 + number(text, comma + 9, 2);
        int month = month(text, comma + 5);
        int day = number(text, comma + 2, 2);
        LocalDate date = LocalDate.of(year, month, day);
        long second = time(text, comma + 12, date);
        if (second > today.plusYears(YEARS_AHEAD_MAX).toEpochSecond()) {
            date = LocalDate.of(year - 100, month, day);
            second = time(text, comma + 12, date);
        }
        String name = nameOfDay(date);
        return comma == name.length() && text.startsWith(name) ? second : NONE;
    }

    /** Returns the date, or null if its day has another name than the text's first three letters. */
    private static LocalDate date(String text, int year, int month, int day) {
        LocalDate date = LocalDate.of(year, month, day);
        return text.regionMatches(0, nameOfDay(date), 0, 3) ? date : null;
    }

    private static String nameOfDay(LocalDate date) {
        return DAYS.get(date.getDayOfWeek().ordinal());
    }

    /** Reads {@code hh:mm:ss}; a leap second, which is the last of a day, is the first of the next day. */
    private static long time(String text, int at, LocalDate date) {
        int hour = number(text, at, 2);
        int minute = number(text, at + 3, 2);
        int second = number(text, at + 6, 2);
        boolean leap = hour == 23 && minute == 59 && second == 60;
        boolean valid = hour < 24 && minute < 60 && (second < 60 || leap);
        return valid && date != null ? date.toEpochDay() * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second : NONE;
    }

    /** Returns 1 to 12, or 0 for a month that there is not, which no date has. */
    private static int month(String text, int at) {
        for (int month = 1; month <= 12; month++) {
            if (text.regionMatches(at, MONTHS, 3 * month - 3, 3)) {
                return month;
            }
        }
        return 0;
    }

    private static int number(String text, int at, int digits) {
        int number = 0;
        for (int index = at; index < at + digits; index++) {
            char character = text.charAt(index);
            number = 10 * number + (character == ' ' ? 0 : character - '0');
        }
        return number;
    }

    private static boolean hasForm(String text, int from, String form) {
        if (text.length() - from != form.length()) {
            return false;
        }
        for (int index = 0; index < form.length(); index++) {
            char character = text.charAt(from + index);
            boolean digit = character >= '0' && character <= '9';
            char expected = form.charAt(index);
            boolean fits = switch (expected) {
                case 'd' -> digit;
                case 'D' -> digit || character == ' ';
                case 'x' -> true;
                default -> character == expected;
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
