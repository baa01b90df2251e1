package dev.selvedge.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Response;
import dev.selvedge.server.fake.Ending;
import dev.selvedge.server.fake.FakeServer;
import dev.selvedge.server.fake.Fault;
import dev.selvedge.server.fake.Malformed;
import dev.selvedge.server.fake.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A fake server goes wrong at the very octet, on whatever transport is installed. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class FakeFaultRules {

    private static final int PATIENCE_MILLIS = 20_000;
    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nDate: " + DATE
            + "\r\nContent-Length: 5\r\n\r\nhello";
    private static final Response HELLO = Response.text("hello").withHeader("Date", DATE);
    private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private enum Saw { END, RESET, SILENCE }

    private record Seen(String octets, Saw saw) { }

    private final FakeServer server = FakeServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void aResponseEndsAtEachOctet(Ending ending) throws IOException {
        for (int octets = 0; octets <= OK.length(); octets++) {
            server.enqueue(Reply.of(HELLO).with(Fault.stopAfter(octets, ending)));
            try (Socket client = connect()) {
                send(client, GET);
                assertEquals(new Seen(OK.substring(0, octets), saw(ending)), seen(client, octets, ending));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void anUploadEndsAtEachOctet(Ending ending) throws IOException {
        String head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n";
        for (int octets = 0; octets <= head.length() + 10; octets++) {
            server.enqueue(Reply.of(HELLO).with(Fault.stopRequestAfter(octets, ending)));
            try (Socket client = connect()) {
                send(client, head + "0123456789");
                assertEquals(new Seen("", saw(ending)), seen(client, 0, ending));
            }
        }
    }

    @Test
    void faultsActTogether() throws IOException {
        int octets = OK.length() - 2;
        server.enqueue(Reply.of(HELLO).with(Fault.delayBeforeStatus(Duration.ofMillis(20)))
                .with(Fault.delayBeforeBody(Duration.ofMillis(20))).with(Fault.throttleResponse(2000))
                .with(Fault.stopAfter(octets, Ending.RESET)));
        try (Socket client = connect()) {
            long start = System.nanoTime();
            send(client, GET);
            assertEquals(new Seen(OK.substring(0, octets), Saw.RESET), seen(client, octets, Ending.RESET));
            assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(39));
        }
    }

    @ParameterizedTest
    @EnumSource(Malformed.class)
    void malformedResponsesAreSentOctetByOctet(Malformed malformed) throws IOException {
        String octets = new String(malformed.octets(), ISO_8859_1)
                + new String(malformed.repeated(), ISO_8859_1).repeat(1000);
        server.enqueue(Reply.malformed(malformed));
        try (Socket client = connect()) {
            send(client, GET);
            assertEquals(octets, new String(client.getInputStream().readNBytes(octets.length()), ISO_8859_1));
            if (malformed.ending().isPresent()) {
                assertEquals(-1, client.getInputStream().read());
            }
        }
    }

    @Test
    void connectionsAreRefusedAndClosedWhenIdle() throws IOException {
        server.on("/").respond(HELLO);
        try (Socket open = connect()) {
            server.refuseConnections();
            assertThrows(ConnectException.class, this::connect);
            send(open, GET);
            assertEquals(OK, new String(open.getInputStream().readNBytes(OK.length()), ISO_8859_1));
            server.closeIdleConnections();
            assertEquals(-1, open.getInputStream().read());
        }
        server.acceptConnections();
        try (Socket client = connect()) {
            send(client, GET);
            assertEquals(OK, new String(client.getInputStream().readNBytes(OK.length()), ISO_8859_1));
        }
    }

    private static Saw saw(Ending ending) {
        return switch (ending) {
            case FIN, HALF_CLOSE -> Saw.END;
            case RESET -> Saw.RESET;
            case SILENCE -> Saw.SILENCE;
        };
    }

    /** Reads so many octets, and what comes behind them. */
    private static Seen seen(Socket client, int octets, Ending ending) throws IOException {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try {
            seen.write(client.getInputStream().readNBytes(octets));
            if (ending == Ending.SILENCE && silent(client)) {
                return new Seen(seen.toString(ISO_8859_1), Saw.SILENCE);
            }
            client.getInputStream().transferTo(seen);
            return new Seen(seen.toString(ISO_8859_1), Saw.END);
        } catch (SocketException e) {
            return new Seen(seen.toString(ISO_8859_1), Saw.RESET);
        }
    }

    private static boolean silent(Socket client) throws IOException {
        client.setSoTimeout(5);
        try {
            return client.getInputStream().read() == Integer.MIN_VALUE;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            client.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port());
        client.setSoTimeout(PATIENCE_MILLIS);
        return client;
    }

    private static void send(Socket client, String octets) throws IOException {
        client.getOutputStream().write(octets.getBytes(ISO_8859_1));
    }
}
