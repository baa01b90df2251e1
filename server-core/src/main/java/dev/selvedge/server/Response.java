package dev.selvedge.server;

import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Content;
import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.StatusLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A response: a status, header lines and one body. Immutable: each {@code with…} method returns another response, so a
 * constant can be sent any number of times, and costs nothing to be sent.
 *
 * <p>A response has exactly the body that it was made with. How that is framed is the server's business:
 * Content-Length, Transfer-Encoding and Connection are set by the server and refused here; {@code Date} and
 * {@code Server} are set by the server unless the response has them.
 */
public final class Response {

    private static final FieldSection TEXT = ContentTypeField.of(MediaType.TEXT);
    private static final FieldSection HTML = ContentTypeField.of(MediaType.HTML);
    private static final FieldSection JSON = ContentTypeField.of(MediaType.JSON);
    private static final Response EMPTY = new Response(204, FieldSection.EMPTY, Content.NONE);

    private final Answer answer;

    private Response(int status, FieldSection fields, Content content) {
        this.answer = new Answer(status, fields, content);
    }

    // ---- making

    /**
     * Returns {@code 200 OK} with plain text.
     *
     * @param text the body, sent as UTF-8
     * @return the response, of type {@code text/plain; charset=utf-8}
     */
    public static Response text(String text) {
        return new Response(200, TEXT, utf8(text));
    }

    /**
     * Returns {@code 200 OK} with a page.
     *
     * @param html the body, sent as UTF-8
     * @return the response, of type {@code text/html; charset=utf-8}
     */
    public static Response html(String html) {
        return new Response(200, HTML, utf8(html));
    }

    /**
     * Returns {@code 200 OK} with JSON text.
     *
     * @param json the body, sent as UTF-8 and not checked
     * @return the response, of type {@code application/json} (RFC 8259)
     */
    public static Response json(String json) {
        return new Response(200, JSON, utf8(json));
    }

    /**
     * Returns {@code 200 OK} with bytes.
     *
     * @param contentType the media type, such as {@code "image/png"} or {@code "text/css; charset=utf-8"}
     * @param bytes the body; not copied, so it must not be changed any more
     * @return the response
     * @throws IllegalArgumentException if the type can't be a header value
     */
    public static Response bytes(String contentType, byte[] bytes) {
        return new Response(200, ContentTypeField.of(contentType),
                new Content.Octets(Objects.requireNonNull(bytes, "bytes")));
    }

