package dev.selvedge.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.selvedge.server.Response;
import dev.selvedge.server.fake.ConnectionFault;
import dev.selvedge.server.fake.Ending;
import dev.selvedge.server.fake.FakeServer;
import dev.selvedge.server.fake.Fault;
import dev.selvedge.server.fake.Malformed;
import dev.selvedge.server.fake.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Something that goes wrong, and the calls that meet it.
 *
 * @param name what it is, for the table
 * @param script tells the server
 * @param calls one after the other; the last one's outcome is what counts
 */
record Situation(String name, Consumer<FakeServer> script, List<Function<FakeServer, Call>> calls) {

    private static final Duration FOREVER = Duration.ofHours(1);

    private static final Response HELLO = Response.text("hello");

    /** The same with all its octets known, so that it can be cut where the name says. */
    private static final String OCTETS = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

    private static final int IN_HEAD = 20;
    private static final int IN_BODY = OCTETS.length() - 2;

    private static final Function<FakeServer, Call> GET = server -> Call.get(server.uri("/"));
    private static final Function<FakeServer, Call> POST =
            server -> Call.post(server.uri("/"), "data".getBytes(UTF_8));
    private static final Function<FakeServer, Call> UPLOAD =
            server -> Call.post(server.uri("/"), new byte[8 << 20]);
    private static final Function<FakeServer, Call> WAITING_POST =
            server -> Call.post(server.uri("/"), "data".getBytes(UTF_8)).expectingContinue();

    static List<Situation> all() {
        List<Situation> all = new ArrayList<>();
        addDelays(all);
        addEnds(all);
        addFaultsOfRequests(all);
        addFaultsOfConnections(all);
        for (Malformed malformed : Malformed.values()) {
            Reply reply = Reply.malformed(malformed);
            // slow enough for no client's memory to fill, and fast enough to meet every client's bound
            all.add(of(malformed.name(), malformed.repeated().length == 0 ? reply
                    : reply.with(Fault.throttleResponse(4_000_000)), GET));
        }
        return all;
    }

    private static void addDelays(List<Situation> all) {
        all.add(of("delay before the status line", Reply.of(HELLO).with(Fault.delayBeforeStatus(FOREVER)), GET));
        all.add(of("delay between head and body", Reply.of(HELLO).with(Fault.delayBeforeBody(FOREVER)), GET));
        all.add(of("delay between chunks", Reply.of(Response.stream("text/plain", out -> {
            out.write("hel".getBytes(UTF_8));
            out.flush();
            out.write("lo".getBytes(UTF_8));
        })).with(Fault.delayBetweenChunks(FOREVER)), GET));
        all.add(of("response at 20 octets a second", Reply.of(HELLO).with(Fault.throttleResponse(20)), GET));
        all.add(of("raw octets", Reply.raw(OCTETS), GET));
    }

    private static void addEnds(List<Situation> all) {
        for (Ending ending : Ending.values()) {
            all.add(of("no response, " + ending, Reply.raw(OCTETS).with(Fault.stopAfter(0, ending)), GET));
        }
        for (Ending ending : Ending.values()) {
            all.add(of("cut in the head, " + ending, Reply.raw(OCTETS).with(Fault.stopAfter(IN_HEAD, ending)), GET));
        }
        for (Ending ending : Ending.values()) {
            all.add(of("cut in the body, " + ending, Reply.raw(OCTETS).with(Fault.stopAfter(IN_BODY, ending)), GET));
        }
        for (Function<FakeServer, Call> call : List.of(GET, POST)) {
            all.add(new Situation("connection in use again, RESET, " + (call == GET ? "GET" : "POST"),
                    server -> server.on("/").respond(HELLO)
                            .then(Reply.of(HELLO).with(Fault.stopAfter(0, Ending.RESET))).then(HELLO),
                    List.of(GET, call)));
        }
        all.add(new Situation("closed when idle",
                server -> server.on("/").respond(Reply.of(HELLO).with(Fault.closeIdleAfter(Duration.ZERO))),
                List.of(GET, GET)));
    }

    private static void addFaultsOfRequests(List<Situation> all) {
        all.add(of("upload read slowly", Reply.of(HELLO).with(Fault.throttleRequest(1000)), UPLOAD));
        for (Ending ending : Ending.values()) {
            all.add(of("cut in the upload, " + ending, Reply.of(HELLO).with(Fault.stopRequestAfter(100_000, ending)),
                    UPLOAD));
        }
        all.add(of("no 100 Continue", Reply.of(HELLO).with(Fault.withoutContinue()), WAITING_POST));
    }

    private static void addFaultsOfConnections(List<Situation> all) {
        all.add(new Situation("connection refused", FakeServer::refuseConnections, List.of(GET)));
        all.add(of("delay before accept", ConnectionFault.delayAccept(FOREVER)));
        all.add(of("connection read slowly", ConnectionFault.throttleReceiving(20)));
        all.add(of("connection written slowly", ConnectionFault.throttleSending(20)));
        all.add(of("connection reset at once", ConnectionFault.stopReceivingAfter(0, Ending.RESET)));
        all.add(of("connection ends after 4 octets", ConnectionFault.stopSendingAfter(4, Ending.FIN)));
    }

    private static Situation of(String name, Reply reply, Function<FakeServer, Call> call) {
        return new Situation(name, server -> server.on("/").respond(reply), List.of(call));
    }

    private static Situation of(String name, ConnectionFault fault) {
        return new Situation(name, server -> server.onConnection(fault).on("/").respond(HELLO), List.of(GET));
    }

    @Override
    public String toString() {
        return name;
    }
}
