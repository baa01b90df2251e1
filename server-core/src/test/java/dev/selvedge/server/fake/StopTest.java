package dev.selvedge.server.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Response;
import dev.selvedge.server.fake.FaultBench.Client;
import dev.selvedge.server.fake.FaultBench.Rest;
import dev.selvedge.server.fake.FaultBench.Saw;
import dev.selvedge.server.fake.wire.WireConnection;
import dev.selvedge.server.fake.wire.WireExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection ends exactly at the octet that a fault names, and in the way that it names. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopTest {

    private static final String WITH_LENGTH = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + FaultBench.STANDING + "Content-Length: 5\r\n\r\nhello";
    private static final String IN_CHUNKS = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + FaultBench.STANDING
            + "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n\r\n";

    private static FaultBench withLength() {
        return new FaultBench(FaultBench.steady(Response.text("hello")));
    }

    private static FaultBench inChunks() {
        return new FaultBench(FaultBench.steady(Response.stream("text/plain", out -> {
            writeFlushed(out, "one");
            writeFlushed(out, "three");
        })));
    }

    private static void writeFlushed(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void aResponseEndsAtEachOctet(Ending ending) throws IOException {
        try (FaultBench bench = withLength()) {
            for (int octets = 0; octets <= WITH_LENGTH.length(); octets++) {
                stopsAfter(bench, WITH_LENGTH, octets, ending);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void aResponseInChunksEndsAtEachOctet(Ending ending) throws IOException {
        try (FaultBench bench = inChunks()) {
            for (int octets = 0; octets <= IN_CHUNKS.length(); octets++) {
                stopsAfter(bench, IN_CHUNKS, octets, ending);
            }
        }
    }

    private static void stopsAfter(FaultBench bench, String response, int octets, Ending ending) throws IOException {
        bench.faults(Fault.stopAfter(octets, ending));
        try (Client client = bench.connect()) {
            client.send(FaultBench.REQUEST);
            String start = response.substring(0, octets);
            endsSo(bench, client, start, ending);
            WireExchange exchange = bench.connection(client).exchanges().getFirst();
            assertEquals(start, new String(exchange.responseOctets(), ISO_8859_1));
            assertEquals(octets == response.length(), exchange.responseComplete());
            assertEquals(FaultPlan.end(ending), exchange.ended());
        }
    }

    /** The client sees these octets and then the ending. */
    private static void endsSo(FaultBench bench, Client client, String octets, Ending ending) throws IOException {
        switch (ending) {
            case FIN -> {
                assertEquals(new Rest(octets, Saw.END), client.rest());
                FaultBench.await(bench.connection(client)::closed);
            }
            case RESET -> assertEquals(new Rest(octets, Saw.RESET), client.rest());
            case HALF_CLOSE -> {
                assertEquals(new Rest(octets, Saw.END), client.rest());
                goesOnReading(bench.connection(client), client);
            }
            case SILENCE -> {
                assertEquals(octets, client.receive(octets.length()));
                FaultBench.await(() -> bench.connection(client).ended() != null);
                assertTrue(client.silent());
                goesOnReading(bench.connection(client), client);
            }
        }
    }

    private static void goesOnReading(WireConnection connection, Client client) throws IOException {
        client.send("more");
        FaultBench.await(() -> new String(connection.strayOctets(), ISO_8859_1).equals("more"));
        client.socket.shutdownOutput();
        FaultBench.await(connection::closed);
    }

    @Test
    void aShorterResponseIsSentAsItIs() throws IOException {
        try (FaultBench bench = withLength(); Client client = bench.connect()) {
            bench.faults(Fault.stopAfter(WITH_LENGTH.length() + 1, Ending.RESET));
            for (int i = 0; i < 3; i++) {
                client.send(FaultBench.REQUEST);
                assertEquals(WITH_LENGTH, client.receive(WITH_LENGTH.length()));
            }
            assertEquals(null, bench.connection(client).ended());
        }
    }

    @Test
    void octetsAreCountedInEachResponse() throws IOException {
        try (FaultBench bench = withLength(); Client client = bench.connect()) {
            client.send(FaultBench.REQUEST);
            assertEquals(WITH_LENGTH, client.receive(WITH_LENGTH.length()));
            bench.faults(Fault.stopAfter(10, Ending.FIN));
            client.send(FaultBench.REQUEST);
            assertEquals(new Rest(WITH_LENGTH.substring(0, 10), Saw.END), client.rest());
            List<WireExchange> exchanges = bench.connection(client).exchanges();
            assertEquals(null, exchanges.get(0).ended());
            assertEquals(FaultPlan.end(Ending.FIN), exchanges.get(1).ended());
        }
    }

    @Test
    void pipelinedResponsesAreToldApart() throws IOException {
        try (FaultBench bench = new FaultBench(request -> {
            return FaultBench.steady(Response.text("hello"));
        }); Client client = bench.connect()) {
            bench.faults(Fault.stopAfter(WITH_LENGTH.length() + 1, Ending.RESET));
            client.send(FaultBench.REQUEST.repeat(5));
            assertEquals(WITH_LENGTH.repeat(5), client.receive(WITH_LENGTH.length() * 5));
            assertEquals(5, bench.connection(client).exchanges().size());
            for (WireExchange exchange : bench.connection(client).exchanges()) {
                assertEquals(WITH_LENGTH, new String(exchange.responseOctets(), ISO_8859_1));
                assertEquals(FaultBench.REQUEST, new String(exchange.requestOctets(), ISO_8859_1));
            }
        }
    }
}