    /**
     * Returns {@code 200 OK} with a whole file. The media type follows from the file name's extension. The size is
     * looked up here. If the file is gone or shorter when it is opened to be sent, the client gets a 500, unless it is
     * sent {@linkplain #whileUnchanged while unchanged}; if it shrinks while it is sent, the connection ends, so that
     * no client takes the part for the whole. Looking it up may block.
     *
     * @param file a regular file of any file system
     * @return the response
     * @throws NoSuchFileException if there is no such file, or it is no regular one
     * @throws IOException if it can't be looked up
     */
    public static Response file(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new NoSuchFileException(file.toString(), null, "not a regular file");
        }
        return file(MediaTypes.standard().of(file.toString()), file, 0, attributes.size());
    }

    /**
     * Returns {@code 200 OK} with a part of a file, without looking at the file.
     *
     * @param contentType the media type
     * @param file a regular file of any file system
     * @param position the offset of the first byte, at least 0
     * @param length the number of bytes, at least 0; if the file has fewer when it is opened, the client gets a 500
     * @return the response
     * @throws IllegalArgumentException if a number is negative, or the type can't be a header value
     */
    public static Response file(String contentType, Path file, long position, long length) {
        Objects.requireNonNull(file, "file");
        if (position < 0 || length < 0 || position + length < 0) {
            throw new IllegalArgumentException("no file has " + length + " bytes at " + position);
        }
        return new Response(200, ContentTypeField.of(contentType), new Content.FileRange(file, position, length));
    }

    /**
     * Returns {@code 200 OK} with a body that is written while it is sent, of a length that nobody knows before. It
     * goes in chunks (RFC 9112 §7.1); to an HTTP/1.0 client it ends with the connection.
     *
     * @param contentType the media type
     * @param writer writes the body
     * @return the response
     * @throws IllegalArgumentException if the type can't be a header value
     */
    public static Response stream(String contentType, BodyWriter writer) {
        return streamed(contentType, Content.UNKNOWN_LENGTH, writer);
    }

    /**
     * Returns {@code 200 OK} with a body that is written while it is sent, of a known length.
     *
     * @param contentType the media type
     * @param length how many bytes the writer will write, at least 0. If it writes fewer the connection ends; more are
     *     an {@link IOException} for the writer
     * @param writer writes the body
     * @return the response
     * @throws IllegalArgumentException if the length is negative, or the type can't be a header value
     */
    public static Response stream(String contentType, long length, BodyWriter writer) {
        if (length < 0) {
            throw new IllegalArgumentException("the length is " + length + "; it must be at least 0");
        }
        return streamed(contentType, length, writer);
    }

    private static Response streamed(String contentType, long length, BodyWriter writer) {
        Objects.requireNonNull(writer, "writer");
        return new Response(200, ContentTypeField.of(contentType), new Content.Streamed(length, writer::writeTo));
    }

    /**
     * Returns {@code 204 No Content}.
     *
     * @return the response, without a body
     */
    public static Response empty() {
        return EMPTY;
    }

    /**
     * Returns a response with a status and an empty body.
     *
     * @param status from 200 to 599
     * @return the response
     * @throws IllegalArgumentException if the status is out of range
     */
    public static Response status(int status) {
        return new Response(requireStatus(status), FieldSection.EMPTY, Content.NONE);
    }

    /**
     * Returns an error response whose text says what the status means, such as {@code 404 Not Found}.
     *
     * @param status from 400 to 599
     * @return the response, of type {@code text/plain; charset=utf-8}
     * @throws IllegalArgumentException if the status is no error
     */
    public static Response error(int status) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException(status + " is no status of an error; those are from 400 to 599");
        }
        return new Response(status, TEXT, utf8((status + " " + StatusLine.reason(status)).strip() + "\n"));
    }

    /**
     * Returns {@code 404 Not Found} with that text.
     *
     * @return the response
     */
    public static Response notFound() {
        return error(404);
    }

    /**
     * Returns {@code 201 Created} with an empty body (RFC 9110 §15.3.2).
     *
     * @param location the URI of what was created, absolute or relative; as for {@link #redirect(String)}
     * @return the response
     * @throws IllegalArgumentException as for {@link #redirect(String)}
     */
    public static Response created(String location) {
        return located(201, location);
    }

    /**
     * Returns {@code 302 Found}: the client looks for it elsewhere this time (RFC 9110 §15.4.3).
     *
     * @param location an absolute or relative URI. Characters that no URI may have (spaces, letters beyond ASCII) are
     *     percent-encoded as UTF-8; what is percent-encoded already stays so
     * @return the response
     * @throws IllegalArgumentException if the location is empty or has a control character, such as CR or LF
     */
    public static Response redirect(String location) {
        return located(302, location);
    }

    /**
     * Returns {@code 308 Permanent Redirect}: the client, and whoever keeps the address, goes elsewhere from now on,
     * with the same method (RFC 9110 §15.4.9).
     *
     * @param location as for {@link #redirect(String)}
     * @return the response
     * @throws IllegalArgumentException as for {@link #redirect(String)}
     */
    public static Response permanentRedirect(String location) {
        return located(308, location);
    }

    /**
     * Returns a redirection of a chosen kind (RFC 9110 §15.4).
     *
     * @param status 301, 302, 303 (see the result of a POST elsewhere, with GET), 307 or 308
     * @param location as for {@link #redirect(String)}
     * @return the response
     * @throws IllegalArgumentException if the status is another one, or as for {@link #redirect(String)}
     */
    public static Response redirect(int status, String location) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> located(status, location);
            default -> throw new IllegalArgumentException(
                    "a redirection has the status 301, 302, 303, 307 or 308, not " + status);
        };
    }

    private static Response located(int status, String location) {
        return new Response(status, FieldSection.of("Location", PercentCoding.encodeUri(location)), Content.NONE);
    }

    // ---- changing

    /**
     * Returns this response with another status.
     *
     * @param status from 200 to 599
     * @return the new response
     * @throws IllegalArgumentException if the status is out of range
     * @throws IllegalStateException if the status is 204, 205 or 304, which have no content (RFC 9110 §15), and this
     *     response has a body: use {@link #withoutBody()} first
     */
    public Response withStatus(int status) {
        requireStatus(status);
        boolean bodiless = status == 204 || status == 205 || status == 304;
        if (bodiless && answer.content().length() != 0) {
            throw new IllegalStateException("a response with status " + status + " has no content, but this one has a"
                    + " body; start with Response.status(" + status + "), or call withoutBody() first");
        }
        return new Response(status, answer.fields(), content(other -> other.withStatus(status)));
    }

    /**
     * Returns this response with an empty body and without Content-Type.
     *
     * @return the new response
     */
    public Response withoutBody() {
        FieldSection fields = FieldSection.builder().addAll(answer.fields()).remove("Content-Type").build();
        return new Response(answer.status(), fields, Content.NONE);
    }

    /**
     * Returns this response with one line of that name: all others with it are replaced.
     *
     * @param name a header name
     * @param value its value
     * @return the new response
     * @throws IllegalArgumentException if the name or value is not {@linkplain Headers.Builder#add allowed}, or if the
     *     field is one that frames the message or controls the connection and so belongs to the server
     */
    public Response withHeader(String name, String value) {
        ServerFields.refuse(name);
        return withFields(FieldSection.builder().addAll(answer.fields()).set(name, value).build(),
                other -> other.withHeader(name, value));
    }

    /**
     * Returns this response with a further line, behind the others, also those of the same name.
     *
     * @param name a header name
     * @param value its value
     * @return the new response
     * @throws IllegalArgumentException as for {@link #withHeader}
     */
    public Response withAddedHeader(String name, String value) {
        ServerFields.refuse(name);
        return withFields(FieldSection.builder().addAll(answer.fields()).add(name, value).build(),
                other -> other.withAddedHeader(name, value));
    }

    /**
     * Returns this response without any line of that name.
     *
     * @param name a header name, in any case
     * @return the new response
     */
    public Response withoutHeader(String name) {
        return withFields(FieldSection.builder().addAll(answer.fields()).remove(name).build(),
                other -> other.withoutHeader(name));
    }

    /**
     * Returns this response with a further {@code Set-Cookie} line (RFC 6265 §4.1).
     *
     * @param cookie the cookie
     * @return the new response
     * @throws IllegalStateException if browsers drop a cookie with these attributes: one that is {@code SameSite=None},
     *     or whose name begins with {@code __Secure-} or {@code __Host-}, without {@code Secure}; or one that begins
     *     with {@code __Host-} with a domain or another path than {@code /}
     */
    public Response withCookie(Cookie cookie) {
        return withAddedHeader("Set-Cookie", cookie.toSetCookie());
    }

    /**
     * Returns this response with a further trailer line, which is sent behind its body when that is complete: a
     * checksum, say, or how long it took (RFC 9110 §6.5). The name is announced in the field {@code Trailer}. Only a
     * body in chunks has trailers, so an HTTP/1.0 client gets none; and as many clients drop them, nothing should
     * depend on them.
     *
     * @param name a header name
     * @param value makes the value, on the writer's thread and after it; null leaves the line out. If it throws, or the
     *     value is not {@linkplain Headers.Builder#add allowed}, the connection ends as if the writer had thrown
     * @return the new response
     * @throws IllegalArgumentException if the name is not allowed, or the field must not be a trailer: one that frames
     *     the message, says how to handle the response or describes the body (RFC 9110 §6.5.1)
     * @throws IllegalStateException if this response is not a {@linkplain #stream(String, BodyWriter) stream} of
     *     unknown length
     */
    public Response withTrailer(String name, Supplier<String> value) {
        Objects.requireNonNull(value, "value");
        if (!(answer.content() instanceof Content.Streamed streamed) || streamed.length() != Content.UNKNOWN_LENGTH) {
            throw new IllegalStateException("only a streamed body of unknown length has trailers, because only that is"
                    + " sent in chunks");
        }
        return new Response(answer.status(), answer.fields(), new Content.Streamed(streamed.length(),
                streamed.producer(), streamed.trailers().with(name, value)));
    }

    /**
     * Returns this response, to be sent only if its file is still what it was when it was looked up. The file is
     * compared when it is opened to be sent, before anything of the response is. If it is gone, too short or another
     * one by then, the other response is sent in its place, which may be of a file again, and on a condition of its
     * own; after three such responses in a row the client gets {@code 503 Service Unavailable} with {@code
     * Retry-After}.
     *
     * <p>So the header lines that describe a file (an entity tag, a length, a range) are never sent with the content of
     * another one. What is written to the file while it is sent can't be taken back; there the version of a file that
     * is replaced as a whole, by renaming, is the one that was opened.
     *
     * <p>What is done to this response afterwards, by a filter say, is done to the other one too: its status, header
     * lines and cookies are changed likewise. {@link #withoutBody()} ends the condition.
     *
     * @param version what the file was, of the same file system
     * @param otherwise makes the other response. Called on a virtual thread, so it may block, within the
     *     {@linkplain Limits#handlerTimeout() time} that a handler has; what it throws is treated as thrown by the
     *     handler, except that the exception handlers of routers do not see it
     * @return the new response
     * @throws IllegalStateException if this response is not one of a {@linkplain #file(Path) file}
     */
    public Response whileUnchanged(FileVersion version, Callable<Response> otherwise) {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(otherwise, "otherwise");
        if (!(answer.content() instanceof Content.FileRange range)) {
            throw new IllegalStateException("only a response made by file(...) can depend on a file");
        }
        return new Response(answer.status(), answer.fields(), new Content.FileRange(range.file(), range.position(),
                range.length(), new WhileUnchanged(version, otherwise)));
    }

    /** Returns this response with other fields, and the same done to the one that may take its place. */
    private Response withFields(FieldSection fields, UnaryOperator<Response> change) {
        return new Response(answer.status(), fields, content(change));
    }

    /** Returns the content, with something done to the response that may take its place. */
    private Content content(UnaryOperator<Response> change) {
        return answer.content() instanceof Content.FileRange range && range.expectation() instanceof WhileUnchanged other
                ? new Content.FileRange(range.file(), range.position(), range.length(), other.with(change))
                : answer.content();
    }

    // ---- looking at it, in a filter or a test

    /**
     * Returns the status.
     *
     * @return from 200 to 599
     */
    public int status() {
        return answer.status();
    }

    /**
     * Returns the header lines, without those that the server adds when it sends them.
     *
     * @return the lines
     */
    public Headers headers() {
        return new Headers(answer.fields());
    }

    /**
     * Returns the length of the body.
     *
     * @return bytes, or -1 if it is a stream of unknown length
     */
    public long bodyLength() {
        return answer.content().length();
    }

    /**
     * Returns the body: that of a file is read, that of a stream is written, each time. For tests and for filters.
     *
     * @return the bytes, a copy
     * @throws IOException if the file can't be read or has not the expected length, or the writer fails (its exception
     *     is the cause) or writes another length than it was said to
     */
    public byte[] bodyBytes() throws IOException {
        return ContentCopy.bytes(answer.content());
    }

    /**
     * Returns the body as text, decoded as UTF-8. For tests and for filters.
     *
     * @return the text; malformed input becomes U+FFFD
     * @throws IOException as for {@link #bodyBytes()}
     */
    public String bodyText() throws IOException {
        return new String(bodyBytes(), StandardCharsets.UTF_8);
    }

    /**
     * Writes the body somewhere else, for a filter that compresses or counts it.
     *
     * @param out takes the bytes; is not closed
     * @throws Exception if the file can't be read, the writer fails, or {@code out} does
     */
    public void writeBodyTo(OutputStream out) throws Exception {
        ContentCopy.write(answer.content(), out);
    }

    Answer answer() {
        return answer;
    }

    /** Returns the status, the header lines and the length of the body. */
    @Override
    public String toString() {
        return "Response[" + status() + ", " + headers().toString().replace("\n", ", ") + ", "
                + (bodyLength() < 0 ? "streamed" : bodyLength() + " bytes") + "]";
    }

    private static int requireStatus(int status) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("the status of a response is from 200 to 599, not " + status);
        }
        return status;
    }

    private static Content utf8(String text) {
        return new Content.Octets(text.getBytes(StandardCharsets.UTF_8));
    }
}
