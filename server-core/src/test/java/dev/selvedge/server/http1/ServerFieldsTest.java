package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerFieldsTest {

    /** The example of RFC 9110 §5.6.7. */
    private static final long SUNDAY = 784_111_777L;

    private static String lines(ServerFields fields, FieldSection answer) {
        return new String(fields.octets(answer), ISO_8859_1);
    }

    private static FieldSection section(String... names) {
        FieldSection.Builder builder = FieldSection.builder();
        for (String name : names) {
            builder.add(name, "x");
        }
        return builder.build();
    }

    @Test
    void rule84_theDateIsAnImfFixdate() {
        assertEquals("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
                lines(new ServerFields("", SUNDAY), FieldSection.EMPTY));
        assertEquals(SUNDAY, new ServerFields("", SUNDAY).epochSecond());
    }

    @ParameterizedTest
    @CsvSource({"0,'Thu, 01 Jan 1970 00:00:00 GMT'", "951782399,'Mon, 28 Feb 2000 23:59:59 GMT'",
        "951782400,'Tue, 29 Feb 2000 00:00:00 GMT'", "4102444799,'Thu, 31 Dec 2099 23:59:59 GMT'"})
    void rule84_theDateIsRight(long second, String date) {
        assertEquals("Date: " + date + "\r\n", lines(new ServerFields("", second), FieldSection.EMPTY));
    }

    @Test
    void theServerStandsBeforeTheDate() {
        assertEquals("Server: selvedge\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
                lines(new ServerFields("selvedge", SUNDAY), FieldSection.EMPTY));
    }

    @Test
    void rule85_whatTheAnswerHasByItselfIsNotAdded() {
        var fields = new ServerFields("selvedge", SUNDAY);

        assertEquals("Server: selvedge\r\n", lines(fields, section("DATE")));
        assertEquals("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", lines(fields, section("server")));
        assertEquals("", lines(fields, section("Server", "x", "Date")));
        assertEquals("", lines(new ServerFields("", SUNDAY), section("date")));
    }
}
