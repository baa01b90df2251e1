package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.selvedge.server.http1.DrivenConnection.Plan;
import java.nio.file.Path;

/**
 * A site with one resource for each kind of answer. Each says which request it answers, so that a test sees a response
 * that is lost, doubled or out of order.
 */
final class SampleSite {

    static final int LARGE_BYTES = 40_000;
    static final int FILE_BYTES = 30_000;
    static final long MAX_BODY_BYTES = 5_000;

    private static final FieldSection TEXT = FieldSection.builder().add("Content-Type", "text/plain").build();

    private SampleSite() { }

    static Plan plan(RequestHead head) {
        String path = head.target().split("\\?", 2)[0];
        boolean reads = head.target().contains("blocking");
        return new Plan(reads, MAX_BODY_BYTES, (request, body) -> answer(path, request, body));
    }

    private static Answer answer(String path, RequestHead head, DrivenConnection.Body body) {
        return switch (path) {
            case "/echo" -> {
                byte[] octets = body.all();
                yield octets == null ? new Answer(400, FieldSection.EMPTY, Content.NONE) : octets(200, octets);
            }
            case "/204" -> new Answer(204, FieldSection.EMPTY, Content.NONE);
            case "/205" -> new Answer(205, FieldSection.EMPTY, Content.NONE);
            case "/304" -> octets(304, text(head).getBytes(ISO_8859_1));
            case "/large" -> octets(200, large(head));
            case "/file", "/copied" -> new Answer(200, TEXT, new Content.FileRange(Path.of(path), 7, FILE_BYTES));
            case "/stream" -> streamed(Content.UNKNOWN_LENGTH, large(head));
            case "/exact" -> streamed(LARGE_BYTES, large(head));
            default -> octets(200, text(head).getBytes(ISO_8859_1));
        };
    }

    static String text(RequestHead head) {
        return "you asked " + head.method() + " " + head.target();
    }

    static byte[] large(RequestHead head) {
        return large(head.method() + " " + head.target());
    }

    static byte[] large(String line) {
        return ("you asked " + line + "\n").repeat(LARGE_BYTES).substring(0, LARGE_BYTES).getBytes(ISO_8859_1);
    }

    static Answer octets(int status, byte[] octets) {
        return new Answer(status, TEXT, new Content.Octets(octets));
    }

    /** Writes in pieces of different sizes, with a flush in the middle. */
    static Answer streamed(long length, byte[] octets) {
        return new Answer(200, TEXT, new Content.Streamed(length, out -> {
            int from = 0;
            for (int size = 1; from < octets.length; size = 3 * size + 1) {
                int n = Math.min(size, octets.length - from);
                out.write(octets, from, n);
                from += n;
                if (size == 13) {
                    out.flush();
                }
            }
        }));
    }

    static byte fileOctet(long position) {
        return (byte) ('a' + position % 23);
    }

    static String file() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < FILE_BYTES; i++) {
            text.append((char) fileOctet(7 + i));
        }
        return text.toString();
    }

    /** Returns whether the file is sent by itself, and not by way of the output. */
    static boolean isSent(Content.FileRange file) {
        return file.file().equals(Path.of("/file"));
    }
}
