package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusLineTest {

    private static String line(int status) {
        return new String(StatusLine.octets(status), ISO_8859_1);
    }

    /** RFC 9110 §15, RFC 6585 and others of the registry. */
    @ParameterizedTest
    @CsvSource({"100,Continue", "200,OK", "201,Created", "204,No Content", "205,Reset Content", "206,Partial Content",
        "301,Moved Permanently", "302,Found", "303,See Other", "304,Not Modified", "307,Temporary Redirect",
        "308,Permanent Redirect", "400,Bad Request", "404,Not Found", "405,Method Not Allowed",
        "408,Request Timeout", "413,Content Too Large", "414,URI Too Long", "417,Expectation Failed",
        "418,''", "421,Misdirected Request", "422,Unprocessable Content", "431,Request Header Fields Too Large",
        "500,Internal Server Error", "501,Not Implemented", "503,Service Unavailable",
        "505,HTTP Version Not Supported", "599,''"})
    void rule81_theLineHasTheRegisteredPhrase(int status, String phrase) {
        assertEquals("HTTP/1.1 " + status + " " + phrase + "\r\n", line(status));
        assertEquals(phrase, StatusLine.reason(status));
    }

    @Test
    void rule81_everyStatusHasALineWithBothSpaces() {
        for (int status = 100; status <= 599; status++) {
            assertTrue(line(status).matches("HTTP/1\\.1 " + status + " [A-Za-z -]*\r\n"), line(status));
        }
    }

    @Test
    void linesAreMadeOnce() {
        assertSame(StatusLine.octets(200), StatusLine.octets(200));
    }
}
