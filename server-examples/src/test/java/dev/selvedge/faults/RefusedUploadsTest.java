package dev.selvedge.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who sends 64 MiB where 8 are allowed reads that it is too much, whatever client it is. */
@Tag("faults")
@Timeout(180)
class RefusedUploadsTest {

    private static final int UPLOAD = 64 << 20;
    private static final int ROUNDS = 8;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"epoll, false", "nio, false", "epoll, true", "nio, true"})
    void theRefusalIsRead(String transport, boolean blocking) throws Exception {
        byte[] body = new byte[UPLOAD];
        Path file = Files.write(directory.resolve("body"), body);
        try (Child child = Child.Settings.of(transport).withBlocking(blocking).withHeap("64m").start()) {
            int byHttpClient = 0;
            int byCurl = 0;
            int bySocket = 0;
            for (int i = 0; i < ROUNDS; i++) {
                int round = i;
                byHttpClient += isRead(() -> httpClient(child, round, body));
                byCurl += isRead(() -> curl(child, round, file));
                bySocket += isRead(() -> socket(child, round, body));
            }
            child.figures("413 in a large upload", "%s handlers, read by HttpClient %d, curl %d, a socket that sends"
                    + " on %d times of %d", blocking ? "blocking" : "non-blocking", byHttpClient, byCurl, bySocket,
                    ROUNDS);
            assertEquals(List.of(ROUNDS, ROUNDS, ROUNDS), List.of(byHttpClient, byCurl, bySocket));
            child.awaitNoConnection(Duration.ofSeconds(10));
            assertEquals("", child.log());
        }
    }

    /** Returns 1 if the refusal was read, else 0, and says why. */
    private static int isRead(Callable<Integer> upload) throws Exception {
        try {
            assertEquals(413, upload.call());
            return 1;
        } catch (IOException | AssertionError e) {
            IO.println(e);
            return 0;
        }
    }

    /**
     * With and without {@code Expect}, with a length or in chunks. Once it was told to continue, this client sends all
     * before it reads: it sees a refusal because the rest is read away behind it.
     */
    private static int httpClient(Child child, int round, byte[] body) throws Exception {
        BodyPublisher publisher = round % 2 == 0 ? BodyPublishers.ofByteArray(body)
                : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + child.port() + "/echo"))
                    .POST(publisher).expectContinue(round % 4 > 1).timeout(Duration.ofSeconds(30)).build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    /** Without {@code Expect}, or with it, with a length or in chunks. */
    private static int curl(Child child, int round, Path file) throws Exception {
        Path curl = Path.of("/usr/bin/curl");
        Assumptions.assumeTrue(Files.isExecutable(curl), "there is no curl here");
        Process process = new ProcessBuilder(curl.toString(), "-s", "-o", "/dev/null", "-w", "%{http_code}",
                "-X", "POST", "-H", round % 4 > 1 ? "Expect: 100-continue" : "Expect:", "-H",
                round % 2 == 0 ? "X-Nothing: x" : "Transfer-Encoding: chunked", "-T", file.toString(),
                "http://127.0.0.1:" + child.port() + "/echo").redirectErrorStream(true).start();
        String status = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), "curl ended in an error, with status " + status);
        return Integer.parseInt(status);
    }

    /** Sends all that it has to send, whatever comes back, while another thread reads. */
    private static int socket(Child child, int round, byte[] body) throws Exception {
        try (Wire wire = new Wire(child.port())) {
            boolean chunked = round % 2 == 1;
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\n"
                    + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(UPLOAD) + "\r\n"
                    : "Content-Length: " + UPLOAD + "\r\n\r\n"));
            Thread sender = Thread.ofPlatform().start(() -> sendRegardless(wire, body));
            Wire.Reply reply = wire.read("POST");
            sender.join();
            assertTrue(reply.head().closes());
            return reply.status();
        }
    }

    private static void sendRegardless(Wire wire, byte[] body) {
        try {
            OutputStream out = wire.socket.getOutputStream();
            for (int i = 0; i < body.length; i += 1 << 16) {
                out.write(body, i, 1 << 16);
            }
        } catch (IOException e) {
            // the server has had enough
        }
    }
}
