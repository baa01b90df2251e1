package dev.selvedge.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.selvedge.server.Handler;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A site with a resource for each kind of answer, on the event loop and on threads. Texts name the query of the request
 * they answer, so that a test sees a response that is lost, doubled or out of order.
 */
final class HttpSite {

    static final int LARGE_BYTES = 300_000;
    static final String TEXT = "text/plain";

    private HttpSite() { }

    /** Returns the router, with files in a directory. */
    static Router in(Path directory) {
        Path file = directory.resolve("site-file");
        try {
            Files.write(file, large("file"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Router.builder()
                .get("/loop", Handler.nonBlocking(request -> Response.text("loop " + request.query().orElse(""))))
                .get("/thread", request -> Response.text("thread " + request.query().orElse("")))
                .get("/large", Handler.nonBlocking(request -> Response.bytes(TEXT, large(request.query().orElse("")))))
                .get("/thread/large", request -> Response.bytes(TEXT, large(request.query().orElse(""))))
                .get("/file", Handler.nonBlocking(request -> Response.file(file)))
                .get("/thread/file", request -> Response.file(TEXT, file, 1000, LARGE_BYTES - 1000))
                .get("/stream", request -> stream(request.query().orElse("")))
                .get("/loop/stream", Handler.nonBlocking(request -> stream(request.query().orElse(""))))
                .get("/exact", request -> Response.stream(TEXT, LARGE_BYTES,
                        out -> out.write(large(request.query().orElse("")))))
                .get("/status/{code}", Handler.nonBlocking(
                        request -> Response.status(Integer.parseInt(request.pathParameter("code")))))
                .get("/throws", request -> {
                    throw new IllegalStateException("on purpose");
                })
                .post("/echo", Handler.nonBlocking(request -> Response.bytes(TEXT, request.body().bytes())))
                .post("/thread/echo", request -> Response.bytes(TEXT, request.body().bytes()))
                .post("/ignore", request -> Response.text("ignored " + request.query().orElse("")))
                .post("/sum", request -> Response.text(sum(request.body().stream())))
                .build();
    }

    private static Response stream(String query) {
        byte[] content = large(query);
        return Response.stream(TEXT, out -> {
            int from = 0;
            for (int size = 1; from < content.length; size = 2 * size + 1) {
                int n = Math.min(size, content.length - from);
                out.write(content, from, n);
                from += n;
                if (size % 5 == 0) {
                    out.flush();
                }
            }
        });
    }

    /** Returns large content that no other query has. */
    static byte[] large(String query) {
        byte[] content = new byte[LARGE_BYTES];
        byte[] line = ("large " + query + "\n").getBytes(ISO_8859_1);
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (line[i % line.length] + i / 100_000);
        }
        return content;
    }

    /** Reads a body as it comes and returns its length and a check sum. */
    static String sum(InputStream in) throws IOException {
        byte[] buffer = new byte[5000];
        long length = 0;
        int sum = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            length += n;
            sum = update(sum, buffer, n);
        }
        return length + " " + sum;
    }

    static String sum(byte[] octets) {
        return octets.length + " " + update(0, octets, octets.length);
    }

    private static int update(int sum, byte[] octets, int length) {
        int updated = sum;
        for (int i = 0; i < length; i++) {
            updated = 31 * updated + octets[i];
        }
        return updated;
    }
}
