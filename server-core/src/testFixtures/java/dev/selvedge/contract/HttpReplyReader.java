package dev.selvedge.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.selvedge.contract.HttpReply.Field;
import dev.selvedge.contract.HttpReply.Framing;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads responses off a stream, octet by octet and no octet too many, and fails if one of them breaks a rule that holds
 * for every response: rules 81 to 86 of the conformance rules, and 64 in part.
 */
public final class HttpReplyReader {

    /** The stream ended within a response. */
    public static final class CutException extends EOFException {
        private static final long serialVersionUID = 1L;

        CutException(String where) {
            super("the stream ended " + where);
        }
    }

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 ([1-5][0-9][0-9]) ([\\t\\x20-\\x7E]*)");
    private static final Pattern FIELD_LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\\t ]*"
                    + "((?:[!-~\\x80-\\xFF](?:[\\t -~\\x80-\\xFF]*[!-~\\x80-\\xFF])?)?)[\\t ]*");
    private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9A-Fa-f]{1,8}");
    private static final Set<String> SINGLETONS =
            Set.of("date", "server", "content-type", "content-length", "transfer-encoding", "connection", "location");
    private static final int LINE_MAX = 70_000;

    private final InputStream in;
    private String lastDate;

    /** Makes a reader. */
    public HttpReplyReader(InputStream in) {
        this.in = in;
    }

    /** Returns what the content is read from, behind a {@linkplain #readHead head}. */
    public InputStream stream() {
        return in;
    }

    /** Reads one response, a 1xx too; null if the stream has ended before it. */
    public HttpReply readAny(String method) throws IOException {
        HttpReply head = readHead(method);
        return head == null ? null : readContent(head);
    }

    /** Reads one final response; fails if the stream has ended or a 1xx comes. */
    public HttpReply read(String method) throws IOException {
        HttpReply reply = readAny(method);
        if (reply == null) {
            throw new CutException("where a response was expected");
        }
        require(!reply.interim(), "a final response was expected, not ", reply);
        return reply;
    }

    /** Returns whether the stream ends here. */
    public boolean ended() throws IOException {
        int octet = in.read();
        require(octet < 0, "nothing was expected, but there is: " + (char) octet);
        return true;
    }

    /** Reads one head; null if the stream has ended before it. The reply that is returned has no content yet. */
    public HttpReply readHead(String method) throws IOException {
        String statusLine = readLine(true);
        if (statusLine == null) {
            return null;
        }
        var parts = STATUS_LINE.matcher(statusLine);
        require(parts.matches(), "rule 81, no status line: ", statusLine);
        int status = Integer.parseInt(parts.group(1));
        List<Field> fields = readFields();
        HttpReply head = new HttpReply(status, parts.group(2), fields, null, new byte[0], List.of());
        Framing framing = framing(head, method);
        HttpReply framed = new HttpReply(status, parts.group(2), fields, framing, new byte[0], List.of());
        check(framed);
        return framed;
    }

    /** Reads the content behind a head. */
    public HttpReply readContent(HttpReply head) throws IOException {
        List<Field> trailers = new ArrayList<>();
        byte[] content = switch (head.framing()) {
            case NO_CONTENT -> new byte[0];
            case LENGTH -> readExactly(contentLength(head), "within content of a known length");
            case CHUNKED -> readChunks(trailers);
            case END_OF_CONNECTION -> in.readAllBytes();
        };
        return new HttpReply(head.status(), head.reason(), head.fields(), head.framing(), content, trailers);
    }

    // ---- rules

    private static Framing framing(HttpReply head, String method) {
        int status = head.status();
        if (status < 200 || status == 204 || status == 304 || method.equals("HEAD")) {
            return Framing.NO_CONTENT;
        }
        return head.first("Transfer-Encoding") != null ? Framing.CHUNKED
                : head.first("Content-Length") != null ? Framing.LENGTH : Framing.END_OF_CONNECTION;
    }

    private void check(HttpReply head) {
        Set<String> seen = new HashSet<>();
        for (Field field : head.fields()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            require(!SINGLETONS.contains(name) || seen.add(name), "rule 85, this appears twice: ", field);
        }
        String length = head.first("Content-Length");
        String coding = head.first("Transfer-Encoding");
        int status = head.status();
        require(length == null || coding == null, "rule 82, length and coding together: ", head);
        require(length == null || length.matches("0|[1-9][0-9]{0,17}"), "rule 82, no length: ", head);
        require(coding == null || coding.equals("chunked"), "rule 82, unknown coding: ", head);
        require(coding == null || status >= 200 && status != 204, "rule 83, coding without content: ", head);
        require(length == null || status >= 200 && status != 204, "rule 83, length without content: ", head);
        require(status != 205 || coding == null && "0".equals(length), "rule 83, content in 205: ", head);
        require(status < 200 || status > 499 || head.first("Date") != null, "rule 84, no Date: ", head);
        String date = head.first("Date");
        if (date != null && !date.equals(lastDate)) {
            date(head);
            lastDate = date;
        }
        require(head.framing() != Framing.END_OF_CONNECTION || head.closes(),
                "rule 64, the connection delimits, but no close: ", head);
        boolean known = status == 304 || status == 206;     // who has a part by If-Range need not be told again
        require(length == null || length.equals("0") || head.first("Content-Type") != null || known,
                "rule 86, content without a type: ", head);
    }

    /** Returns the Date of a response; fails if it is no IMF-fixdate (RFC 9110 §5.6.7). */
    public static ZonedDateTime date(HttpReply reply) {
        String date = reply.first("Date");
        require(date.matches("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"), "rule 84: " + date);
        try {
            return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME);
        } catch (DateTimeParseException e) {
            throw new AssertionError("rule 84: " + date, e);
        }
    }

    private static long contentLength(HttpReply head) {
        return Long.parseLong(head.first("Content-Length"));
    }

    private static void require(boolean condition, String otherwise) {
        require(condition, otherwise, "");
    }

    /** Only builds the message if it is needed: there are many conditions for each response. */
    private static void require(boolean condition, String otherwise, Object detail) {
        if (!condition) {
            throw new AssertionError(otherwise + detail);
        }
    }

    // ---- octets

    private List<Field> readFields() throws IOException {
        List<Field> fields = new ArrayList<>();
        for (String line = readLine(false); !line.isEmpty(); line = readLine(false)) {
            var parts = FIELD_LINE.matcher(line);
            require(parts.matches(), "rule 81, no field line: ", line);
            fields.add(new Field(parts.group(1), parts.group(2)));
        }
        return List.copyOf(fields);
    }

    private byte[] readChunks(List<Field> trailers) throws IOException {
        var content = new ByteArrayOutputStream();
        for (int size = readChunkSize(); size > 0; size = readChunkSize()) {
            content.writeBytes(readExactly(size, "within a chunk"));
            require(readLine(false).isEmpty(), "a chunk is longer than its size");
        }
        trailers.addAll(readFields());
        return content.toByteArray();
    }

    private int readChunkSize() throws IOException {
        String line = readLine(false);
        require(CHUNK_SIZE.matcher(line).matches(), "no chunk size: ", line);
        return Integer.parseInt(line, 16);
    }

    private byte[] readExactly(long length, String where) throws IOException {
        byte[] octets = in.readNBytes(Math.toIntExact(length));
        if (octets.length < length) {
            throw new CutException(where + ", after " + octets.length + " of " + length + " octets");
        }
        return octets;
    }

    /** Reads a line and takes its CRLF off; null only at the end of the stream, and only if that is allowed. */
    private String readLine(boolean mayEnd) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\r'; octet = in.read()) {
            if (octet < 0 && mayEnd && line.size() == 0) {
                return null;
            }
            if (octet < 0) {
                throw new CutException("within a line: " + line.toString(ISO_8859_1));
            }
            require(octet != '\n', "rule 81, a bare LF behind ", line);
            require(line.size() < LINE_MAX, "a line without end");
            line.write(octet);
        }
        int feed = in.read();
        if (feed < 0) {
            throw new CutException("within a line end");
        }
        require(feed == '\n', "rule 81, a bare CR behind ", line);
        return line.toString(ISO_8859_1);
    }
}
